import { Refused } from '../frame/problems.ts';
import { randomText } from '../frame/random.ts';
import type { PartnerInterview, PartnerTest } from './types.ts';
import { linkOf, type PartnerWorld, testOf } from './world.ts';

type NewInterview = Pick<PartnerInterview, 'testId' | 'candidate' | 'sentBy' | 'callbackUrl'>;

/** What can happen at the partner. The protocol knows completion alone: of nothing else is anybody told. */
export function createActs(world: PartnerWorld) {
  const { random, now } = world;

  const writeMail = (interview: PartnerInterview, what: string) => {
    const { name } = testOf(world, interview.testId);
    const { email } = interview.candidate;
    world.mails.send({ to: email, what, subject: `Your assessment: ${name}`, message: null, links: [linkOf(world, interview)] });
  };

  const requireState = ({ state }: PartnerInterview, ...allowed: PartnerInterview['state'][]) => {
    if (!allowed.includes(state)) throw new Refused(`interview is ${state}`);
  };

  const complete = (interview: PartnerInterview) => {
    interview.state = 'complete';
    world.tellCompleted(interview);
  };

  return {
    createTest({ name }: Pick<PartnerTest, 'name'>): PartnerTest {
      const test = { id: randomText(random, 5, '0123456789'), name, archived: false };
      world.tests.set(test.id, test);
      return test;
    },

    /** The candidate is always written to: the protocol has no word against it. @throws NotThere, Refused */
    send(wanted: NewInterview): PartnerInterview {
      testOf(world, wanted.testId);
      const email = wanted.candidate.email.toLowerCase();
      const before = world.interviews.findLast(
        (one) => one.testId === wanted.testId && one.candidate.email.toLowerCase() === email,
      );
      if (before && world.settings.repeat === 'refuse') throw new Refused('test has already been sent to this candidate');
      if (before && world.settings.repeat === 'same') {
        writeMail(before, 'reminder');
        return before;
      }
      const interview: PartnerInterview = {
        ...wanted,
        // Never a leading nought: as a number it would be another id.
        id: randomText(random, 1, '123456789') + randomText(random, 7, '0123456789'),
        key: randomText(random, 32),
        ...{ state: 'sent', score: null, metadata: {}, sentAt: now(), startedAt: null, completedAt: null },
      };
      world.interviews.push(interview);
      writeMail(interview, 'invitation');
      return interview;
    },

    start(interview: PartnerInterview): void {
      requireState(interview, 'sent');
      Object.assign(interview, { state: 'started', startedAt: now() });
    },

    /** Handed in. `processing`: people still look at it. */
    submit(interview: PartnerInterview, { score, processing }: { score: number; processing: boolean }): void {
      requireState(interview, 'started');
      Object.assign(interview, { state: 'submitted', score, completedAt: now() });
      if (!processing) complete(interview);
    },

    finishProcessing(interview: PartnerInterview): void {
      requireState(interview, 'submitted');
      complete(interview);
    },

    /** Scored again, or something to say came late, as doubts about integrity. Told once more. */
    revise(interview: PartnerInterview, change: Partial<Pick<PartnerInterview, 'score' | 'metadata'>>): void {
      requireState(interview, 'complete');
      Object.assign(interview, change);
      world.tellCompleted(interview);
    },

    /** At the partner's own pages; the protocol cannot say it. */
    end(interview: PartnerInterview, state: 'expired' | 'declined' | 'cancelled'): void {
      requireState(interview, 'sent', 'started');
      interview.state = state;
    },
  };
}

export type PartnerActs = ReturnType<typeof createActs>;
