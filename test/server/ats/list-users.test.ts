import { describe, expect, it } from 'vitest';
import { greenhouseSettingsSchema, leverSettingsSchema } from '../../../lib/contract/settings.ts';
import { createGreenhouseAdapter } from '../../../server/ats/greenhouse/index.ts';
import { createGreenhouseV1Adapter } from '../../../server/ats/greenhouse-v1/index.ts';
import { NOTHING_KEPT } from '../../../server/ats/kept-names.ts';
import { leverKey } from '../../../server/ats/lever/credential.ts';
import { createLeverAdapter } from '../../../server/ats/lever/index.ts';
import { UNLIMITED } from '../../../server/outbound/rate-limiter.ts';
import { makeGreenhouseSubject } from '../../contracts/greenhouse-subject.ts';
import { createLeverSubject } from '../../contracts/lever-subject.ts';
import { createFakeHttp, type FakeRoute } from '../../support/fake-http.ts';
import { createMemoryTokenStore } from '../../support/memory-token-store.ts';
import { readFixture } from '../../support/read-fixture.ts';

const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
const connectionId = 'connection-1';

function greenhouse(answer: FakeRoute) {
  const http = createFakeHttp({
    'POST /token': { status: 200, body: { access_token: 't', expires_in: 3600 } },
    'GET /v3/users': answer,
  });
  const settings = greenhouseSettingsSchema.parse({ kind: 'greenhouse' });
  const credential = { clientId: 'client-7', clientSecret: 'hush' };
  const adapter = createGreenhouseAdapter({
    http,
    limiter: UNLIMITED,
    settings,
    ...credential,
    tokens: createMemoryTokenStore(),
    clock,
    connectionId,
  });
  return { adapter, http };
}

function greenhouseV1(answer: FakeRoute) {
  const http = createFakeHttp({ 'GET /v1/users': answer });
  const settings = greenhouseSettingsSchema.parse({ kind: 'greenhouse', api: 'v1', serviceUserId: '1' });
  return createGreenhouseV1Adapter({ http, limiter: UNLIMITED, settings, apiKey: 'k', clock, connectionId });
}

function lever(answer: FakeRoute) {
  const http = createFakeHttp({ 'GET /v1/users': answer });
  const settings = leverSettingsSchema.parse({ kind: 'lever' });
  const adapter = createLeverAdapter({
    http,
    limiter: UNLIMITED,
    settings,
    credential: leverKey('k'),
    clock,
    connectionId,
    keptNames: NOTHING_KEPT,
  });
  return { adapter, http };
}

describe('the users of Greenhouse', () => {
  it('come with all their addresses in lower case, and Site Admins see everybody', async () => {
    const { adapter, http } = greenhouse({ status: 200, body: [await readFixture('greenhouse/user')] });
    expect(await adapter.operations.listUsers?.()).toEqual({
      ok: true,
      value: [
        {
          userId: '4080123004',
          name: 'Juliet Burke',
          emails: ['juliet.burke@example.com', 'other.woman@example.com'],
          active: true,
          sees: 'all',
          roleName: 'Site Admin',
        },
      ],
    });
    expect(http.sent('GET /v3/users')[0]?.query).toEqual({ per_page: 500 });
  });

  it('may lack everything but their id', async () => {
    const { adapter } = greenhouse({ status: 200, body: [{ id: 7 }, { id: '9007199254740993', emails: [null, ''], name: '' }] });
    const nobody = { name: null, emails: [], active: true, sees: 'limited', roleName: null };
    const value = [
      { ...nobody, userId: '7' },
      { ...nobody, userId: '9007199254740993' },
    ];
    expect(await adapter.operations.listUsers?.()).toEqual({ ok: true, value });
  });

  it('of v1 are the same in its own words', async () => {
    const adapter = greenhouseV1({ status: 200, body: [await readFixture('greenhouse/v1-user')] });
    const [user] = listed(await adapter.operations.listUsers?.());
    expect(user).toEqual({
      userId: '112',
      name: 'Juliet Burke',
      emails: ['juliet.burke@example.com', 'other.woman@example.com'],
      active: false,
      sees: 'limited',
      roleName: null,
    });
  });

  it.each(['v3', 'v1'] as const)('are listed by %s with the deactivated, without service accounts', async (api) => {
    const { subject, greenhouse: simulator, recruiter } = await makeGreenhouseSubject({ api });
    simulator.createUser({ firstName: 'Gil', lastName: 'Roy', email: 'Gil@example.com', siteAdmin: true }).deactivated = true;
    if (api === 'v1') simulator.v1Keys.grant('Users: Get: List Users');
    const users = listed(await subject.adapter.operations.listUsers?.());
    await subject.close();
    const known = users.map(({ name, emails, active, sees }) => ({ name, emails, active, sees }));
    expect(known).toHaveLength(simulator.world.users.list(({ serviceAccount }) => !serviceAccount).length);
    expect(known).toContainEqual({ name: 'Gil Roy', emails: ['gil@example.com'], active: false, sees: 'all' });
    expect(users.find(({ userId }) => userId === `${recruiter.id}`)).toMatchObject({ active: true, sees: 'limited' });
  });

  it('are forbidden to a v1 key of the known permission list, and the missing box is named', async () => {
    const { subject } = await makeGreenhouseSubject({ api: 'v1' });
    const answer = await subject.adapter.operations.listUsers?.();
    await subject.close();
    expect(answer).toMatchObject({ ok: false, kind: 'forbidden', detail: expect.stringContaining('Users: Get: List Users') });
  });
});

describe('the users of Lever', () => {
  it('come with what their role lets them see; a role of the company’s own is unknown', async () => {
    const { adapter, http } = lever({ status: 200, body: await readFixture('lever/users') });
    const users = listed(await adapter.operations.listUsers?.());
    expect(users.map(({ name, emails, active, sees, roleName }) => [name, emails, active, sees, roleName])).toEqual([
      ['Carla Bianchi', ['carla.bianchi@meridianlabs.example'], true, 'all', 'Super Admin'],
      ['Rosa Lindqvist', ['rosa.lindqvist@meridianlabs.example'], true, 'limited', 'Limited Team Member'],
      ['Jonas Weber', ['jonas.weber@meridianlabs.example'], false, 'limited', 'Interviewer'],
      ['Mina Okafor', ['mina.okafor@meridianlabs.example'], true, 'unknown', null],
    ]);
    expect(http.requests[0]?.query).toMatchObject({ includeDeactivated: true });
  });

  it('are listed with the deactivated, page after page', async () => {
    const ids: string[] = [];
    const subject = await createLeverSubject(async ({ lever: { play } }) => {
      for (let n = 0; n < 101; n += 1) {
        const email = `User${n}@example.com`;
        ids.push(play.createUser({ name: `User ${n}`, email, accessRole: 'team member' }).id);
      }
      play.deactivateUser({ userId: ids[100] ?? '' });
      return leverKey(play.createKey({ label: 'Tagalong' }).secret);
    });
    const users = listed(await subject.adapter.operations.listUsers?.());
    await subject.close();
    const ours = users.filter(({ userId }) => ids.includes(userId));
    expect(ours).toHaveLength(101);
    expect(ours.filter(({ active }) => !active).map(({ userId }) => userId)).toEqual([ids[100]]);
  });

  it('are forbidden to a key without the right', async () => {
    const subject = await createLeverSubject(async ({ lever: { play } }) =>
      leverKey(play.createKey({ label: 'Tagalong', permissions: ['opportunities:read'] }).secret),
    );
    const answer = await subject.adapter.operations.listUsers?.();
    await subject.close();
    expect(answer).toMatchObject({ ok: false, kind: 'forbidden' });
  });
});

function listed<T>(result: { ok: true; value: T } | { ok: false; kind: string } | undefined): T {
  if (!result?.ok) throw new Error(`not listed: ${result?.kind ?? 'no such operation'}`);
  return result.value;
}
