import { Hono } from 'hono';
import { z } from 'zod';
import type { LeverComment, LeverNote } from '../types.ts';
import type { LeverApi, LeverApiEnv, LeverContext } from './api-env.ts';
import { badRequest, forbidden, notFound } from './api-error.ts';
import { permit } from './authenticate.ts';
import { getOpportunity, readActor, readPerformAs } from './find-visible.ts';
import { readBody } from './read-body.ts';
import { LeverQuery } from './read-query.ts';
import { toNote } from './to-answer.ts';
import { PAGE_PARAMETERS, toPage } from './to-page.ts';

const score = z.number().int().min(1).max(4);
const comment = { value: z.string().min(1), score: score.optional(), createdAt: z.number().int().optional() };
const options = { secret: z.boolean().optional(), notifyFollowers: z.boolean().optional() };
const newNoteSchema = z.strictObject({ ...comment, ...options });
const wholeNoteSchema = z.strictObject({ values: z.array(z.strictObject(comment)).min(1), score: score.optional(), ...options });

/** `/opportunities/:opportunity/notes`. A POST sent twice makes two notes: nothing here recognises a repeat. */
export function noteRoutes(api: LeverApi): Hono<LeverApiEnv> {
  const { account, nowMs, random, settings } = api;
  const read = permit('notes:read');
  const write = permit('notes:write');
  const app = new Hono<LeverApiEnv>();

  const getNote = (opportunityId: string, noteId: string): LeverNote => {
    const note = account.notes.get(noteId);
    if (note?.opportunityId !== opportunityId) throw notFound('notes', noteId);
    return note;
  };

  const ensureOwn = (note: LeverNote) => {
    if (!note.createdByApi) throw forbidden('Only notes created through the API can be changed through it');
    return note;
  };

  const toComment = (given: { value: string; score?: number; createdAt?: number }, stage: string, user: string | null) => {
    const createdAt = given.createdAt ?? nowMs();
    if (createdAt > nowMs()) throw badRequest('createdAt must be in the past');
    return { createdAt, score: given.score ?? null, stage, user, value: given.value } satisfies LeverComment;
  };

  const noteOf = (c: LeverContext) => getNote(getOpportunity(api, c).id, c.req.param('note') ?? '');

  app.get('/', read, (c) => {
    const opportunity = getOpportunity(api, c);
    const query = new LeverQuery(c, { once: PAGE_PARAMETERS });
    const { rows, ...next } = toPage({
      rows: [...account.notes.values()].filter(({ opportunityId }) => opportunityId === opportunity.id),
      query,
      acceptDoubleEncodedOffset: settings.acceptDoubleEncodedOffset,
      // Inferred: the newest first.
      keyOf: (note) => [note.createdAt, note.id],
      descending: [true],
    });
    return c.json({ data: rows.map(toNote), ...next });
  });

  app.get('/:note', read, (c) => c.json({ data: toNote(noteOf(c)) }));

  app.post('/', write, async (c) => {
    const opportunity = getOpportunity(api, c);
    const query = new LeverQuery(c, { once: ['perform_as', 'note_id'] });
    const user = readPerformAs(api, query);
    const body = await readBody(c, newNoteSchema);
    const added = toComment(body, opportunity.stage, user);
    const threadId = query.text('note_id');
    const note: LeverNote =
      threadId === undefined
        ? {
            id: random.uuid(),
            opportunityId: opportunity.id,
            comments: [],
            user,
            secret: body.secret ?? false,
            createdAt: added.createdAt,
            createdByApi: true,
          }
        : getNote(opportunity.id, threadId);
    note.comments.push(added);
    account.notes.set(note.id, note);
    opportunity.lastInteractionAt = nowMs();
    return c.json({ data: { ...toNote(note), noteId: note.id } }, 201);
  });

  app.put('/:note', write, async (c) => {
    const note = ensureOwn(noteOf(c));
    const user = readActor(api, c);
    const { values, secret } = await readBody(c, wholeNoteSchema);
    const opportunity = getOpportunity(api, c);
    note.comments = values.map((value) => toComment(value, opportunity.stage, user ?? note.user));
    note.secret = secret ?? note.secret;
    opportunity.updatedAt = nowMs();
    return c.json({ data: { noteId: note.id } });
  });

  app.delete('/:note', write, (c) => {
    readActor(api, c);
    account.notes.delete(ensureOwn(noteOf(c)).id);
    return c.body(null, 204);
  });
  return app;
}
