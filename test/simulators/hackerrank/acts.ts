import { NotThere, Refused } from '../frame/problems.ts';
import { randomText } from '../frame/random.ts';
import type { HackerrankCandidate, HackerrankInterview, HackerrankTest, HackerrankWork } from './types.ts';
import { type HackerrankWorld, isInviteValid, linkOf, testOf } from './world.ts';

const DIGITS = '0123456789';

type Changeable = Pick<
  HackerrankCandidate,
  | 'fullName'
  | 'atsState'
  | 'validFrom'
  | 'validTo'
  | 'metadata'
  | 'evaluatorEmail'
  | 'finishUrl'
  | 'resultUrl'
  | 'authentication'
  | 'takesUpdates'
  | 'tags'
  | 'additionalTimePercent'
>;

export interface NewInvitation extends Partial<Changeable> {
  email: string;
  via: HackerrankCandidate['via'];
  /** The default of the documents is false: the caller gets a link and the candidate gets nothing. */
  sendEmail?: boolean;
  subject?: string | null;
  message?: string | null;
  force?: boolean;
  forceReattempt?: boolean;
}

/** What can happen in a HackerRank account. Each act changes the world and tells the result webhook where the documents say so. */
export function createActs(world: HackerrankWorld) {
  const { random, now } = world;

  const writeMail = (candidate: HackerrankCandidate, { subject, message }: Pick<NewInvitation, 'subject' | 'message'>) => {
    const test = testOf(world, candidate.testId);
    // To a draft nobody can be let in: the third party that saw this found no e-mail.
    if (candidate.email === null || test.draft) return;
    world.mails.send({
      to: candidate.email,
      what: 'invitation',
      subject: subject ?? `You are invited to ${test.name}`,
      message: message ?? null,
      links: [linkOf(world, candidate)],
    });
    candidate.isMailed = true;
  };

  const create = ({ id: testId }: HackerrankTest, { email, via, ...wanted }: NewInvitation): HackerrankCandidate => ({
    id: randomText(random, 8, DIGITS),
    testId,
    email,
    via,
    loginKey: randomText(random, 40),
    authKey: randomText(random, 24),
    state: 'invited',
    isCancelled: false,
    isReportDeleted: false,
    fullName: wanted.fullName ?? null,
    atsState: wanted.atsState ?? 0,
    validFrom: wanted.validFrom ?? null,
    validTo: wanted.validTo ?? null,
    metadata: wanted.metadata ?? null,
    evaluatorEmail: wanted.evaluatorEmail ?? null,
    finishUrl: wanted.finishUrl ?? null,
    resultUrl: wanted.resultUrl ?? null,
    authentication: wanted.authentication ?? null,
    takesUpdates: wanted.takesUpdates ?? false,
    tags: wanted.tags ?? [],
    additionalTimePercent: wanted.additionalTimePercent ?? null,
    isMailed: false,
    invitedAt: now(),
    startedAt: null,
    endedAt: null,
    work: null,
    integrity: { status: null, summary: null },
    feedback: null,
    comments: null,
    outOfWindow: { events: 0, seconds: 0 },
    pastes: 0,
    proctorImages: [],
    pdfCalls: 0,
  });

  const tellUpdate = (candidate: HackerrankCandidate) => {
    if (candidate.takesUpdates && candidate.state === 'scored') world.tellResult(candidate);
  };

  const finish = (candidate: HackerrankCandidate) => {
    candidate.state = 'scored';
    world.tellResult(candidate);
  };

  return {
    createTest(wanted: Omit<HackerrankTest, 'id' | 'uniqueId' | 'createdAt'>): HackerrankTest {
      const id = randomText(random, 6, DIGITS);
      const test = { ...wanted, id, uniqueId: randomText(random, 11), createdAt: now() };
      world.tests.set(id, test);
      return test;
    },

    /**
     * One candidate. Invited before: refused unless `force`; attempted before: refused unless `forceReattempt`, which makes a new
     * candidate and keeps the old attempt (inferred: the documents do not say what becomes of it). @throws Refused
     */
    invite(test: HackerrankTest, wanted: NewInvitation): HackerrankCandidate {
      if (test.archived) throw new Refused('Test is archived');
      if (test.draft && (world.settings.draftInvites === 'refuse' || wanted.via === 'person'))
        throw new Refused('Candidates can only be invited for published tests');
      const email = wanted.email.toLowerCase();
      const before = world.candidates.findLast(
        (one) => one.testId === test.id && one.email?.toLowerCase() === email && !one.isCancelled,
      );
      if (before && before.state !== 'invited' && !wanted.forceReattempt)
        throw new Refused('Candidate has already attempted the test');
      if (before?.state === 'invited' && !wanted.force) throw new Refused('Candidate has already been invited to the test');
      const candidate = before?.state === 'invited' ? before : create(test, wanted);
      if (candidate === before) Object.assign(candidate, toChange(wanted));
      else world.candidates.push(candidate);
      if (wanted.sendEmail) writeMail(candidate, wanted);
      return candidate;
    },

    update(candidate: HackerrankCandidate, change: Partial<Changeable>): void {
      const before = candidate.atsState;
      Object.assign(candidate, change);
      if (candidate.atsState !== before && world.settings.tellsAtsState) tellUpdate(candidate);
    },

    /** The candidate may begin no more. @throws Refused when they have begun, NotThere when it was taken back before */
    cancel(candidate: HackerrankCandidate): void {
      if (candidate.isCancelled) throw new NotThere('invite does not exist');
      if (candidate.state !== 'invited') throw new Refused('Candidate has already attempted the test');
      candidate.isCancelled = true;
    },

    /** The window of the invitation closes now. No webhook tells of it. */
    expire(candidate: HackerrankCandidate): void {
      candidate.validTo = now();
    },

    start(candidate: HackerrankCandidate): void {
      if (candidate.state !== 'invited') throw new Refused(`The test is ${candidate.state}`);
      if (!isInviteValid(world, candidate)) throw new Refused('This invitation is not valid');
      Object.assign(candidate, { state: 'started', startedAt: now() });
    },

    /** Handed in, or the time is up. `processing`: the report comes later. */
    submit(candidate: HackerrankCandidate, { work, processing }: { work: HackerrankWork; processing: boolean }): void {
      if (candidate.state !== 'started') throw new Refused(`The test is ${candidate.state}`);
      const { cutoffScore } = testOf(world, candidate.testId);
      Object.assign(candidate, { state: 'submitted', work, endedAt: now() });
      // Documented: with a cutoff the candidate is put into "Qualified" or "Failed" by itself.
      if (cutoffScore !== null) candidate.atsState = work.score >= cutoffScore ? 2 : 3;
      if (!processing) finish(candidate);
    },

    finishProcessing(candidate: HackerrankCandidate): void {
      if (candidate.state !== 'submitted') throw new Refused(`The test is ${candidate.state}`);
      finish(candidate);
    },

    /** Scored again, looked at again, or told something: sent again to those who take updates. */
    revise(
      candidate: HackerrankCandidate,
      change: Partial<Pick<HackerrankCandidate, 'work' | 'integrity' | 'feedback' | 'comments' | 'pastes' | 'outOfWindow'>>,
    ): void {
      if (candidate.state !== 'scored') throw new Refused(`The test is ${candidate.state}`);
      Object.assign(candidate, change);
      tellUpdate(candidate);
    },

    /** Of a scored test. @throws NotThere */
    deleteReport(candidate: HackerrankCandidate): void {
      if (candidate.state !== 'scored' || candidate.isReportDeleted) throw new NotThere('report does not exist');
      candidate.isReportDeleted = true;
    },

    createInterview(wanted: Partial<HackerrankInterview> & Pick<HackerrankInterview, 'title'>): HackerrankInterview {
      const interview: HackerrankInterview = {
        ...{ from: null, to: null, notes: null, resumeUrl: null, interviewers: [], resultUrl: null, candidate: null },
        ...{ metadata: {}, templateId: null, feedback: null, thumbsUp: null, endedAt: null, status: 'new' },
        ...wanted,
        id: randomText(random, 6, DIGITS),
        createdAt: now(),
        updatedAt: now(),
      };
      world.interviews.push(interview);
      return interview;
    },

    mailInterview({ id, title, candidate }: HackerrankInterview): void {
      if (!candidate) return;
      const links = [`https://www.hackerrank.com/paper/${id}`];
      world.mails.send({ to: candidate.email, what: 'interview', subject: title, message: null, links });
    },

    endInterview(interview: HackerrankInterview, change: Partial<Pick<HackerrankInterview, 'feedback' | 'thumbsUp'>>): void {
      if (interview.status === 'ended') throw new Refused('The interview has ended');
      Object.assign(interview, change, { status: 'ended', endedAt: now(), updatedAt: now() });
      world.tellInterview(interview);
    },

    /** Documented to be told for an interview that is over. */
    rateInterview(interview: HackerrankInterview, change: Partial<Pick<HackerrankInterview, 'feedback' | 'thumbsUp'>>): void {
      Object.assign(interview, change, { updatedAt: now() });
      if (interview.status === 'ended') world.tellInterview(interview);
    },
  };
}

/** What a repeated invitation says anew; what it does not name stays. */
function toChange({ email: _email, via: _via, ...wanted }: NewInvitation): Partial<Changeable> {
  const { sendEmail: _send, subject: _subject, message: _message, force: _force, forceReattempt: _again, ...change } = wanted;
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

export type HackerrankActs = ReturnType<typeof createActs>;
