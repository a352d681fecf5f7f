import * as z from 'zod';
import { tagCandidate, untagCandidate } from '../acts/people.ts';
import { toActor } from './call.ts';
import { notFound, unprocessable } from './errors.ts';
import { toAppliedTagJson, toTagJson } from './lists/tag-lists.ts';
import { defineWrite, emptyAnswer, needCandidate } from './write.ts';

const id = z.int().positive();

export const candidateTagWrite = defineWrite({
  method: 'post',
  path: '/candidate_tags',
  scope: 'harvest:candidate_tags:create',
  body: z.strictObject({ name: z.string().min(1) }),
  run({ world }, { name }) {
    // Inferred: a second tag of the same name is refused.
    if (world.tags.list((tag) => tag.name === name).length > 0) throw unprocessable({ name: 'has already been taken' });
    return Response.json(toTagJson(world.tags.add({ name })), { status: 201 });
  },
});

export const appliedCandidateTagWrite = defineWrite({
  method: 'post',
  path: '/applied_candidate_tags',
  scope: 'harvest:applied_candidate_tags:create',
  body: z.strictObject({ candidate_id: id, candidate_tag_id: id }),
  run(call, body) {
    needCandidate(call, body.candidate_id, 'candidate_id');
    const wanted = { candidateId: body.candidate_id, tagId: body.candidate_tag_id };
    return Response.json(toAppliedTagJson(tagCandidate(call.world, toActor(call), wanted)), { status: 201 });
  },
});

export const appliedCandidateTagRemoval = defineWrite({
  method: 'delete',
  path: '/applied_candidate_tags/:id',
  scope: 'harvest:applied_candidate_tags:destroy',
  body: null,
  run(call, _body, appliedTagId) {
    const row = call.world.appliedTags.find(appliedTagId);
    if (!row) throw notFound();
    needCandidate(call, row.candidateId);
    untagCandidate(call.world, toActor(call), { appliedTagId });
    return emptyAnswer();
  },
});
