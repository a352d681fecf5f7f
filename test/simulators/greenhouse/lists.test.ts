import { describe, expect, test } from 'vitest';
import { request, startCompany, toRecord, toRows } from './test-company.ts';

describe('lists of the API', () => {
  test('an unknown path is not found even without a token, a known one is unauthorized', async () => {
    const { simulator } = await startCompany();
    const unknown = await request(simulator.api, 'GET', '/v3/nothing');
    expect(unknown).toMatchObject({ status: 404, body: { message: 'Resource not found' } });
    const known = await request(simulator.api, 'GET', '/v3/jobs');
    expect(known).toMatchObject({ status: 401, body: { message: 'Unauthorized', errors: [expect.stringContaining('Token')] } });
  });

  test('there is no reading of a single candidate', async () => {
    const { call, read, ids } = await startCompany();
    expect((await call('GET', `/v3/candidates/${ids.candidates.ada}`)).status).toBe(404);
    expect(await read(`/v3/candidates?ids=${ids.candidates.ada}`)).toHaveLength(1);
  });

  test('a rejection reason can be read singly', async () => {
    const { call, ids } = await startCompany();
    const { body } = await call('GET', `/v3/rejection_reasons/${ids.reasons.withdrew}`);
    expect(body).toMatchObject({ name: 'Withdrew', type: { key: 'THEY_REJECTED_US' } });
  });

  test.each([
    ...['candidates', 'applications', 'application_stages', 'job_interview_stages', 'jobs', 'openings', 'job_posts', 'users'],
    ...[
      'rejection_reasons',
      'rejection_details',
      'notes',
      'candidate_tags',
      'applied_candidate_tags',
      'custom_fields',
      'custom_field_options',
      'attachments',
    ],
  ])('%s is a bare array that needs its scope and a Site Admin', async (resource) => {
    const { call, simulator, token } = await startCompany();
    expect(Array.isArray((await call('GET', `/v3/${resource}`)).body)).toBe(true);
    simulator.changeCredential({ siteAdmin: false });
    expect((await call('GET', `/v3/${resource}`)).status).toBe(403);
    simulator.changeCredential({ siteAdmin: true, scopes: ['harvest:something:list'] });
    expect((await call('GET', `/v3/${resource}`, undefined, token)).status).toBe(403);
  });

  test('rows come with the highest id first, and ids do not fit 32 bits', async () => {
    const { read } = await startCompany();
    const ids = (await read('/v3/candidates')).map((row) => Number(row.id));
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(ids.every((id) => id > 2 ** 32 && id % 1000 === 2)).toBe(true);
  });

  test('the next page is only in Link, whose cursor stands alone and keeps the filters', async () => {
    const { call, read, ids } = await startCompany();
    const seen: unknown[] = [];
    let path: string | undefined = `/v3/application_stages?application_ids=${ids.applications.ada}&per_page=2`;
    while (path) {
      const answer = await call('GET', path);
      seen.push(...toRows(answer.body).map((row) => row.id));
      const link: string | null = answer.headers.get('Link');
      if (link) expect(link).toMatch(/^<http:\/\/localhost\/v3\/application_stages\?cursor=[\w-]+>; rel="next"$/);
      path = link ? /<http:\/\/localhost(.+)>/.exec(link)?.[1] : undefined;
    }
    expect(seen).toEqual((await read(`/v3/application_stages?application_ids=${ids.applications.ada}`)).map((row) => row.id));
    expect(seen).toHaveLength(5);
  });

  test('a cursor with company is refused, and so is one of another list', async () => {
    const { call } = await startCompany();
    const link = (await call('GET', '/v3/candidates?per_page=1')).headers.get('Link') ?? '';
    const cursor = /cursor=([\w-]+)/.exec(link)?.[1];
    expect(await call('GET', `/v3/candidates?cursor=${cursor}&per_page=1`)).toMatchObject({
      status: 422,
      body: { message: 'Unprocessable Content', errors: ['When passing a cursor, do not include other query params.'] },
    });
    expect((await call('GET', `/v3/jobs?cursor=${cursor}`)).status).toBe(422);
    expect((await call('GET', '/v3/jobs?cursor=made-up')).status).toBe(422);
  });

  test.each([
    'per_page=0',
    'per_page=501',
    'per_page=ten',
    `ids=${Array.from({ length: 51 }, (_, n) => n + 1).join(',')}`,
    'ids=abc',
    'ids=',
    'job_id=1',
    'status=in_process',
    'prospect=yes',
    'updated_at=2026-01-01T00:00:00Z',
    'updated_at=since|2026-01-01T00:00:00Z',
    'ids=1&ids=2',
    'fields=id,nonsense',
    'skip_count=true',
  ])('%s is refused', async (query) => {
    const { call } = await startCompany();
    expect(await call('GET', `/v3/applications?${query}`)).toMatchObject({
      status: 422,
      body: { message: 'Unprocessable Content' },
    });
  });

  test('50 ids and 500 a page are still allowed', async () => {
    const { call } = await startCompany();
    const ids = Array.from({ length: 50 }, (_, n) => n + 1).join(',');
    expect(await call('GET', `/v3/applications?ids=${ids}&per_page=500`)).toMatchObject({ status: 200, body: [] });
  });

  test('the filter says active where the answer says in_process', async () => {
    const { read } = await startCompany();
    const statuses = (await read('/v3/applications?status=active')).map((row) => row.status);
    expect(new Set(statuses)).toEqual(new Set(['in_process']));
  });

  test('stage_ids finds rows of application_stages, and nothing for a definition', async () => {
    const { read, ids } = await startCompany();
    const [ada] = await read(`/v3/applications?ids=${ids.applications.ada}`);
    expect(ada?.job_interview_stage_id).toBe(ids.stages.backend['Phone Screen']);
    expect(await read(`/v3/applications?stage_ids=${ada?.job_interview_stage_id}`)).toEqual([]);
    expect((await read(`/v3/applications?stage_ids=${ada?.stage_id}`)).map((row) => row.id)).toEqual([ids.applications.ada]);
    const found = await read(`/v3/applications?job_interview_stage_ids=${ada?.job_interview_stage_id}&status=active`);
    expect(found).toHaveLength(3);
  });

  test('every stage of the job has a row, entered or not, and one is current', async () => {
    const { read, ids } = await startCompany();
    const rows = await read(`/v3/application_stages?application_ids=${ids.applications.ada}`);
    expect(rows.map((row) => row.current)).toEqual([false, false, false, true, false]);
    expect(rows.map((row) => row.entered_at !== null)).toEqual([false, false, false, true, true]);
    expect(await read(`/v3/application_stages?application_ids=${ids.applications.ada}&current=true`)).toHaveLength(1);
  });

  test('a prospect has no job, no stage and several jobs it may come to', async () => {
    const { read, ids } = await startCompany();
    const [row] = await read(`/v3/applications?candidate_ids=${ids.candidates.prospect}`);
    expect(row).toMatchObject({ job_id: null, stage_id: null, job_interview_stage_id: null, prospect: true });
    expect(row?.prospective_job_ids).toEqual([ids.jobs.backend, ids.jobs.design]);
  });

  test('times are compared two-sided, in UTC with milliseconds', async () => {
    const { read, ids } = await startCompany();
    const [grace] = await read(`/v3/candidates?ids=${ids.candidates.grace}`);
    expect(grace?.created_at).toBe('2026-11-15T10:00:00.000Z');
    expect(await read('/v3/candidates?created_at=gte|2026-11-15T10:00:00Z|lte|2026-11-15T10:00:00Z')).toHaveLength(1);
  });

  test('people lack names and e-mails, and an e-mail is found in any case', async () => {
    const { read, ids } = await startCompany();
    const [noName] = await read(`/v3/candidates?ids=${ids.candidates.noName}`);
    expect(noName).toMatchObject({ first_name: null, last_name: null });
    const [noEmail] = await read(`/v3/candidates?ids=${ids.candidates.noEmail}`);
    expect(noEmail?.email_addresses).toEqual([]);
    expect((await read('/v3/candidates?email=ADA@Example.com')).map((row) => row.id)).toEqual([ids.candidates.ada]);
    expect(await read('/v3/candidates?tag=senior%20swe')).toEqual([]);
    expect(await read('/v3/candidates?tag=Senior%20SWE')).toHaveLength(3);
  });

  test('service users and built-in reasons are listed only when asked for', async () => {
    const { read } = await startCompany();
    expect(await read('/v3/users')).toHaveLength(3);
    expect(await read('/v3/users?show_service_accounts=true')).toHaveLength(4);
    expect(await read('/v3/rejection_reasons')).toHaveLength(3);
    expect(await read('/v3/rejection_reasons?include_defaults=true')).toHaveLength(4);
  });

  test('fields leaves the other keys out', async () => {
    const { read } = await startCompany();
    expect(Object.keys(toRecord((await read('/v3/jobs?fields=id,name'))[0]))).toEqual(['id', 'name']);
  });

  test('a private candidate is not there, with everything that is theirs, until the user may see private ones', async () => {
    const { read, call, ids, simulator } = await startCompany();
    simulator.setPrivate({ candidateId: ids.candidates.ada, private: true });
    expect(await read(`/v3/candidates?ids=${ids.candidates.ada}`)).toEqual([]);
    expect(await read(`/v3/applications?ids=${ids.applications.ada}`)).toEqual([]);
    expect(await read(`/v3/application_stages?application_ids=${ids.applications.ada}`)).toEqual([]);
    expect(await read(`/v3/applied_candidate_tags?candidate_ids=${ids.candidates.ada}`)).toEqual([]);
    expect((await call('POST', `/v3/applications/${ids.applications.ada}/unreject`, {})).status).toBe(404);
    simulator.changeCredential({ seesPrivate: true });
    expect(await read(`/v3/candidates?ids=${ids.candidates.ada}`)).toMatchObject([{ private: true }]);
  });

  test('every answer carries the rate headers, and one call too many is told when to come back', async () => {
    const { call, simulator, wait } = await startCompany();
    simulator.change({ rateLimit: 3 });
    const first = await call('GET', '/v3/jobs');
    expect(first.headers.get('X-RateLimit-Limit')).toBe('3');
    expect(first.headers.get('X-RateLimit-Remaining')).toBe('2');
    expect(first.headers.get('X-RateLimit-Reset')).toBe(String(Date.parse('2026-11-21T10:00:30Z') / 1000));
    expect((await call('GET', '/v3/nothing')).headers.get('X-RateLimit-Remaining')).toBe('1');
    expect((await call('GET', '/v3/jobs?job_id=1')).headers.get('X-RateLimit-Remaining')).toBe('0');
    wait(12_000);
    const refused = await call('GET', '/v3/jobs');
    expect(refused).toMatchObject({ status: 429, body: { message: 'Too Many Requests' } });
    expect(refused.headers.get('Retry-After')).toBe('18');
    wait(18_000);
    expect((await call('GET', '/v3/jobs')).status).toBe(200);
  });

  test('Link begins with the public address where one is given', async () => {
    const { call } = await startCompany({ publicApiUrl: 'https://harvest.greenhouse.io' });
    expect((await call('GET', '/v3/candidates?per_page=1')).headers.get('Link')).toMatch(
      /^<https:\/\/harvest\.greenhouse\.io\/v3\/candidates\?cursor=/,
    );
  });
});
