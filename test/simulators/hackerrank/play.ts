import { z } from 'zod';
import { command } from '../frame/command.ts';
import { randomText } from '../frame/random.ts';
import type { HackerrankActs } from './acts.ts';
import { toWork } from './to-work.ts';
import { candidateOf, type HackerrankWorld, interviewOf, testOf } from './world.ts';

const who = z.strictObject({ candidateId: z.string() });
const score = z.coerce.number().min(0);
const interview = z.strictObject({ interviewId: z.string() });
const thumbs = { feedback: z.string().optional(), thumbsUp: z.coerce.number().int().min(0).max(1).optional() };

/** What candidates and the people of the account do at HackerRank. Everything is written to the journal as an act. */
export function createPlay(world: HackerrankWorld, acts: HackerrankActs) {
  const noted = <S extends z.ZodType, R>(what: string, schema: S, run: (input: z.output<S>) => R) =>
    command(schema, (input) => {
      const result = run(input);
      world.journal.add({ simulator: 'hackerrank', kind: 'act', what, status: null, detail: { input } });
      return result;
    });

  return {
    createTest: noted(
      'create test',
      z.strictObject({
        name: z.string().min(1),
        minutes: z.coerce.number().int().positive().default(60),
        cutoffScore: z.coerce.number().nullable().default(null),
        maxScore: z.coerce.number().positive().default(100),
        tags: z.array(z.string()).default([]),
        languages: z.array(z.string()).nullable().default(null),
        draft: z.boolean().default(false),
        locked: z.boolean().default(false),
        archived: z.boolean().default(false),
        /** In another account. */
        foreign: z.boolean().default(false),
      }),
      acts.createTest,
    ),
    changeTest: noted(
      'change test',
      z.strictObject({
        testId: z.string(),
        name: z.string().optional(),
        draft: z.boolean().optional(),
        locked: z.boolean().optional(),
        archived: z.boolean().optional(),
        cutoffScore: z.coerce.number().nullable().optional(),
      }),
      ({ testId, ...change }) => void Object.assign(testOf(world, testId), change),
    ),
    deleteTest: noted('delete test', z.strictObject({ testId: z.string() }), ({ testId }) => {
      world.tests.delete(testOf(world, testId).id);
    }),
    /** From the dashboard, past the API: the candidate is written to, and no result webhook is set. */
    invite: noted(
      'invite',
      z.strictObject({ testId: z.string(), email: z.email(), fullName: z.string().nullable().default(null) }),
      ({ testId, ...wanted }) => acts.invite(testOf(world, testId), { ...wanted, via: 'person', sendEmail: true }),
    ),
    cancel: noted('cancel', who, ({ candidateId }) => acts.cancel(candidateOf(world, candidateId))),
    expire: noted('expire', who, ({ candidateId }) => acts.expire(candidateOf(world, candidateId))),
    start: noted('start', who, ({ candidateId }) => acts.start(candidateOf(world, candidateId))),
    submit: noted(
      'submit',
      who.extend({ score: score.default(82), processing: z.boolean().default(false) }),
      ({ candidateId, processing, ...input }) => {
        const candidate = candidateOf(world, candidateId);
        acts.submit(candidate, { work: toWork(testOf(world, candidate.testId), input.score), processing });
      },
    ),
    finishProcessing: noted('report ready', who, ({ candidateId }) => acts.finishProcessing(candidateOf(world, candidateId))),
    regrade: noted('regrade', who.extend({ score }), ({ candidateId, ...input }) => {
      const candidate = candidateOf(world, candidateId);
      acts.revise(candidate, { work: toWork(testOf(world, candidate.testId), input.score) });
    }),
    /** HackerRank looks at how the work was done, often after the score. */
    judgeIntegrity: noted(
      'judge integrity',
      who.extend({
        status: z.string().nullable().default('High'),
        summary: z.string().nullable().default('Copied code was found'),
      }),
      ({ candidateId, ...integrity }) => acts.revise(candidateOf(world, candidateId), { integrity }),
    ),
    /** The candidate says how it was. */
    giveFeedback: noted('give feedback', who.extend({ feedback: z.string() }), ({ candidateId, feedback }) =>
      acts.revise(candidateOf(world, candidateId), { feedback }),
    ),
    /** `email` of live rows may be null. */
    hideEmail: noted('hide e-mail', who, ({ candidateId }) => {
      candidateOf(world, candidateId).email = null;
    }),
    deleteReport: noted('delete report', who, ({ candidateId }) => acts.deleteReport(candidateOf(world, candidateId))),
    startInterview: noted('start interview', interview, ({ interviewId }) => {
      interviewOf(world, interviewId).status = 'active';
    }),
    endInterview: noted('end interview', interview.extend(thumbs), ({ interviewId, ...change }) =>
      acts.endInterview(interviewOf(world, interviewId), change),
    ),
    rateInterview: noted('rate interview', interview.extend(thumbs), ({ interviewId, ...change }) =>
      acts.rateInterview(interviewOf(world, interviewId), change),
    ),
    /** The old key is worth nothing any more. Answers the new one. */
    rotateKey: noted('rotate key', z.strictObject({}).default({}), () => {
      world.apiKey = randomText(world.random, 64);
      return world.apiKey;
    }),
  };
}

export type HackerrankPlay = ReturnType<typeof createPlay>;
