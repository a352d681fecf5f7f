import { describe, expect, it } from 'vitest';
import { startCompany } from './test-company.ts';
import { V1_RIGHTS } from './v1/keys.ts';

async function startV1() {
  const { simulator } = await startCompany();
  const { key } = simulator.v1Keys.create();
  const user = simulator.createUser({ firstName: 'Rosa', lastName: 'Lindqvist', email: 'rosa@example.com' });
  const candidate = simulator.createCandidate({ firstName: 'Ada', tags: ['kept'] });
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const call = (method: string, path: string, headers: Record<string, string> = {}, json?: unknown) =>
    simulator.api.request(path, {
      method,
      headers: { Authorization: basic(`${key}:`), ...(json ? { 'Content-Type': 'application/json' } : {}), ...headers },
      body: json ? JSON.stringify(json) : undefined,
    });
  return { simulator, call, key, basic, user, candidate };
}

describe('Harvest v1 of the simulator', () => {
  it('refuses a key with a password, an unknown key, and a bearer token', async () => {
    const { call, key, basic } = await startV1();
    const given = [basic(`${key}:secret`), basic('another:'), basic(key), 'Bearer token', ''];
    const answers = await Promise.all(given.map((Authorization) => call('GET', '/v1/jobs', { Authorization })));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  });

  it('refuses a write that names nobody, or nobody who is there', async () => {
    const { call, user, candidate, simulator } = await startV1();
    const note = { user_id: user.id, body: 'Hello', visibility: 'public' };
    const path = `/v1/candidates/${candidate.id}/activity_feed/notes`;
    const given: Record<string, string>[] = [{}, { 'On-Behalf-Of': '1' }, { 'On-Behalf-Of': `${user.id}` }];
    const statuses = [];
    for (const headers of given) statuses.push((await call('POST', path, headers, note)).status);
    expect(statuses).toEqual([403, 403, 200]);
    expect(simulator.world.notes.list(({ candidateId }) => candidateId === candidate.id)).toHaveLength(1);
  });

  it('names the field that is wrong', async () => {
    const { call, user, candidate } = await startV1();
    const headers = { 'On-Behalf-Of': `${user.id}` };
    const answer = await call('PATCH', `/v1/candidates/${candidate.id}`, headers, { tags: 'kept' });
    expect([answer.status, await answer.json()]).toEqual([
      422,
      { message: 'Validation error', errors: [{ field: 'tags', message: expect.any(String) }] },
    ]);
  });

  it('writes custom fields of a candidate by id or key, and empties them by a word of its own', async () => {
    const { call, user, candidate, simulator } = await startV1();
    const field = simulator.createCustomField({ name: 'Assessment status', valueType: 'short_text', fieldType: 'candidate' });
    const edit = async (...custom_fields: unknown[]) => {
      const path = `/v1/candidates/${candidate.id}`;
      const answer = await call('PATCH', path, { 'On-Behalf-Of': `${user.id}` }, { custom_fields });
      const body: unknown = await answer.json();
      return { status: answer.status, body };
    };
    expect(await edit({ id: field.id, value: 'Sent' })).toMatchObject({
      status: 200,
      body: {
        custom_fields: { assessment_status: 'Sent' },
        keyed_custom_fields: { assessment_status: { name: 'Assessment status', type: 'short_text', value: 'Sent' } },
        tags: ['kept'],
      },
    });
    for (const wrong of [
      { id: field.id, value: null },
      { id: field.id, value: 7 },
      { id: 1, value: 'Sent' },
      { value: 'Sent' },
      { id: field.id },
    ])
      expect(await edit(wrong)).toMatchObject({ status: 422, body: { message: 'Validation error' } });
    expect(await edit({ name_key: 'assessment_status', delete_value: 'true' })).toMatchObject({
      body: { custom_fields: { assessment_status: null } },
    });
  });

  it('has a right of its own for each call, and nothing beyond the known list', async () => {
    const { call, simulator } = await startV1();
    expect((await call('GET', '/v1/job_stages')).status).toBe(200);
    simulator.v1Keys.drop('Job Stages: Get: List Job Stages');
    expect((await call('GET', '/v1/job_stages')).status).toBe(403);
    expect((await call('GET', '/v1/jobs')).status).toBe(200);
    expect((await call('GET', '/v1/rejection_reasons')).status).toBe(404);
    // Known, but only to a key that was given it by name.
    expect((await call('GET', '/v1/users')).status).toBe(403);
    expect(new Set(V1_RIGHTS).size).toBe(V1_RIGHTS.length);
  });

  it('gives numbered pages with next, prev and last', async () => {
    const { call } = await startV1();
    const relations = async (query: string) =>
      [...((await call('GET', `/v1/candidates?${query}`)).headers.get('link') ?? '').matchAll(/rel="(\w+)"/g)].map(
        ([, rel]) => rel,
      );
    expect(await relations('per_page=1')).toEqual(['next', 'last']);
    expect(await relations('per_page=1&page=2')).toEqual(['next', 'prev', 'last']);
    expect(await relations('per_page=500&skip_count=true')).toEqual([]);
    expect((await call('GET', '/v1/candidates?per_page=501')).status).toBe(422);
  });
});
