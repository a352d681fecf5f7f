import { NotThere, Refused } from '../frame/problems.ts';
import type { CodesignalActs } from './acts.ts';
import { type Page, toPage } from './page.ts';
import { toInterview, toSession, toTest } from './to-graph.ts';
import type { Reminder, TestSession } from './types.ts';
import { type CodesignalWorld, interviewOf, sessionOf, testOf } from './world.ts';

interface SessionFields {
  testId: string;
  candidateFirstName?: string | null;
  candidateLastName?: string | null;
  candidateEmail?: string | null;
  noInvitationEmail?: boolean | null;
  preferExisting?: boolean | null;
  emailReminders?: Reminder[] | null;
  customDuration?: number | null;
  expireDuration?: number | null;
  externalId?: string | null;
  postSessionRedirectUrl?: string | null;
}

interface TestFilter extends Page {
  companyId?: string | null;
  ids?: string[] | null;
  titleSearchText?: string | null;
  labels?: string[] | null;
  sortBy?: 'title' | 'createDate' | null;
  sortDirection?: 'asc' | 'desc' | null;
}

/** What can be asked. */
export function createQueries(world: CodesignalWorld) {
  /** Null or an error, as it is set. */
  const find = <T, R>(read: () => T, show: (found: T) => R): R | null => {
    try {
      return show(read());
    } catch (error) {
      if (error instanceof NotThere && world.settings.missing === 'null') return null;
      throw error;
    }
  };
  const show = (session: TestSession) => toSession(world, session);

  return {
    companyTests({ first, offset, ids, titleSearchText, labels, sortBy, sortDirection, companyId }: TestFilter) {
      if (companyId && companyId !== 'northwind') throw new Refused('Access Denied');
      const found = [...world.tests.values()].filter(
        (test) =>
          !test.archived &&
          (!ids || ids.includes(test.id)) &&
          (!labels || labels.every((label) => test.labels.includes(label))) &&
          test.title.toLowerCase().includes((titleSearchText ?? '').toLowerCase()),
      );
      const by = sortBy ?? 'title';
      const sorted = found.sort((a, b) => (by === 'title' ? a.title.localeCompare(b.title) : a.createDate - b.createDate));
      const rows = sortDirection === 'desc' ? sorted.reverse() : sorted;
      const tests = toPage(rows, { first, offset });
      const hasNextPage = (offset ?? 0) + tests.length < rows.length;
      return { totalCount: rows.length, tests: tests.map((test) => toTest(world, test)), pageInfo: { hasNextPage } };
    },
    companyTest: ({ id }: { id: string }) =>
      find(
        () => testOf(world, id),
        (test) => toTest(world, test),
      ),
    companyTestSession: ({ id }: { id: string }) => find(() => sessionOf(world, id), show),
    companyTestSessions({ companyTestId, ids, ...page }: Page & { companyTestId: string; ids?: string[] | null }) {
      const { id } = testOf(world, companyTestId);
      const found = world.sessions.filter((one) => one.testId === id && (!ids || ids.includes(one.id)));
      // Documented: by finish date, the latest first. Where the unfinished stand is not.
      return toPage(
        found.toSorted((a, b) => (b.finishDate ?? 0) - (a.finishDate ?? 0)),
        page,
      ).map(show);
    },
    atsCompanyTestSessions({ id, idType }: { id: string; idType: 'greenhouseApplicationId' | 'greenhouseCandidateId' }) {
      return world.sessions.filter(({ integrations }) => integrations?.[idType] === id).map(show);
    },
    liveInterview: ({ liveInterviewId: id }: { liveInterviewId: string }) =>
      find(
        () => interviewOf(world, id),
        (interview) => toInterview(world, interview),
      ),
    liveInterviews({ candidateEmail, ...page }: Page & { candidateEmail?: string | null }) {
      const wanted = candidateEmail?.toLowerCase();
      const found = world.interviews.filter((one) => wanted === undefined || one.candidateEmail?.toLowerCase() === wanted);
      return toPage(found, page).map((interview) => toInterview(world, interview));
    },
  };
}

/** What can be done. */
export function createMutations(world: CodesignalWorld, acts: CodesignalActs) {
  /** Does it to the session and shows it. */
  const changing =
    <A extends { id: string }>(run: (session: TestSession, input: A) => void) =>
    (input: A) => {
      const session = sessionOf(world, input.id);
      run(session, input);
      return toSession(world, session);
    };

  return {
    createCompanyTestSession({ sessionFields: fields }: { sessionFields: SessionFields }) {
      const session = acts.createSession({
        testId: fields.testId,
        via: 'api',
        email: fields.candidateEmail,
        firstName: fields.candidateFirstName,
        lastName: fields.candidateLastName,
        noInvitationEmail: fields.noInvitationEmail,
        preferExisting: fields.preferExisting,
        customDurationMs: fields.customDuration,
        expireDurationMs: fields.expireDuration,
        externalId: fields.externalId,
        redirectUrl: fields.postSessionRedirectUrl,
        reminders: fields.emailReminders,
      });
      return toSession(world, session);
    },
    resendCompanyTestSession: changing((session) => acts.resend(session)),
    deleteCompanyTestSession({ id, sendNotificationEmail }: { id: string; sendNotificationEmail?: boolean | null }) {
      acts.deleteSession(sessionOf(world, id), sendNotificationEmail ?? false);
      return id;
    },
    editCompanyTestSessionExpiration: changing<{ id: string; expirationDate: number }>((session, { expirationDate }) =>
      acts.extend(session, expirationDate),
    ),
    editCompanyTestSessionDuration: changing<{ id: string; customDuration: number }>((session, { customDuration }) =>
      acts.changeDuration(session, customDuration),
    ),
    setCompanyTestSessionReminders: changing<{ id: string; reminders: Reminder[] }>((session, { reminders }) =>
      acts.setReminders(session, reminders),
    ),
    reactivateCompanyTestSession({ id, sendNotificationEmail }: { id: string; sendNotificationEmail?: boolean | null }) {
      const old = sessionOf(world, id);
      const fresh = acts.reactivate(old, sendNotificationEmail ?? false);
      return toSession(world, world.settings.reactivateAnswers === 'new' ? fresh : old);
    },
    archiveCompanyTestSession: changing((session) => acts.archiveSession(session)),
    unarchiveCompanyTestSession: changing((session) => acts.unarchiveSession(session)),
    gradeCompanyTestResult: changing<{ id: string; taskId: string; score: number }>((session, input) =>
      acts.grade(session, input),
    ),
    markCompanyTestResultAsGraded: changing((session) => {
      if (!session.result) throw new Refused('There is no result');
    }),
    createLiveInterview({ interviewFields }: { interviewFields?: { candidateEmail?: string; candidateName?: string } | null }) {
      return toInterview(world, acts.createInterview(interviewFields ?? {}));
    },
    editLiveInterview({
      id,
      interviewFields,
    }: {
      id: string;
      interviewFields: { candidateEmail?: string; candidateName?: string };
    }) {
      return toInterview(world, Object.assign(interviewOf(world, id), interviewFields));
    },
    deleteLiveInterview({ id }: { id: string }) {
      acts.deleteInterview(interviewOf(world, id));
      return id;
    },
  };
}
