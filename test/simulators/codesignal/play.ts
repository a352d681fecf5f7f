import { z } from 'zod';
import { command } from '../frame/command.ts';
import { randomText } from '../frame/random.ts';
import type { CodesignalActs } from './acts.ts';
import { toResult } from './to-result.ts';
import { EVENTS, SUSPICIONS } from './types.ts';
import type { CodesignalWebhooks } from './webhooks.ts';
import { type CodesignalWorld, interviewOf, sessionOf, testOf } from './world.ts';

const who = z.strictObject({ sessionId: z.string() });
const share = z.coerce.number().min(0).max(1).default(0.8);
const interview = z.strictObject({ interviewId: z.string() });
const nothing = z.strictObject({}).default({});
const taskSchema = z.strictObject({ id: z.string(), title: z.string(), maxScore: z.number().int().positive() });
const TASKS = [
  { id: 'task-rate-limiter', title: 'Rate limiter', maxScore: 300 },
  { id: 'task-slow-report', title: 'Slow report', maxScore: 300 },
];

/** What candidates, auditors and the people of the company do at CodeSignal. Everything is written to the journal as an act. */
export function createPlay(world: CodesignalWorld, acts: CodesignalActs, hooks: CodesignalWebhooks) {
  const note = (what: string, input: unknown) =>
    world.journal.add({ simulator: 'codesignal', kind: 'act', what, status: null, detail: { input } });
  const noted = <S extends z.ZodType, R>(what: string, schema: S, run: (input: z.output<S>) => R) =>
    command(schema, (input) => {
      const result = run(input);
      note(what, input);
      return result;
    });
  /** An act on one session. */
  const onSession = (what: string, run: (session: ReturnType<typeof sessionOf>) => void) =>
    noted(what, who, ({ sessionId }) => run(sessionOf(world, sessionId)));

  return {
    createTest: noted(
      'create test',
      z.strictObject({
        title: z.string().min(1),
        durationMs: z.coerce
          .number()
          .int()
          .positive()
          .default(70 * 60_000),
        labels: z.array(z.string()).default([]),
        scoreRangeLabels: z
          .array(
            z.strictObject({
              label: z.string(),
              scoreRange: z.strictObject({ min: z.number().nullable(), max: z.number().nullable() }),
            }),
          )
          .default([]),
        reminderTemplates: z.array(z.string()).default(['Default']),
        tasks: z.array(taskSchema).default(TASKS),
        proctored: z.boolean().default(false),
      }),
      acts.createTest,
    ),
    archiveTest: noted(
      'archive test',
      z.strictObject({ testId: z.string(), archived: z.boolean().default(true) }),
      ({ testId, archived }) => acts.archiveTest(testOf(world, testId), archived),
    ),
    deleteTest: noted('delete test', z.strictObject({ testId: z.string() }), ({ testId }) =>
      acts.deleteTest(testOf(world, testId)),
    ),
    /** From the dashboard or by an ATS's own integration, past our API. The candidate is written to. */
    invite: noted(
      'invite',
      z.strictObject({
        testId: z.string(),
        email: z.email(),
        firstName: z.string().nullable().default(null),
        lastName: z.string().nullable().default(null),
        integrations: z
          .strictObject({
            greenhouseCandidateId: z.string().optional(),
            greenhouseApplicationId: z.string().optional(),
            leverOpportunityId: z.string().optional(),
          })
          .nullable()
          .default(null),
      }),
      (wanted) => acts.createSession({ ...wanted, via: 'person' }),
    ),
    start: onSession('start', (session) => {
      acts.lapse();
      acts.start(session);
    }),
    enterGracePeriod: onSession('grace period', acts.enterGracePeriod),
    submit: noted(
      'submit',
      who.extend({ share, processing: z.boolean().default(false) }),
      ({ sessionId, processing, ...input }) => {
        const session = sessionOf(world, sessionId);
        acts.submit(session, { result: toResult(world.random, testOf(world, session.testId), input.share), processing });
      },
    ),
    finishProcessing: onSession('result ready', acts.finishProcessing),
    share: noted('share result', who.extend({ share }), ({ sessionId, ...input }) => {
      const session = sessionOf(world, sessionId);
      acts.share(session, toResult(world.random, testOf(world, session.testId), input.share));
    }),
    decline: onSession('decline', acts.decline),
    expire: onSession('expire', acts.expire),
    /** From the dashboard. The candidate is written to. */
    reactivate: onSession('reactivate', (session) => void acts.reactivate(session, true)),
    cancel: onSession('cancel', (session) => acts.deleteSession(session, true)),
    verify: onSession('verify', acts.verify),
    reject: noted(
      'reject',
      who.extend({ reasons: z.array(z.string()).default(['Screen not visible']), technical: z.boolean().default(false) }),
      ({ sessionId, ...input }) => acts.reject(sessionOf(world, sessionId), input),
    ),
    expireUncertified: onSession('expire uncertified', acts.expireUncertified),
    reviewIntegrity: noted(
      'review integrity',
      who.extend({ suggested: z.boolean().default(true), suspicion: z.enum(SUSPICIONS).default('high') }),
      ({ sessionId, ...input }) => acts.reviewIntegrity(sessionOf(world, sessionId), input),
    ),
    regrade: noted('regrade', who.extend({ taskId: z.string(), score: z.coerce.number().int() }), ({ sessionId, ...input }) =>
      acts.grade(sessionOf(world, sessionId), input),
    ),
    eraseForPii: onSession('erase', acts.eraseForPii),
    finishInterview: noted('finish interview', interview, ({ interviewId }) =>
      acts.finishInterview(interviewOf(world, interviewId)),
    ),
    giveFeedback: noted(
      'give feedback',
      interview.extend({
        generalNotes: z.string().default(''),
        recommendedLevel: z.string().optional(),
        overallEvaluation: z.string().optional(),
      }),
      ({ interviewId, ...feedback }) => acts.giveFeedback(interviewOf(world, interviewId), feedback),
    ),
    /** In the dashboard: the address is probed and must answer 200. Rejects when it does not. */
    registerEndpoint: command(
      z.strictObject({
        url: z.url(),
        events: z.array(z.enum(EVENTS)).default([...EVENTS]),
        secret: z.string().min(1).nullable().default(null),
        headers: z.record(z.string(), z.string()).default({}),
      }),
      async ({ secret, ...wanted }) => {
        const hook = await hooks.register({ ...wanted, secret });
        note('register endpoint', wanted);
        return { id: hook.id };
      },
    ),
    /** Probed again; healthy from now on. */
    updateEndpoint: command(
      z.strictObject({
        id: z.coerce.number().int(),
        url: z.url().optional(),
        events: z.array(z.enum(EVENTS)).optional(),
        secret: z.string().min(1).optional(),
      }),
      async ({ id, secret, ...change }) => {
        await hooks.update(id, { ...change, ...(secret === undefined ? {} : { secret }) });
        note('update endpoint', { id, ...change });
      },
    ),
    /** The old key is worth nothing any more. Answers the new one. */
    rotateKey: noted('rotate key', nothing, () => {
      world.apiKey = randomText(world.random, 48);
      return world.apiKey;
    }),
  };
}

export type CodesignalPlay = ReturnType<typeof createPlay>;
