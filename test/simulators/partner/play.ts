import { z } from 'zod';
import { command } from '../frame/command.ts';
import { NotThere } from '../frame/problems.ts';
import { randomText } from '../frame/random.ts';
import type { PartnerActs } from './acts.ts';
import { interviewOf, type PartnerWorld } from './world.ts';

const who = z.strictObject({ interviewId: z.string() });
const score = z.coerce.number();

/** What candidates and the people of the partner do. Everything is written to the journal as an act. */
export function createPlay(world: PartnerWorld, acts: PartnerActs) {
  const noted = <S extends z.ZodType, R>(what: string, schema: S, run: (input: z.output<S>) => R) =>
    command(schema, (input) => {
      const result = run(input);
      world.journal.add({ simulator: 'partner', kind: 'act', what, status: null, detail: { input } });
      return result;
    });
  const ending = (state: 'expired' | 'declined' | 'cancelled') =>
    noted(state, who, ({ interviewId }) => acts.end(interviewOf(world, interviewId), state));

  return {
    createTest: noted('create test', z.strictObject({ name: z.string().min(1) }), acts.createTest),
    /** It is in no list any more, and nobody can be sent it. */
    archiveTest: noted(
      'archive test',
      z.strictObject({ testId: z.string(), archived: z.boolean().default(true) }),
      ({ testId, archived }) => {
        const test = world.tests.get(testId);
        if (!test) throw new NotThere('test not found');
        test.archived = archived;
      },
    ),
    /** From the partner's own pages, past the API. */
    invite: noted('invite', z.strictObject({ testId: z.string(), email: z.email() }), ({ testId, email }) => {
      const candidate = { firstName: 'Invited', lastName: 'Outside', preferredName: null, email, profileUrl: '' };
      return acts.send({ testId, candidate, sentBy: null, callbackUrl: null });
    }),
    start: noted('start', who, ({ interviewId }) => acts.start(interviewOf(world, interviewId))),
    submit: noted(
      'submit',
      who.extend({ score: score.default(81), processing: z.boolean().default(false) }),
      ({ interviewId, ...input }) => acts.submit(interviewOf(world, interviewId), input),
    ),
    finishProcessing: noted('report ready', who, ({ interviewId }) => acts.finishProcessing(interviewOf(world, interviewId))),
    regrade: noted('regrade', who.extend({ score }), ({ interviewId, ...input }) =>
      acts.revise(interviewOf(world, interviewId), input),
    ),
    /** Whatever this server tells besides: feedback, doubts about integrity, anything in free text. */
    addMetadata: noted(
      'add metadata',
      who.extend({
        name: z.string().default('Integrity'),
        value: z.union([z.string(), z.number(), z.boolean(), z.null()]).default('Suspicious'),
      }),
      ({ interviewId, name, value }) => {
        const interview = interviewOf(world, interviewId);
        acts.revise(interview, { metadata: { ...interview.metadata, [name]: value } });
      },
    ),
    expire: ending('expired'),
    decline: ending('declined'),
    cancel: ending('cancelled'),
    /** The old key is worth nothing any more. Answers the new one. */
    rotateKey: noted('rotate key', z.strictObject({}).default({}), () => {
      world.apiKey = randomText(world.random, 40);
      return world.apiKey;
    }),
  };
}

export type PartnerPlay = ReturnType<typeof createPlay>;
