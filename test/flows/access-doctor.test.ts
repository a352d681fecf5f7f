import { beforeEach, describe, expect, test } from 'vitest';
import { type AccessReport, accessReportSchema, lastAccessReportSchema } from '../../lib/contract/access.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../lib/contract/settings.ts';
import { ALL_SCOPES } from '../simulators/greenhouse/acts/credentials.ts';
import { useTestServer } from '../support/test-server.ts';

const server = useTestServer({ world: { lever: { rateLimit: null } } });
const idOf = (ats: 'greenhouse' | 'lever') => server().company.connections[ats].id;
const pathOf = (ats: 'greenhouse' | 'lever') => PATHS.connectionAccess.replace('{id}', idOf(ats));
const examine = (ats: 'greenhouse' | 'lever', body: object = {}) =>
  server().company.api.call(accessReportSchema, 'POST', pathOf(ats), body);
const factsOf = ({ facts }: AccessReport, id: string) => facts.filter((fact) => fact.id === id);
const stateOf = ({ rights }: AccessReport, name: string) => rights.find((right) => right.name === name)?.state;

beforeEach(() => server().world.greenhouse.changeCredential({ scopes: ALL_SCOPES, siteAdmin: true }));

describe('the access doctor', () => {
  test('Greenhouse: everything that is needed is there, and the report is kept', async () => {
    const before = await server().company.api.call(lastAccessReportSchema, 'GET', pathOf('greenhouse'));
    expect(before.report).toBeNull();
    const report = await examine('greenhouse');
    expect(report).toMatchObject({ ok: true, summary: 'Every right that is needed is there.' });
    expect(factsOf(report, 'acting-user')).toMatchObject([{ state: 'good' }]);
    expect(factsOf(report, 'clock')).toMatchObject([{ state: 'good' }]);
    expect(factsOf(report, 'allowance')[0]?.text).toMatch(/^\d+ of 75 calls are left for the next \d+ s at Greenhouse\.$/);
    expect(factsOf(report, 'public-url')).toMatchObject([{ state: 'good' }]);
    expect(factsOf(report, 'webhook').map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^candidate_stage_change: tested/),
    );
    const after = await server().company.api.call(lastAccessReportSchema, 'GET', pathOf('greenhouse'));
    expect(after.report).toEqual(report);
  });

  test('a missing scope is named, with what does not work without it', async () => {
    server().world.greenhouse.changeCredential({ scopes: ALL_SCOPES.filter((scope) => scope !== 'harvest:notes:create') });
    const report = await examine('greenhouse');
    expect(report).toMatchObject({ ok: false, summary: 'Missing: harvest:notes:create.' });
    expect(report.rights.find(({ name }) => name === 'harvest:notes:create')).toEqual({
      name: 'harvest:notes:create',
      state: 'missing',
      needed: true,
      purpose: 'Notes about invitations and results',
    });
  });

  test('an acting user who is no Site Admin is said', async () => {
    server().world.greenhouse.changeCredential({ siteAdmin: false });
    const report = await examine('greenhouse');
    expect(report.ok).toBe(false);
    expect(factsOf(report, 'acting-user')[0]?.text).toContain('not a Site Admin');
  });

  test('a connection that lacks a right is not called ready, until another look finds it', async () => {
    const path = PATHS.connection.replace('{id}', idOf('greenhouse'));
    const read = () => server().company.api.call(connectionViewSchema, 'GET', path);
    await examine('greenhouse');
    expect((await read()).state).toBe('ready');
    server().world.greenhouse.changeCredential({ scopes: ALL_SCOPES.filter((scope) => scope !== 'harvest:notes:create') });
    await examine('greenhouse');
    expect(await read()).toMatchObject({
      state: 'needs-you',
      troubles: [expect.stringMatching(/^When the access was last looked at: Missing: harvest:notes:create\./)],
    });
    server().world.greenhouse.changeCredential({ scopes: [...ALL_SCOPES] });
    await examine('greenhouse');
    expect(await read()).toMatchObject({ state: 'ready', troubles: [] });
  });

  test('what is needed follows what is switched on', async () => {
    const scopes = ALL_SCOPES.filter((scope) => scope !== 'harvest:attachments:create');
    server().world.greenhouse.changeCredential({ scopes });
    expect((await examine('greenhouse')).ok).toBe(true);
    const path = PATHS.connection.replace('{id}', idOf('greenhouse'));
    const { settings } = await server().company.api.call(connectionViewSchema, 'GET', path);
    if (settings.kind !== 'greenhouse') throw new Error('not Greenhouse');
    await server().company.api.call(connectionViewSchema, 'PATCH', path, {
      settings: { ...settings, writeBack: { ...settings.writeBack, reportFile: true } },
    });
    expect((await examine('greenhouse')).summary).toBe('Missing: harvest:attachments:create.');
    await server().company.api.call(connectionViewSchema, 'PATCH', path, { settings });
  });

  test('Lever: a test candidate by the address of the page; writes are known then, and nothing is left', async () => {
    const { lever } = server().world;
    const untried = await examine('lever');
    expect(untried).toMatchObject({ ok: true, summary: expect.stringMatching(/only a trial on a test candidate can tell/) });
    expect(stateOf(untried, 'Notes: Write (Create a note)')).toBe('unknown');
    const contactId = lever.play.createContact({ name: 'Test Person', emails: ['test@mail.example'] }).id;
    const { id } = lever.play.createOpportunity({ contactId });
    const notes = lever.account.notes.size;
    const report = await examine('lever', { testCandidate: `https://hire.lever.co/candidates/${id}` });
    expect(stateOf(report, 'Notes: Write (Create a note)')).toBe('granted');
    expect(factsOf(report, 'trial')).toMatchObject([{ state: 'good' }]);
    expect(lever.account.notes.size).toBe(notes);
    expect(lever.account.opportunities.get(id)?.tags).toEqual([]);
  });

  test('an address that shows nobody is refused, and nothing is tried', async () => {
    await expect(examine('lever', { testCandidate: 'https://hire.lever.co/settings/roles' })).rejects.toThrow(
      /400.*not the address of a candidate/,
    );
    await expect(examine('lever', { testCandidate: 'https://app.greenhouse.io/people/7?application_id=8' })).rejects.toThrow(
      /400/,
    );
  });

  test('a key that Lever refuses: a report that says so, and no secret in it', async () => {
    const { lever } = server().world;
    lever.direct.failNext({ method: 'GET', answer: { kind: 'status', status: 401 }, times: 50 });
    const report = await examine('lever');
    lever.direct.clearFailures();
    expect(report).toMatchObject({ ok: false, summary: 'Lever refused the credentials. Enter them again.' });
    const secrets = [...lever.account.keys.map(({ secret }) => secret), server().world.greenhouse.credential.clientSecret];
    const kept = JSON.stringify([report, await examine('greenhouse')]);
    for (const secret of secrets) expect(kept).not.toContain(secret);
  });

  test('only an admin may look', async () => {
    const ben = await server().join('Ben');
    const answer = await server().fetch(pathOf('lever'), { headers: { authorization: `Bearer ${ben.token}` } });
    expect(answer.status).toBe(403);
  });
});
