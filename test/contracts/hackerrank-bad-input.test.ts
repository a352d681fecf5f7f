import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../lib/contract/settings.ts';
import { connectHackerrank } from '../support/connect-hackerrank.ts';
import { describeVendorBadInput } from './vendor-bad-input.ts';

describeVendorBadInput({
  name: 'hackerrank',
  // Far more is asked in a second here than a company does in a day.
  world: { hackerrank: { settings: { callsPerSecond: null } } },
  async connect(server) {
    const { hackerrank, tests, connection, assessment, candidatesOf, last } = await connectHackerrank(server);
    const { play, direct } = hackerrank;
    const invite = { method: 'POST', path: 'candidates$' };
    const tokenOf = (email: string) => {
      const { authentication } = last(email);
      return authentication?.type === 'bearer_token' ? authentication.data.token : '';
    };
    /** What HackerRank could send for the newest invitation, with that invitation’s own proof. */
    const post = async (body: object) => {
      const newest = hackerrank.candidates().findLast(({ resultUrl }) => resultUrl !== null);
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokenOf(newest?.email ?? '')}` };
      return (await fetch(newest?.resultUrl ?? '', { method: 'POST', headers, body: JSON.stringify(body) })).status;
    };
    return {
      connection,
      assessment,
      invitations: (email) => candidatesOf(email).length,
      mails: (email) => hackerrank.mails().filter(({ to }) => to === email).length,
      answers: () => hackerrank.journal.list({ kind: 'api' }).length,
      nameOf: (email) => last(email).fullName ?? '',
      secretsOf: (email) => [last(email).loginKey, last(email).authKey, tokenOf(email)],
      spoil: {
        'revoked key': () => void play.rotateKey(),
        'no API in the plan': () => void direct.configure({ account: 'no-api' }),
        'assessment gone': () => play.changeTest({ testId: tests.backend, archived: true }),
      },
      async mend() {
        direct.clearFailures();
        direct.configure({ account: 'active' });
        play.changeTest({ testId: tests.backend, archived: false });
        const path = PATHS.connection.replace('{id}', connection.id);
        const secrets = { apiKey: hackerrank.apiKey() };
        await server.company.api.call(connectionViewSchema, 'PATCH', path, { secrets });
      },
      answerHtml: (when) => direct.failNext({ kind: 'html', status: 200, when, times: 1000 }),
      refuseNextAddress: () =>
        direct.failNext({ ...invite, kind: 'status', status: 422, body: { errors: ['email is not a valid e-mail address'] } }),
      holdNextAnswer: () => direct.failNext({ ...invite, kind: 'slow', when: 'after' }),
      release: () => void direct.releaseHangs({}),
      inviteByHand: (email) => void play.invite({ testId: tests.backend, email, fullName: null }),
      start: (email) => play.start({ candidateId: last(email).id }),
      finish: (email) => play.submit({ candidateId: last(email).id }),
      finishWithoutMaximum(email) {
        const { id, metadata: invite_metadata } = last(email);
        const told = { id, email, status: 7, score: 82, percentage_score: null, invite_metadata, test: tests.frontend };
        direct.failNext({ method: 'GET', path: `candidates/${id}$`, kind: 'status', status: 200, times: 1000, body: told });
        play.submit({ candidateId: id });
      },
      async deliver() {
        // Of a candidate who begins HackerRank tells nothing: it is asked about a minute later.
        server.clock.advance(61);
        await hackerrank.settle();
      },
      repeatLast: () => post({ id: hackerrank.candidates().at(-1)?.id, status: 0 }),
      sendNameless: () => post({}),
    };
  },
});
