import { describe, expect, test } from 'vitest';
import { ALL_SCOPES } from './acts/credentials.ts';
import { startCompany, toRecord } from './test-company.ts';

const HOOK = 'https://tagalong.example/webhooks/greenhouse/abc';

/** A company that tells which webhooks it has sent. */
async function startTelling(settings: Record<string, unknown> = {}) {
  const sent: unknown[] = [];
  const take: typeof fetch = async (_url, init) => {
    sent.push(toRecord(JSON.parse(String(init?.body))).action);
    return new Response();
  };
  const company = await startCompany({ fetch: take, settings: { rateLimit: 10_000, ...settings } });
  const { simulator } = company;
  for (const action of ['candidate_stage_change', 'application_updated', 'hire_candidate', 'new_candidate_application'] as const)
    await simulator.createWebhook({ action, url: HOOK, secret: 'hush' });
  sent.length = 0;
  return { ...company, sent };
}

describe('custom fields', () => {
  async function startWithFields() {
    const company = await startCompany();
    const field = (name: string, valueType: string, more = {}) =>
      company.simulator.createCustomField({ name, valueType, fieldType: 'application', ...more });
    const fields = {
      status: field('Assessment status', 'single_select', { options: ['Sent', 'Completed'] }),
      score: field('Assessment score', 'number'),
      level: field('Level', 'short_text', { required: true }),
      passed: field('Passed', 'yes_no'),
      report: field('Report', 'url'),
    };
    const path = `/v3/applications/${company.ids.applications.ada}`;
    const write = (field: { id: number }, value: unknown) =>
      company.call('PATCH', path, { custom_fields: [{ custom_field_id: field.id, value }] });
    return { ...company, fields, write };
  }

  test('their options are a list of their own, with a scope of its own', async () => {
    const { read, call, simulator, fields } = await startWithFields();
    const path = `/v3/custom_field_options?custom_field_ids=${fields.status.id}`;
    expect((await read(path)).map(({ name, custom_field_id }) => [name, custom_field_id])).toEqual([
      ['Completed', fields.status.id],
      ['Sent', fields.status.id],
    ]);
    simulator.changeCredential({ scopes: ['harvest:custom_fields:list'] });
    expect((await call('GET', path)).status).toBe(403);
  });

  test('a select is written by the id of its option and read by its name', async () => {
    const { read, write, fields } = await startWithFields();
    const [completed] = await read(`/v3/custom_field_options?custom_field_ids=${fields.status.id}`);
    const written = await write(fields.status, completed?.id);
    expect(written.body).toMatchObject({ custom_fields: { assessment_status: { type: 'single_select', value: 'Completed' } } });
  });

  test('one field written leaves the others as they are', async () => {
    const { write, fields } = await startWithFields();
    await write(fields.score, 86);
    expect((await write(fields.passed, true)).body).toMatchObject({
      custom_fields: { assessment_score: { value: 86 }, passed: { value: true } },
    });
  });

  test('values of another type, unknown options, an empty required field, a retired field and one of candidates are refused', async () => {
    const { write, fields, simulator } = await startWithFields();
    const ofCandidates = simulator.createCustomField({ name: 'Seen', valueType: 'yes_no', fieldType: 'candidate' });
    simulator.retireCustomField({ fieldId: fields.report.id });
    const refused = [
      await write(fields.score, '86'),
      await write(fields.passed, 'yes'),
      await write(fields.status, 'Completed'),
      await write(fields.status, 1),
      await write(fields.level, null),
      await write(fields.level, 5),
      await write(fields.report, 'https://tagalong.example/r/1'),
      await write(ofCandidates, true),
    ];
    for (const answer of refused) expect(answer).toMatchObject({ status: 422, body: { message: 'Unprocessable Content' } });
  });
});

describe('what a write names must be there', () => {
  test.each([
    ['POST', 'move', { from_stage_id: 1, email_from_user_id: 7 }],
    ['POST', 'reject', { rejection_email: { email_template_id: 7 } }],
    ['POST', 'reject', { custom_fields: [{ name_key: 'why', value: 'x' }] }],
    ['POST', 'reject', { rejection_reason_id: undefined }],
    ['POST', 'reject', { notes: 7 }],
    ['POST', 'unreject', { reason: 'x' }],
    ['POST', 'hire', { close_reason_id: 7 }],
    ['POST', 'hire', { opening_id: 7 }],
    ['POST', 'hire', { start_date: '2027-01-04' }],
    ['POST', 'hire', {}],
    ['PATCH', '', { recruiter_id: 7 }],
    ['PATCH', '', { status: 'hired' }],
    ['PATCH', '', { custom_fields: { salary_wish: 1 } }],
  ])('%s %s %j is refused, and nothing has changed', async (method, verb, change) => {
    const { call, read, ids } = await startCompany();
    const { ada } = ids.applications;
    const application = () => read(`/v3/applications?ids=${ada}`);
    const before = await application();
    const body = { ...(verb === 'reject' ? { rejection_reason_id: ids.reasons.withdrew } : {}), ...change };
    const answer = await call(method, `/v3/applications/${ada}${verb && `/${verb}`}`, body);
    expect(answer).toMatchObject({ status: 422, body: { message: 'Unprocessable Content', errors: expect.any(Array) } });
    expect(await application()).toEqual(before);
  });

  test.each([
    ['move', 'harvest:applications:move'],
    ['reject', 'harvest:applications:reject'],
    ['unreject', 'harvest:applications:unreject'],
    ['hire', 'harvest:applications:hire'],
  ])('%s needs %s, and an application that is there', async (verb, scope) => {
    const { call, simulator, ids } = await startCompany();
    const bodies = { move: { from_stage_id: 1 }, reject: { rejection_reason_id: ids.reasons.withdrew }, unreject: {}, hire: {} };
    const body = bodies[verb as keyof typeof bodies];
    expect((await call('POST', `/v3/applications/999/${verb}`, body)).status).toBe(404);
    simulator.changeCredential({ scopes: ALL_SCOPES.filter((one) => one !== scope) });
    expect((await call('POST', `/v3/applications/${ids.applications.ada}/${verb}`, body)).status).toBe(403);
  });
});

describe('the reason of a rejection', () => {
  test('is changed at its details, with a scope of its own, and only to a reason there is', async () => {
    const { call, read, ids, simulator } = await startCompany();
    const { ada } = ids.applications;
    await call('POST', `/v3/applications/${ada}/reject`, { rejection_reason_id: ids.reasons.withdrew });
    const [detail] = await read(`/v3/rejection_details?application_ids=${ada}`);
    const change = (body: unknown) => call('PATCH', `/v3/rejection_details/${detail?.id}`, body);
    expect((await change({ rejection_reason_id: 1 })).status).toBe(422);
    expect((await change({})).status).toBe(422);
    expect(await change({ rejection_reason_id: ids.reasons.position })).toMatchObject({ status: 200, body: { id: detail?.id } });
    expect(await read(`/v3/applications?ids=${ada}`)).toMatchObject([{ rejection_reason_id: ids.reasons.position }]);
    expect((await call('PATCH', '/v3/rejection_details/1', { rejection_reason_id: ids.reasons.position })).status).toBe(404);
    simulator.changeCredential({ scopes: [] });
    expect((await change({ rejection_reason_id: ids.reasons.withdrew })).status).toBe(403);
  });
});

describe('what the API does is announced', () => {
  const row = async (company: Awaited<ReturnType<typeof startTelling>>) => {
    const [application] = await company.read(`/v3/applications?ids=${company.ids.applications.ada}`);
    return application?.stage_id;
  };

  test.each(['candidate_stage_change', 'application_updated'] as const)('a transfer as %s', async (transferSends) => {
    const company = await startTelling({ transferSends });
    const { call, ids, simulator, sent } = company;
    const body = { from_stage_id: await row(company), to_job_id: ids.jobs.design };
    expect((await call('POST', `/v3/applications/${ids.applications.ada}/move`, body)).status).toBe(204);
    await simulator.settle();
    expect(sent).toEqual([transferSends]);
  });

  test('a transfer to the job it is for already is refused', async () => {
    const company = await startTelling();
    const body = { from_stage_id: await row(company), to_job_id: company.ids.jobs.backend };
    expect((await company.call('POST', `/v3/applications/${company.ids.applications.ada}/move`, body)).status).toBe(422);
  });

  test.each([
    [true, ['hire_candidate']],
    [false, []],
  ])('a hire, if Greenhouse does so: %s', async (apiHireSendsWebhook, expected) => {
    const { call, read, ids, simulator, sent } = await startTelling({ apiHireSendsWebhook });
    const [opening] = await read(`/v3/openings?job_ids=${ids.jobs.backend}&open=true`);
    const hired = await call('POST', `/v3/applications/${ids.applications.ada}/hire`, { opening_id: opening?.id });
    await simulator.settle();
    expect([hired.status, sent]).toEqual([204, expected]);
  });

  test('somebody who applies', async () => {
    const { simulator, ids, sent } = await startTelling();
    const { id: candidateId } = simulator.createCandidate({ firstName: 'Nia' });
    simulator.createApplication({ candidateId, jobId: ids.jobs.backend, stageId: ids.stages.backend.Assessment });
    await simulator.settle();
    expect(sent).toEqual(['new_candidate_application']);
  });
});
