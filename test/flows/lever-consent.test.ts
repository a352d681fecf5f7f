import { beforeAll, describe, expect, test } from 'vitest';
import { accessReportSchema } from '../../lib/contract/access.ts';
import { activityViewSchema } from '../../lib/contract/activity.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { checkAnswerSchema, connectionViewSchema, consentAddressSchema } from '../../lib/contract/settings.ts';
import { answerConsent } from '../support/answer-consent.ts';
import { useTestServer } from '../support/test-server.ts';

const server = useTestServer({ world: { lever: { rateLimit: null } } });
const SCOPES = [
  'offline_access',
  'opportunities:write:admin',
  'notes:write:admin',
  'stages:read:admin',
  'archive_reasons:read:admin',
  'postings:read:admin',
  'users:read:admin',
  'webhooks:write:admin',
  'confidential:access:admin',
];

let id: string;
beforeAll(async () => {
  const { world, address, company } = server();
  world.lever.direct.configure({ audience: `${world.urls.leverApi}/` });
  const app = world.lever.play.registerApp({ redirectUris: [`${address}${PATHS.leverCallback}`], scopes: SCOPES });
  const made = await company.api.call(connectionViewSchema, 'POST', PATHS.connections, {
    name: 'Lever by OAuth',
    settings: { kind: 'lever', auth: 'oauth', apiUrl: world.urls.leverApi },
    secrets: { clientId: app.clientId, clientSecret: app.clientSecret },
  });
  id = made.id;
});

const at = (path: string) => path.replace('{id}', id);
const view = () => server().company.api.call(connectionViewSchema, 'GET', at(PATHS.connection));
const ask = async () => (await server().company.api.call(consentAddressSchema, 'POST', at(PATHS.connectionConsent))).url;
const check = () => server().company.api.call(checkAnswerSchema, 'POST', at(PATHS.connectionCheck), {});
const comeBack = async (address: URL | string) => {
  const answer = await fetch(address);
  return { status: answer.status, text: await answer.text() };
};

describe('connecting Lever by OAuth', () => {
  test('asks for consent until a Super Admin has given it, and works from then on', async () => {
    expect(await view()).toMatchObject({ consent: 'missing', state: 'needs-you' });
    expect(await check()).toMatchObject({ ok: false });
    const back = await comeBack(await answerConsent(await ask(), 'yes'));
    expect(back).toMatchObject({ status: 200, text: expect.stringContaining('Lever is connected.') });
    expect(await view()).toMatchObject({ consent: 'given' });
    expect(await check()).toMatchObject({ ok: true });
  });

  test('takes each answer once, and none that nobody asked for', async () => {
    const back = await answerConsent(await ask(), 'yes');
    expect((await comeBack(back)).status).toBe(200);
    expect(await comeBack(back)).toMatchObject({ status: 400, text: expect.stringContaining('used already') });
    back.searchParams.set('state', 'a-state-that-somebody-made-up');
    expect((await comeBack(back)).status).toBe(400);
    expect((await comeBack(`${server().address}${PATHS.leverCallback}`)).status).toBe(400);
  });

  test('takes no answer after ten minutes', async () => {
    const back = await answerConsent(await ask(), 'yes');
    server().clock.advance(601);
    expect((await comeBack(back)).status).toBe(400);
  });

  test('changes nothing when the person says no', async () => {
    const back = await comeBack(await answerConsent(await ask(), 'no'));
    expect(back).toMatchObject({ status: 400, text: expect.stringContaining('no consent was given') });
    expect(await check()).toMatchObject({ ok: true });
  });

  test('that Lever takes back is asked for again, in words that fit', async () => {
    server().world.lever.direct.failNext({ path: '/', times: 50, answer: { kind: 'status', status: 401 } });
    const words = expect.stringContaining('does not accept the consent any more');
    expect(await check()).toMatchObject({ ok: false, message: words });
    expect((await view()).troubles).toContainEqual(words);
    const report = await server().company.api.call(accessReportSchema, 'POST', at(PATHS.connectionAccess), {});
    expect(report).toMatchObject({ ok: false, summary: words });
    server().world.lever.direct.clearFailures();
    expect(await check()).toMatchObject({ ok: true });
    expect((await view()).troubles).not.toContainEqual(words);
  });

  test('lets nobody but an admin ask or forget', async () => {
    const { token } = await server().join('Ben', 'recruiter');
    for (const method of ['POST', 'DELETE']) {
      const headers = { authorization: `Bearer ${token}` };
      expect((await server().fetch(at(PATHS.connectionConsent), { method, headers })).status).toBe(403);
    }
  });

  test('never writes a token, a state or a code to the log', async () => {
    const address = await ask();
    const back = await answerConsent(address, 'yes');
    await comeBack(back);
    await check();
    const log = JSON.stringify(server().log);
    const { oauth } = server().world.lever.account;
    const secrets = [...oauth.accessTokens.keys(), ...oauth.refreshTokens.keys(), ...oauth.codes.keys()];
    for (const secret of [...secrets, back.searchParams.get('state') ?? '?']) expect(log).not.toContain(secret);
  });

  test('forgets the consent when an admin says so', async () => {
    const { token } = server().company;
    const headers = { authorization: `Bearer ${token}` };
    const gone = await server().fetch(at(PATHS.connectionConsent), { method: 'DELETE', headers });
    expect(gone.status).toBe(204);
    expect(await view()).toMatchObject({ consent: 'missing' });
    expect(await check()).toMatchObject({ ok: false });
  });

  test('stands in the activity: who asked, gave and took it back', async () => {
    const { company } = server();
    const query = `${PATHS.activity}?connection=${id}&member=${company.member.id}`;
    const { entries } = await company.api.call(activityViewSchema, 'GET', query);
    const actions = new Set(entries.map(({ action }) => action));
    expect([...actions]).toEqual(
      expect.arrayContaining(['connection.added', 'consent.asked', 'consent.given', 'consent.forgotten']),
    );
  });
});
