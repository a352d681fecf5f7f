import { Refused } from '../frame/problems.ts';
import { randomText } from '../frame/random.ts';
import { toCommon, toScores, toWholeResult } from './to-payload.ts';
import type { CompanyTest, LiveInterview, Reminder, SessionResult, Suspicion, TestSession } from './types.ts';
import { type CodesignalWorld, isIncomplete, linkOf, testOf } from './world.ts';

const ID = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTWXYZ23456789';
const EXPIRES_AFTER_MS = 14 * 24 * 3_600_000;

export interface NewSession {
  testId: string;
  via: TestSession['via'];
  email?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  noInvitationEmail?: boolean | null;
  preferExisting?: boolean | null;
  customDurationMs?: number | null;
  expireDurationMs?: number | null;
  externalId?: string | null;
  redirectUrl?: string | null;
  reminders?: Reminder[] | null;
  integrations?: TestSession['integrations'];
}

/** What can happen in a CodeSignal company. Each act changes the world and tells the webhooks that are documented for it. */
export function createActs(world: CodesignalWorld) {
  const { random, now, tell } = world;
  const newId = () => randomText(random, 17, ID);

  const writeMail = (session: TestSession, what: string, subject: string, links: string[]) => {
    if (session.email === null) return;
    world.mails.send({ to: session.email, what, subject, message: null, links });
  };

  const invite = (session: TestSession) =>
    writeMail(session, 'invitation', `You are invited to take ${testOf(world, session.testId).title}`, [linkOf(world, session)]);

  const requireStatus = ({ status }: TestSession, ...allowed: TestSession['status'][]) => {
    if (!allowed.includes(status)) throw new Refused(`Test session is ${status}`);
  };

  const checkReminders = (testId: string, reminders: readonly Reminder[]) => {
    const { reminderTemplates } = testOf(world, testId);
    for (const { templateName, timeBeforeExpiration } of reminders) {
      if (!reminderTemplates.includes(templateName)) throw new Refused(`Email template ${templateName} not found`);
      if (timeBeforeExpiration <= 0) throw new Refused('timeBeforeExpiration must be positive');
    }
  };

  const add = (wanted: NewSession & { testId: string }): TestSession => {
    const session: TestSession = {
      ...{ id: newId(), testId: wanted.testId, key: randomText(random, 32), via: wanted.via },
      ...{ email: wanted.email ?? null, firstName: wanted.firstName ?? null, lastName: wanted.lastName ?? null },
      ...{ status: 'pending', statusBefore: null, createDate: now(), startDate: null, finishDate: null },
      expirationDate: now() + (wanted.expireDurationMs ?? EXPIRES_AFTER_MS),
      customDurationMs: wanted.customDurationMs ?? null,
      externalId: wanted.externalId ?? null,
      redirectUrl: wanted.redirectUrl ?? null,
      reminders: wanted.reminders ?? [],
      labels: [],
      integrations: wanted.integrations ?? null,
      ...{ result: null, verification: null, rejectionReasons: [] },
      integrityReview: { finalized: false, suggested: null },
      ...{ retakeId: null, reactivated: null },
    };
    world.sessions.push(session);
    tell('companyTestSessionCreated', toCommon(world, session));
    return session;
  };

  const again = ({ testId, email, firstName, lastName, externalId, customDurationMs, integrations }: TestSession) => {
    return add({ testId, via: 'person', email, firstName, lastName, externalId, customDurationMs, integrations });
  };

  /** Of a proctored test nothing is "finished": it waits to be verified. */
  const conclude = (session: TestSession) => {
    session.status = 'over';
    if (testOf(world, session.testId).proctored) {
      session.verification = 'pending';
      tell('preScreenResultVerificationPending', { ...toCommon(world, session, true), ...toScores(world, session) });
    } else tell('companyTestSessionFinished', { ...toCommon(world, session), ...toWholeResult(world, session) });
  };

  const expire = (session: TestSession) => {
    requireStatus(session, 'pending');
    session.status = 'expired';
    tell('preScreenExpired', { ...toCommon(world, session, true), expiredReason: 'testNotTaken' });
  };

  const tellTest = (event: 'assessmentCreated' | 'assessmentUpdated', { id, title }: CompanyTest, assessmentStatus: string) =>
    tell(event, { assessmentId: id, assessmentTitle: title, assessmentStatus });

  return {
    createTest(wanted: Omit<CompanyTest, 'id' | 'createDate' | 'archived'>): CompanyTest {
      const test = { ...wanted, id: newId(), createDate: now(), archived: false };
      world.tests.set(test.id, test);
      tellTest('assessmentCreated', test, 'active');
      return test;
    },

    archiveTest(test: CompanyTest, archived: boolean): void {
      test.archived = archived;
      tellTest('assessmentUpdated', test, archived ? 'archived' : 'active');
    },

    deleteTest(test: CompanyTest): void {
      world.tests.delete(test.id);
      tellTest('assessmentUpdated', test, 'deleted');
    },

    /** The candidate is written to unless the caller says not to. `preferExisting`: an incomplete one is handed out again. @throws NotThere, Refused */
    createSession(wanted: NewSession): TestSession {
      const test = testOf(world, wanted.testId);
      if (test.archived) throw new Refused('Test is archived');
      if (!wanted.email && !wanted.noInvitationEmail) throw new Refused('candidateEmail is required to send an invitation email');
      for (const duration of [wanted.customDurationMs, wanted.expireDurationMs])
        if (typeof duration === 'number' && duration <= 0) throw new Refused('A duration must be positive');
      checkReminders(test.id, wanted.reminders ?? []);
      const email = wanted.email?.toLowerCase();
      const isSame = (one: TestSession) => one.testId === test.id && one.email?.toLowerCase() === email && isIncomplete(one);
      const existing = wanted.preferExisting && email !== undefined ? world.sessions.findLast(isSame) : undefined;
      if (existing) return existing;
      const session = add(wanted);
      if (!wanted.noInvitationEmail) invite(session);
      return session;
    },

    resend(session: TestSession): void {
      requireStatus(session, 'pending');
      if (session.email === null) throw new Refused('Test session has no candidate email');
      invite(session);
    },

    deleteSession(session: TestSession, sendNotificationEmail: boolean): void {
      if (session.status === 'deleted' || session.status === 'deletedForPii')
        throw new Refused(`Test session is ${session.status}`);
      session.status = 'deleted';
      if (sendNotificationEmail) writeMail(session, 'cancellation', 'Your invitation was withdrawn', []);
    },

    /** Later only. */
    extend(session: TestSession, expirationDate: number): void {
      requireStatus(session, 'pending');
      if (!Number.isInteger(expirationDate)) throw new Refused('expirationDate is not a timestamp');
      if (expirationDate <= session.expirationDate) throw new Refused('The expiration date can only be extended');
      session.expirationDate = expirationDate;
    },

    changeDuration(session: TestSession, durationMs: number): void {
      requireStatus(session, 'pending', 'active', 'gracePeriod');
      if (durationMs <= 0) throw new Refused('customDuration must be positive');
      session.customDurationMs = durationMs;
    },

    setReminders(session: TestSession, reminders: Reminder[]): void {
      requireStatus(session, 'pending');
      checkReminders(session.testId, reminders);
      session.reminders = reminders;
    },

    /** A new session for who did not come in time. Whether they are written to by default is not public: here they are not. */
    reactivate(session: TestSession, sendNotificationEmail: boolean): TestSession {
      requireStatus(session, 'expired');
      if (session.reactivated) throw new Refused('Test session was reactivated before');
      const fresh = again(session);
      if (sendNotificationEmail) invite(fresh);
      session.reactivated = { newSessionId: fresh.id, reactivationDate: now() };
      return fresh;
    },

    archiveSession(session: TestSession): void {
      requireStatus(session, 'over', 'expired', 'declined', 'pending');
      Object.assign(session, { statusBefore: session.status, status: 'archived' });
    },

    unarchiveSession(session: TestSession): void {
      requireStatus(session, 'archived');
      Object.assign(session, { status: session.statusBefore, statusBefore: null });
    },

    /** A person scores one task anew. No webhook tells of it. */
    grade(session: TestSession, { taskId, score }: { taskId: string; score: number }): void {
      requireStatus(session, 'over');
      const result = session.result?.tasks.find((one) => one.taskId === taskId);
      const task = testOf(world, session.testId).tasks.find(({ id }) => id === taskId);
      if (!result || !task) throw new Refused('Task not found in the result');
      if (score < 0 || score > task.maxScore) throw new Refused(`score must be from 0 to ${task.maxScore}`);
      result.score = score;
    },

    start(session: TestSession): void {
      requireStatus(session, 'pending');
      Object.assign(session, { status: 'active', startDate: now() });
      tell('companyTestSessionStarted', toCommon(world, session));
    },

    /** The time is up, what was written can still be handed in. */
    enterGracePeriod(session: TestSession): void {
      requireStatus(session, 'active');
      session.status = 'gracePeriod';
    },

    submit(session: TestSession, { result, processing }: { result: SessionResult; processing: boolean }): void {
      requireStatus(session, 'active', 'gracePeriod');
      Object.assign(session, { result, finishDate: now(), status: 'finalizing' });
      if (!processing) conclude(session);
    },

    finishProcessing(session: TestSession): void {
      requireStatus(session, 'finalizing');
      conclude(session);
    },

    /** The candidate hands in a result that they earned elsewhere. */
    share(session: TestSession, result: SessionResult): void {
      requireStatus(session, 'pending');
      Object.assign(session, { result, startDate: now(), finishDate: now(), status: 'over' });
      tell('preScreenResultShared', { ...toCommon(world, session, true), ...toWholeResult(world, session) });
    },

    decline(session: TestSession): void {
      requireStatus(session, 'pending');
      session.status = 'declined';
      tell('preScreenCandidateDeclined', toCommon(world, session, true));
    },

    expire,

    /** What the clock does by itself: invitations that nobody took in time. */
    lapse(): void {
      for (const session of world.sessions) if (session.status === 'pending' && session.expirationDate <= now()) expire(session);
    },

    verify(session: TestSession): void {
      if (session.verification !== 'pending') throw new Refused('Test session does not wait to be verified');
      session.verification = 'verified';
      tell('preScreenResultVerified', { ...toCommon(world, session), ...toWholeResult(world, session) });
    },

    /** `technical`: nobody's fault, so a retake is given by itself. */
    reject(session: TestSession, { reasons, technical }: { reasons: string[]; technical: boolean }): void {
      if (session.verification !== 'pending') throw new Refused('Test session does not wait to be verified');
      Object.assign(session, { verification: 'notVerified', rejectionReasons: reasons });
      tell('preScreenResultNotVerified', { ...toCommon(world, session), rejectedReasons: reasons });
      if (!technical) return;
      const retake = again(session);
      session.retakeId = retake.id;
      invite(retake);
    },

    /** Not certified, and the time for another attempt is over. */
    expireUncertified(session: TestSession): void {
      if (session.verification !== 'notVerified') throw new Refused('Test session was not rejected');
      session.status = 'expired';
      const { rejectionReasons: rejectedReasons } = session;
      tell('preScreenExpired', { ...toCommon(world, session, true), expiredReason: 'notCertified', rejectedReasons });
    },

    /** CodeSignal has looked at how the work was done. Told for tests that are not proctored. */
    reviewIntegrity(session: TestSession, { suggested, suspicion }: { suggested: boolean; suspicion: Suspicion }): void {
      if (!session.result) throw new Refused('There is no result');
      for (const task of session.result.tasks) task.suspicion = suspicion;
      session.integrityReview = { finalized: true, suggested };
      if (testOf(world, session.testId).proctored) return;
      tell('preScreenIntegrityReviewUpdated', { ...toCommon(world, session), integrityReviewSuggested: suggested });
    },

    eraseForPii(session: TestSession): void {
      Object.assign(session, { status: 'deletedForPii', email: null, firstName: null, lastName: null, result: null });
    },

    createInterview(wanted: Partial<Pick<LiveInterview, 'candidateEmail' | 'candidateName'>>): LiveInterview {
      const { candidateEmail = null, candidateName = null } = wanted;
      const dates = { startDate: null, finishDate: null };
      const interview: LiveInterview = { id: newId(), candidateEmail, candidateName, status: 'pending', ...dates, feedback: [] };
      world.interviews.push(interview);
      return interview;
    },

    deleteInterview(interview: LiveInterview): void {
      world.interviews.splice(world.interviews.indexOf(interview), 1);
    },

    finishInterview(interview: LiveInterview): void {
      if (interview.status === 'over') throw new Refused('The interview is over');
      Object.assign(interview, { status: 'over', startDate: interview.startDate ?? now(), finishDate: now() });
      const { id: interviewId, candidateEmail, candidateName, startDate, finishDate: endDate } = interview;
      const url = `${world.pagesOrigin}/client-dashboard/interviews?status=over&liveInterviewId=${interviewId}`;
      const counts = { questionsSolved: 1, questionsAttempted: 2 };
      tell('liveInterviewFinished', { interviewId, candidateName, candidateEmail, startDate, endDate, ...counts, url });
    },

    giveFeedback(interview: LiveInterview, feedback: LiveInterview['feedback'][number]): void {
      interview.feedback = [feedback];
      tell('liveInterviewFeedbackUpdated', { interviewId: interview.id, interviewerId: 'qcmbuCuxpHELGYEJw', feedback });
    },
  };
}

export type CodesignalActs = ReturnType<typeof createActs>;
