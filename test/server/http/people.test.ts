import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { atsUserListSchema, type MemberRow } from '../../../lib/contract/pairing.ts';
import type { AtsUser } from '../../../server/ats/operations.ts';
import type { CallResult } from '../../../server/outbound/outcome.ts';
import { createTestHttpServer, type TestHttpServer } from '../../support/http-server.ts';

const user = (userId: string, email: string, more: Partial<AtsUser> = {}): AtsUser => ({
  userId,
  name: userId,
  emails: [email],
  active: true,
  sees: 'all',
  roleName: 'Team Member',
  ...more,
});

let server: TestHttpServer;
let listed: CallResult<AtsUser[]>;
let calls: number;
let admin: { id: string; token: string };
beforeEach(async () => {
  calls = 0;
  listed = { ok: true, value: [user('rosa', 'rosa@example.com'), user('ben', 'ben@example.com')] };
  const listUsers = async () => {
    calls += 1;
    return listed;
  };
  server = await createTestHttpServer({ ats: { kind: 'lever', operations: { listUsers } } });
  admin = await server.join('admin', 'Ada');
});
afterEach(() => server.drop());

const call = async (method: string, path: string, body?: unknown, token = admin.token) => {
  const answer = await server.call(method, path, { token, body });
  return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
};
const connect = async (settings: object = {}) =>
  (await call('POST', '/api/connections', { name: 'Lever', settings: { kind: 'lever', ...settings }, secrets: { apiKey: 'k' } }))
    .body.id as string;
const members = async (): Promise<MemberRow[]> => (await call('GET', '/api/members')).body.members;
const rowOf = async (id: string) => (await members()).find((row) => row.id === id);
const usersOf = async (id: string): Promise<z.infer<typeof atsUserListSchema>> =>
  atsUserListSchema.parse((await call('GET', `/api/connections/${id}/users`)).body);

describe('who a member is in an ATS', () => {
  it('is found by the address that an admin gave, in any case', async () => {
    const connectionId = await connect();
    const ben = await server.join('recruiter', 'Ben');
    expect((await rowOf(ben.id))?.atsUsers).toEqual([
      { connectionId, connectionName: 'Lever', ats: 'lever', how: 'none', user: null, isMissing: false },
    ]);
    const changed = await call('PATCH', `/api/members/${ben.id}`, { email: 'BEN@Example.com' });
    expect(changed).toMatchObject({ status: 200, body: { email: 'ben@example.com', role: 'recruiter' } });
    expect(changed.body.atsUsers[0]).toMatchObject({ how: 'e-mail', user: { userId: 'ben' } });
  });

  it('is said by hand, nobody included, and taken back', async () => {
    const connectionId = await connect();
    const path = `/api/members/${admin.id}/ats-users/${connectionId}`;
    await call('PATCH', `/api/members/${admin.id}`, { email: 'rosa@example.com' });
    expect((await call('PUT', path, { userId: 'ben' })).body.atsUsers[0]).toMatchObject({
      how: 'by-hand',
      user: { userId: 'ben' },
    });
    expect((await call('PUT', path, { userId: null })).body.atsUsers[0]).toMatchObject({ how: 'by-hand', user: null });
    expect((await call('DELETE', path)).body.atsUsers[0]).toMatchObject({ how: 'e-mail', user: { userId: 'rosa' } });
    expect(await call('PUT', path, { userId: 'zoe' })).toMatchObject({ status: 400 });
    expect(await call('PUT', path.replace(admin.id, connectionId), { userId: 'ben' })).toMatchObject({ status: 404 });
  });

  it('is missing where clicks are written in that name and nobody may act', async () => {
    await connect({ attribution: 'recruiter' });
    listed = { ok: true, value: [user('ada', 'ada@example.com', { active: false })] };
    server.clock.advance(61_000);
    const [row] = await members();
    expect(row?.atsUsers[0]).toMatchObject({ how: 'none', isMissing: true });
    await call('PATCH', `/api/members/${admin.id}`, { email: 'ada@example.com' });
    expect((await rowOf(admin.id))?.atsUsers[0]).toMatchObject({ how: 'deactivated', isMissing: true, user: { userId: 'ada' } });
  });

  it('comes with the code and cannot be claimed by whoever pairs', async () => {
    const code = await call('POST', '/api/codes', { role: 'recruiter', note: 'Ben', email: 'Ben@example.com' });
    expect(code.body).toMatchObject({ email: 'ben@example.com' });
    const claim = { code: code.body.code, name: 'Ben', device: 'x', email: 'rosa@example.com', userId: 'rosa' };
    const paired = await server.call('POST', '/api/pair', { body: claim });
    const { member, token } = await paired.json();
    expect((await rowOf(member.id))?.email).toBe('ben@example.com');
    expect(await call('PATCH', `/api/members/${member.id}`, { email: 'rosa@example.com' }, token)).toMatchObject({ status: 403 });
    const other = await call('POST', '/api/codes', { role: 'recruiter' });
    const second = await (await server.call('POST', '/api/pair', { body: { ...claim, code: other.body.code } })).json();
    expect((await rowOf(second.member.id))?.email).toBeNull();
  });

  it('is not told of former members', async () => {
    await connect();
    const ben = await server.join('recruiter', 'Ben');
    await call('DELETE', `/api/members/${ben.id}`);
    expect((await rowOf(ben.id))?.atsUsers).toEqual([]);
    expect(await call('PATCH', `/api/members/${ben.id}`, { email: 'ben@example.com' })).toMatchObject({ status: 404 });
  });
});

describe('the role of a member', () => {
  it('can be changed, but the last admin stays one', async () => {
    const ben = await server.join('viewer', 'Ben');
    expect(await call('PATCH', `/api/members/${admin.id}`, { role: 'viewer' })).toMatchObject({ status: 403 });
    expect(await call('PATCH', `/api/members/${ben.id}`, { role: 'admin' })).toMatchObject({
      status: 200,
      body: { role: 'admin' },
    });
    expect(await call('PATCH', `/api/members/${admin.id}`, { role: 'viewer' })).toMatchObject({ status: 200 });
    expect(await call('GET', '/api/members')).toMatchObject({ status: 403 });
  });

  it('keeps what is not given, and wants an address that is one', async () => {
    await call('PATCH', `/api/members/${admin.id}`, { email: 'ada@example.com' });
    expect((await call('PATCH', `/api/members/${admin.id}`, { role: 'admin' })).body.email).toBe('ada@example.com');
    expect((await call('PATCH', `/api/members/${admin.id}`, { email: null })).body.email).toBeNull();
    expect(await call('PATCH', `/api/members/${admin.id}`, { email: 'ada' })).toMatchObject({ status: 400 });
  });
});

describe('the users of an ATS', () => {
  it('are listed when a connection is saved, and at most once a minute by whoever opens the page', async () => {
    const id = await connect();
    expect(calls).toBe(1);
    await members();
    expect((await usersOf(id)).users.map(({ userId }) => userId)).toEqual(['ben', 'rosa']);
    expect(calls).toBe(1);
    server.clock.advance(61_000);
    await Promise.all([members(), members(), usersOf(id)]);
    expect(calls).toBe(2);
    await call('PATCH', `/api/connections/${id}`, { name: 'Lever too' });
    expect(calls).toBe(3);
  });

  it('stay as they were when they cannot be read, and what stands in the way is said', async () => {
    const id = await connect();
    listed = { ok: false, kind: 'forbidden', status: 403, detail: 'no' };
    server.clock.advance(61_000);
    const after = await usersOf(id);
    expect(after.users).toHaveLength(2);
    expect(after.trouble).toContain('Lever');
    listed = { ok: true, value: [] };
    server.clock.advance(61_000);
    expect(await usersOf(id)).toMatchObject({ users: [], trouble: null });
  });

  it('are nobody’s business but an admin’s', async () => {
    const id = await connect();
    const ben = await server.join('recruiter', 'Ben');
    for (const [method, path] of [
      ['GET', `/api/connections/${id}/users`],
      ['GET', '/api/members'],
      ['PUT', `/api/members/${ben.id}/ats-users/${id}`],
      ['DELETE', `/api/members/${ben.id}/ats-users/${id}`],
    ] as const)
      expect(await call(method, path, method === 'PUT' ? { userId: 'rosa' } : undefined, ben.token)).toMatchObject({
        status: 403,
      });
  });
});
