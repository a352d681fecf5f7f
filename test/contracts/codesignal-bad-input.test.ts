import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../lib/contract/settings.ts';
import { signEvent } from '../simulators/codesignal/webhooks.ts';
import { connectCodesignal } from '../support/connect-codesignal.ts';
import { describeVendorBadInput } from './vendor-bad-input.ts';

describeVendorBadInput({
  name: 'codesignal',
  // Far more is asked in a second here than a company does in a day.
  world: { codesignal: { settings: { queriesPerSecond: null, mutationsPerSecond: null } } },
  async connect(server) {
    const connected = await connectCodesignal(server);
    const { codesignal, connection, assessment, tests, sessionsOf, deliver, secret } = connected;
    const { play, direct } = codesignal;
    const last = (email: string) => {
      const session = sessionsOf(email).at(-1);
      if (!session) throw new Error(`CodeSignal does not know ${email}`);
      return session;
    };
    const create = { text: 'createCompanyTestSession' };
    const url = connection.webhooks[0]?.url ?? '';
    const nameless = { event: 'companyTestSessionStarted', triggeredOn: 1_790_000_000_000, payload: { candidateName: 'Nobody' } };
    const mailsTo = (email: string) => codesignal.mails().filter(({ to }) => to.toLowerCase() === email.toLowerCase());
    return {
      connection,
      assessment,
      invitations: (email) => sessionsOf(email).length,
      mails: (email) => mailsTo(email).length,
      answers: () => codesignal.journal.list({ kind: 'api' }).length,
      nameOf: (email) => [last(email).firstName, last(email).lastName].join(' '),
      secretsOf: (email) => [last(email).key, last(email).result?.accessToken ?? 'no token'],
      spoil: {
        'revoked key': () => void play.rotateKey(),
        'no API in the plan': () => direct.configure({ apiInPlan: false }),
        'assessment gone': () => play.archiveTest({ testId: tests.backend }),
      },
      async mend() {
        direct.clearFailures();
        direct.configure({ apiInPlan: true });
        play.archiveTest({ testId: tests.backend, archived: false });
        const path = PATHS.connection.replace('{id}', connection.id);
        const secrets = { apiKey: codesignal.apiKey() };
        await server.company.api.call(connectionViewSchema, 'PATCH', path, { secrets });
      },
      answerHtml: (when) => direct.failNext({ kind: 'html', status: 200, when, times: 1000 }),
      refuseNextAddress: () =>
        direct.failNext({
          ...create,
          kind: 'status',
          status: 200,
          body: {
            data: { createCompanyTestSession: null },
            errors: [{ message: 'candidateEmail is not a valid e-mail address', extensions: { code: 'BAD_USER_INPUT' } }],
          },
        }),
      holdNextAnswer: () => direct.failNext({ ...create, kind: 'slow', when: 'after' }),
      release: () => void direct.releaseHangs(),
      inviteByHand: (email) => void play.invite({ testId: tests.backend, email }),
      start: (email) => play.start({ sessionId: last(email).id }),
      finish: (email) => play.submit({ sessionId: last(email).id }),
      finishWithoutMaximum(email) {
        const { id } = last(email);
        play.submit({ sessionId: id });
        const result = { score: 7, url: null, versionedCodingScore: null, taskResults: [] };
        const companyTestSession = { id, status: 'over', maxScore: null, integrityReviewFinalized: true, result };
        direct.failNext({
          text: 'query Session',
          kind: 'status',
          status: 200,
          times: 1000,
          body: { data: { companyTestSession } },
        });
      },
      deliver,
      repeatLast: () => direct.resend({ index: codesignal.attempts().length - 1 }),
      async sendNameless() {
        const signature = signEvent(secret, url, nameless.event, nameless.triggeredOn);
        const headers = { 'content-type': 'application/json', 'x-codesignal-signature': signature };
        return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(nameless) })).status;
      },
    };
  },
});
