import { describe, expect, test } from 'vitest';
import { request, startCompany, toBasic, toRecord } from './test-company.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const HOUR_MS = 3_600_000;

describe('the token endpoint', () => {
  test('a client gets a bearer token for an hour, with the expiry as expires_at', async () => {
    const { mint } = await startCompany();
    const { status, body } = await mint();
    expect(status).toBe(200);
    expect(body).toEqual({ token_type: 'Bearer', access_token: expect.any(String), expires_at: '2026-11-21T11:00:00+0000' });
    expect(String(toRecord(body).access_token).split('.')).toHaveLength(3);
  });

  test('the expiry can be named expires_in, or both', async () => {
    const { mint, simulator } = await startCompany({ settings: { tokenExpiry: 'expires_in' } });
    expect(Object.keys(toRecord((await mint()).body))).toEqual(['token_type', 'access_token', 'expires_in']);
    simulator.change({ tokenExpiry: 'both' });
    expect(toRecord((await mint()).body)).toMatchObject({ expires_in: 3600, expires_at: expect.any(String) });
  });

  test('a new token revokes the earlier one of the client', async () => {
    const { mint, call } = await startCompany();
    expect((await call('GET', '/v3/jobs')).status).toBe(200);
    await mint();
    expect((await call('GET', '/v3/jobs')).status).toBe(401);
  });

  test('a token of another credential revokes nothing', async () => {
    const { simulator, mint, call } = await startCompany();
    await mint({}, simulator.createCredential());
    expect((await call('GET', '/v3/jobs')).status).toBe(200);
  });

  test('a token is dead after its hour', async () => {
    const { call, wait } = await startCompany();
    wait(HOUR_MS - 1);
    expect((await call('GET', '/v3/jobs')).status).toBe(200);
    wait(1);
    expect((await call('GET', '/v3/jobs')).status).toBe(401);
  });

  test('a wrong secret, or none, is an invalid client', async () => {
    const { mint, simulator } = await startCompany();
    const wrong = await mint({}, { ...simulator.credential, clientSecret: 'wrong' });
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const none = await request(simulator.api, 'POST', '/token', { headers: FORM, body: 'grant_type=client_credentials' });
    expect(none).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  test('a malformed client id is answered with 400, and the message repeats it', async () => {
    const { mint } = await startCompany();
    const answer = await mint({}, { clientId: 'no-number', clientSecret: 'x' });
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('no-number'), errorId: expect.any(String) },
    });
  });

  test('a body that is no form, and another grant, are refused', async () => {
    const { simulator, mint } = await startCompany();
    const headers = { Authorization: toBasic(simulator.credential), 'Content-Type': 'application/json' };
    const json = await request(simulator.api, 'POST', '/token', { headers, body: '{"grant_type":"client_credentials"}' });
    expect(json).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await mint({ grant_type: 'password' })).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
  });

  test('sub must be an existing user, and is the one who acts', async () => {
    const { mint, call, ids } = await startCompany();
    expect((await mint({ sub: '123' })).status).toBe(400);
    expect((await mint({ sub: 'mei@northwind.example' })).status).toBe(400);
    const token = String(toRecord((await mint({ sub: String(ids.users.admin) })).body).access_token);
    const body = { candidate_id: ids.candidates.ada, body: 'Hello', visibility: 'public' };
    expect(toRecord((await call('POST', '/v3/notes', body, token)).body).user_id).toBe(ids.users.admin);
  });

  test('after a rotation both secrets work until the old one is dropped', async () => {
    const { simulator, mint } = await startCompany();
    const { clientId } = simulator.credential;
    const clientSecret = simulator.rotateSecret({ clientId });
    expect((await mint()).status).toBe(200);
    expect((await mint({}, { clientId, clientSecret })).status).toBe(200);
    simulator.rotateSecret({ clientId, dropOld: true });
    expect((await mint({}, { clientId, clientSecret })).status).toBe(401);
  });

  test('introspection names the scopes of a live token', async () => {
    const { simulator, token } = await startCompany();
    const headers = { Authorization: toBasic(simulator.credential), ...FORM };
    const body = new URLSearchParams({ token, token_type_hint: 'access_token' }).toString();
    const answer = await request(simulator.api, 'POST', '/introspect', { headers, body });
    expect(answer.body).toMatchObject({ active: true, scope: expect.stringContaining('harvest:applications:move') });
  });

  test('its own window of 60 seconds limits minting', async () => {
    const { mint, wait } = await startCompany({ settings: { tokenRateLimit: 2 } });
    await mint();
    expect(await mint()).toMatchObject({ status: 429 });
    wait(60_000);
    expect((await mint()).status).toBe(200);
  });
});
