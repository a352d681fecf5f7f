import { z } from 'zod';
import { command } from '../frame/command.ts';
import type { CoderbyteActs } from './acts.ts';
import { toWork } from './to-work.ts';
import { OPERATIONS } from './types.ts';
import { assessmentOf, type CoderbyteWorld, invitationOf } from './world.ts';

const who = z.strictObject({ assessmentId: z.string(), email: z.string() });
const score = z.coerce.number().int().min(0).max(100);
const thumb = z.enum(['thumb_up', 'thumb_down']);
const admin = z.string().default('hiring@northwind.example');
const url = z.url().nullable().optional();

/** What candidates and the people of the organisation do at Coderbyte. Everything is written to the journal as an act. */
export function createPlay(world: CoderbyteWorld, acts: CoderbyteActs) {
  const noted = <S extends z.ZodType, R>(what: string, schema: S, run: (input: z.output<S>) => R) =>
    command(schema, (input) => {
      const result = run(input);
      world.journal.add({ simulator: 'coderbyte', kind: 'act', what, status: null, detail: { input } });
      return result;
    });

  return {
    createAssessment: noted(
      'create assessment',
      z.strictObject({
        name: z.string().min(1),
        type: z.enum(['test', 'take-home project', 'live interview']).default('test'),
        minutes: z.coerce.number().int().positive().nullable().default(null),
      }),
      acts.createAssessment,
    ),
    /** It is gone, or there again. */
    archiveAssessment: noted(
      'archive assessment',
      z.strictObject({ assessmentId: z.string(), archived: z.boolean().default(true) }),
      ({ assessmentId, archived }) => {
        assessmentOf(world, assessmentId).archived = archived;
      },
    ),
    deleteAssessment: noted('delete assessment', z.strictObject({ assessmentId: z.string() }), ({ assessmentId }) => {
      world.assessments.delete(assessmentOf(world, assessmentId).id);
    }),
    /** From the dashboard, past the API. */
    invite: noted('invite', who.extend({ name: z.string().nullable().default(null) }), (wanted) =>
      acts.invite({ ...wanted, via: 'person' }),
    ),
    cancel: noted('cancel', who, (input) => acts.cancel(invitationOf(world, input))),
    expire: noted('expire', who, (input) => acts.expire(invitationOf(world, input))),
    start: noted('start', who, (input) => acts.start(invitationOf(world, input))),
    /** `processing`: the webhook says `report_ready: false`, and the report comes with `finishProcessing`. */
    submit: noted(
      'submit',
      who.extend({
        finalScore: score.default(82),
        cheated: z.boolean().default(false),
        minutes: z.coerce.number().int().nullable().default(54),
        timeExpired: z.boolean().default(false),
        processing: z.boolean().default(false),
      }),
      ({ assessmentId, email, timeExpired, processing, ...work }) =>
        acts.submit(invitationOf(world, { assessmentId, email }), { work: toWork(work), timeExpired, processing }),
    ),
    finishProcessing: noted('finish processing', who, (input) => acts.finishProcessing(invitationOf(world, input))),
    score: noted('score', who.extend({ finalScore: score }), ({ finalScore, ...input }) =>
      acts.changeWork(invitationOf(world, input), { finalScore }),
    ),
    flag: noted('flag', who.extend({ cheated: z.boolean().default(true) }), ({ cheated, ...input }) =>
      acts.changeWork(invitationOf(world, input), { cheated }),
    ),
    thumb: noted('thumb', who.extend({ recommendation: thumb, admin }), ({ recommendation, admin, ...input }) =>
      acts.review(invitationOf(world, input), { trigger: 'recommendation', recommendation, admin }),
    ),
    comment: noted('comment', who.extend({ comment: z.string(), admin }), ({ comment, admin, ...input }) =>
      acts.review(invitationOf(world, input), { trigger: 'comment', comment, admin }),
    ),
    finishInterview: noted(
      'finish interview',
      who.extend({ recommendation: thumb.nullable().default(null), comment: z.string().default(''), admin }),
      ({ assessmentId, email, ...review }) => acts.finishInterview(invitationOf(world, { assessmentId, email }), review),
    ),
    /** "Edit webhooks" in the API settings: one address per event; null forgets it. */
    setWebhooks: noted(
      'set webhooks',
      z.strictObject({ candidate_joined: url, assessment_completed: url, scorecard_updated: url, interview_completed: url }),
      (urls) => {
        for (const operation of OPERATIONS) {
          const wanted = urls[operation];
          if (wanted === null) world.webhookUrls.delete(operation);
          else if (wanted !== undefined) world.webhookUrls.set(operation, wanted);
        }
      },
    ),
    /** The webhooks' signature changes at the same moment. Answers the new key. */
    rotateKey: noted('rotate key', z.strictObject({}).default({}), () => {
      world.apiKey = world.text(40);
      return world.apiKey;
    }),
  };
}

export type CoderbytePlay = ReturnType<typeof createPlay>;
