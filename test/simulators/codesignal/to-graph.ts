import { type Page, toPage } from './page.ts';
import type { CompanyTest, LiveInterview, Task, TaskResult, TestSession } from './types.ts';
import { type CodesignalWorld, linkOf, maxScoreOf, resultUrlOf, scoreOf } from './world.ts';

const REJECTION_TEXTS: Record<string, string> = { 'Screen not visible': 'The shared screen could not be seen all the time.' };

/** A test as the schema shows it; what leads on to other things is made when it is asked for. */
export function toTest(world: CodesignalWorld, { id, title, durationMs, labels, scoreRangeLabels }: CompanyTest) {
  const sessions = () => world.sessions.filter(({ testId }) => testId === id);
  return {
    ...{ id, title, labels, scoreRangeLabels },
    introMessage: `Welcome to ${title}.`,
    outroMessage: 'Thank you.',
    duration: durationMs,
    emailSubject: `You are invited to take ${title}`,
    emailMessage: null,
    testSession(input: { id: string }) {
      const found = sessions().find((one) => one.id === input.id);
      return found ? toSession(world, found) : null;
    },
    testSessions: (page: Page) => toPage(sessions(), page).map((session) => toSession(world, session)),
  };
}

/** A session as the schema shows it. The external id is not in it. */
export function toSession(world: CodesignalWorld, session: TestSession): Record<string, unknown> {
  const { id, email, firstName, lastName, status, integrityReview, rejectionReasons, retakeId } = session;
  const test = world.tests.get(session.testId);
  const tasks = (test?.tasks ?? []).map(toTask);
  const retake = world.sessions.find((one) => one.id === retakeId);
  return {
    id,
    test: () => (test ? toTest(world, test) : null),
    status,
    testTaker: { email, firstName, lastName },
    maxScore: maxScoreOf(world, session),
    createDate: session.createDate,
    startDate: session.startDate,
    expirationDate: session.expirationDate,
    finishDate: session.finishDate,
    result: toResult(world, session),
    tasks,
    taskCount: tasks.length,
    task: ({ taskId }: { taskId?: string | null }) => tasks.find(({ task }) => task.id === taskId) ?? null,
    invitationUrl: linkOf(world, session),
    labels: session.labels,
    integrations: session.integrations,
    customDuration: session.customDurationMs,
    emailReminders: session.reminders,
    reactivatedSession: session.reactivated,
    verificationStatus: session.verification,
    verificationRejectionReasons:
      session.verification !== 'notVerified'
        ? null
        : rejectionReasons.map((name) => ({ name, description: REJECTION_TEXTS[name] ?? name })),
    integrityReviewFinalized: integrityReview.finalized,
    // Documented for tests that are not proctored alone.
    integrityReviewSuggested: test?.proctored ? null : integrityReview.suggested,
    postSessionRedirectUrl: session.redirectUrl,
    retakeSession: () => (retake ? toSession(world, retake) : null),
  };
}

/** Scores are there as soon as the candidate has handed in, also while they are verified. Not while they are made. */
function toResult(world: CodesignalWorld, session: TestSession) {
  const { result, status } = session;
  if (!result || status === 'finalizing') return null;
  const tasks = world.tests.get(session.testId)?.tasks ?? [];
  const taskResults = result.tasks.map((one) => toTaskResult(world, one, tasks));
  return {
    score: scoreOf(session),
    solvedTaskCount: result.tasks.filter(({ solveTimeMs }) => solveTimeMs > 0).length,
    url: resultUrlOf(world, session),
    versionedCodingScore:
      result.codingScore === null
        ? null
        : { version: 'codingScore2023', value: result.codingScore, skillAreas: [{ name: 'Problem Solving', label: 'Advanced' }] },
    // The first model's range, 300 to 850; a company that has the second one is told null.
    codingScore: null,
    totalTimeClosed: 0,
    taskResults,
    taskResult: ({ taskId }: { taskId?: string | null }) =>
      taskResults.find(({ sessionTask }) => sessionTask.task?.id === taskId) ?? null,
  };
}

function toTaskResult({ pagesOrigin }: CodesignalWorld, result: TaskResult, tasks: readonly Task[]) {
  const { taskId, score, solveTimeMs, timeSpentMs, suspicion } = result;
  const task = tasks.find(({ id }) => id === taskId);
  return {
    sessionTask: task ? toTask(task) : { maxScore: 0, task: null },
    score,
    replayUrl: `${pagesOrigin}/replay/${taskId}`,
    solveTime: solveTimeMs,
    timeSpent: timeSpentMs,
    timeOpen: timeSpentMs,
    integrityReport: { status: suspicion === null ? 'pending' : 'ready', suspicionScore: suspicion },
  };
}

function toTask({ id, title, maxScore }: Task) {
  return { maxScore, task: { __typename: 'StandardTask', id, title, overviewType: 'coding', labels: [], maxScore } };
}

export function toInterview({ pagesOrigin }: CodesignalWorld, interview: LiveInterview) {
  const { feedback, ...rest } = interview;
  return { ...rest, interviewersFeedback: feedback, url: `${pagesOrigin}/live-interview/${interview.id}` };
}
