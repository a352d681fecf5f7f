import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AtsOperations } from '../../../../server/ats/operations.ts';
import { parseJson } from '../../../../server/outbound/parse-json.ts';
import {
  APPLICATION_ID,
  CANDIDATE_ID,
  fixtures,
  makeGreenhouse,
  rows,
  STAGES,
  stageRowsAt,
} from '../../../support/greenhouse-adapter.ts';

const read = (name: string): unknown =>
  parseJson(readFileSync(new URL(`../../../fixtures/greenhouse/${name}.json`, import.meta.url), 'utf8'));
const answer = (name: string) => ({ status: 200, body: read(name) });
const target = { applicationId: APPLICATION_ID, candidateId: CANDIDATE_ID };
const at = (path: string) => `POST /v3/applications/${APPLICATION_ID}/${path}`;
const application = (change: object) => rows({ ...fixtures.application, ...change });
/** What Greenhouse answers to moves, rejections and hires. */
const EMPTY = { status: 204 };
const DONE = { ok: true, value: undefined };
const refusal = (name: string) => ({ status: 422, body: read(name) });

type Routes = Parameters<typeof makeGreenhouse>[0];

/** The operations before these routes, and what was sent in the end: as it goes out, ids beyond a double's range to the digit. */
function start(routes: Routes = {}) {
  const { adapter, http, time } = makeGreenhouse(routes);
  const operations: AtsOperations = adapter.operations;
  const sent = (route: string) => http.sent(route).map(({ json }) => JSON.stringify(json));
  return { operations, http, sent, time };
}

describe('advancing', () => {
  const before = rows(...fixtures.stageRows);
  const after = rows(...stageRowsAt(STAGES.onsite));

  it('is a move without a target, whose empty answer is settled by reading again', async () => {
    const { operations, sent } = start({ 'GET /v3/application_stages': [before, after], [at('move')]: EMPTY });
    expect(await operations.advance?.(target, { fromStageId: STAGES.test })).toEqual(DONE);
    expect(sent(at('move'))).toEqual([`{"from_stage_id":${STAGES.currentRow}}`]);
  });

  it('tries the other kind of stage id once, when the first is refused', async () => {
    const { operations, sent } = start({
      'GET /v3/application_stages': [before, after],
      [at('move')]: [refusal('error-422-text'), EMPTY],
    });
    expect(await operations.advance?.(target, { fromStageId: STAGES.test })).toEqual(DONE);
    expect(sent(at('move'))).toEqual([`{"from_stage_id":${STAGES.currentRow}}`, `{"from_stage_id":${STAGES.test}}`]);
  });

  it('out of the last stage is refused, and nobody was moved', async () => {
    const { operations } = start({ [at('move')]: refusal('error-422-text') });
    expect(await operations.advance?.(target, { fromStageId: STAGES.test })).toMatchObject({ kind: 'refused', status: 422 });
  });

  it('that Greenhouse took but does not show is not called done', async () => {
    const { operations } = start({ [at('move')]: EMPTY });
    expect(await operations.advance?.(target, { fromStageId: STAGES.test })).toMatchObject({ ok: false, kind: 'ambiguous' });
  });

  it('of somebody who is elsewhere by now sends nothing', async () => {
    const { operations, sent } = start();
    expect(await operations.advance?.(target, { fromStageId: STAGES.review })).toEqual(DONE);
    expect(sent(at('move'))).toEqual([]);
  });
});

describe('a transfer', () => {
  const move = { fromStageId: STAGES.test, toJobId: '4310443002' };

  it('names the other job alone, and is done when the application is for that one', async () => {
    const { operations, sent } = start({
      'GET /v3/applications': [rows(fixtures.application), application({ job_id: 4310443002 })],
      [at('move')]: EMPTY,
    });
    expect(await operations.transfer?.(target, move)).toEqual(DONE);
    expect(sent(at('move'))).toEqual([`{"from_stage_id":${STAGES.currentRow},"to_job_id":4310443002}`]);
  });

  it('keeps every digit of ids beyond the range of a double', async () => {
    const applicationId = '9007199254740993';
    const large = { status: 200, body: read('applications-beyond-2-to-the-53') };
    const row = { id: '9007199254740999', job_interview_stage_id: '9007199254741001', current: true };
    const route = `POST /v3/applications/${applicationId}/move`;
    const { operations, sent } = start({
      'GET /v3/applications': large,
      'GET /v3/application_stages': rows(row),
      [route]: EMPTY,
    });
    await operations.transfer?.(
      { applicationId, candidateId: null },
      { fromStageId: '9007199254741001', toJobId: '9007199254741005' },
    );
    expect(sent(route)).toEqual(['{"from_stage_id":9007199254740999,"to_job_id":9007199254741005}']);
  });

  it('to a job that is no id is refused without a call', async () => {
    const { operations, sent } = start();
    const refused = await operations.transfer?.(target, { ...move, toJobId: 'design' });
    expect([refused?.ok, sent(at('move'))]).toEqual([false, []]);
  });
});

describe('a rejection', () => {
  const reject = { reasonId: '4011002', note: 'Thank you.' };
  const rejected = application({ status: 'rejected', rejection_reason_id: 4011002 });

  it('carries reason and notes, and no e-mail', async () => {
    const { operations, sent } = start({ [at('reject')]: EMPTY });
    expect(await operations.reject?.(target, reject)).toEqual(DONE);
    expect(await operations.reject?.(target, { ...reject, note: null })).toEqual(DONE);
    expect(sent(at('reject'))).toEqual([
      '{"rejection_reason_id":4011002,"notes":"Thank you."}',
      '{"rejection_reason_id":4011002}',
    ]);
  });

  it('of somebody who is rejected for that reason is done, without a second call', async () => {
    const { operations, sent } = start({ 'GET /v3/applications': rejected });
    expect(await operations.reject?.(target, reject)).toEqual(DONE);
    expect(sent(at('reject'))).toEqual([]);
  });

  it('that Greenhouse refuses (422) because somebody was faster is done, if for that reason', async () => {
    const { operations } = start({
      'GET /v3/applications': [rows(fixtures.application), rejected],
      [at('reject')]: refusal('error-422-both'),
    });
    expect(await operations.reject?.(target, reject)).toEqual(DONE);
  });

  it('that Greenhouse refuses for what is wrong with it stays refused, and says so', async () => {
    const { operations } = start({ [at('reject')]: refusal('error-422-field') });
    expect(await operations.reject?.(target, reject)).toMatchObject({
      kind: 'refused',
      detail: expect.stringContaining('rejection_reason_id is required'),
    });
  });

  it('of an application that does not name its reason looks at the details', async () => {
    const { operations, http } = start({
      'GET /v3/applications': application({ status: 'rejected', rejection_reason_id: null }),
      'GET /v3/rejection_details': answer('rejection-details'),
    });
    expect(await operations.reject?.(target, reject)).toEqual(DONE);
    expect(await operations.reject?.(target, { ...reject, reasonId: '4010002' })).toMatchObject({ kind: 'refused' });
    expect(http.sent('GET /v3/rejection_details')[0]?.query).toMatchObject({ application_ids: APPLICATION_ID });
  });

  it.each(['in_process', 'active'])('is taken back, and "%s" is taken back already', async (status) => {
    const { operations, sent } = start({
      'GET /v3/applications': [rejected, application({ status })],
      [at('unreject')]: EMPTY,
    });
    expect(await operations.unreject?.(target)).toEqual(DONE);
    expect(await operations.unreject?.(target)).toEqual(DONE);
    expect(sent(at('unreject'))).toEqual(['{}']);
  });
});

describe('a hire', () => {
  const openings = rows({ id: 61002002, opening_id: 'ENG-104-2', open: true });
  const plain = { openingId: null, reasonId: null, startsAt: null };

  it('needs no start date and, where one opening is open, no opening', async () => {
    const { operations, sent, http } = start({ 'GET /v3/openings': openings, [at('hire')]: EMPTY });
    expect(await operations.hire?.(target, plain)).toEqual(DONE);
    expect(sent(at('hire'))).toEqual(['{}']);
    expect(http.sent('GET /v3/openings')[0]?.query).toMatchObject({ job_ids: '4310442002', open: true });
  });

  it('names opening and start where they are known', async () => {
    const { operations, sent } = start({ [at('hire')]: EMPTY });
    await operations.hire?.(target, { ...plain, openingId: '61002002', startsAt: '2027-01-04T00:00:00.000Z' });
    expect(sent(at('hire'))).toEqual(['{"opening_id":61002002,"start_date":"2027-01-04T00:00:00.000Z"}']);
  });

  it('with several open openings is refused, names them, and hires nobody', async () => {
    const { operations, sent } = start({
      'GET /v3/openings': rows(
        { id: 61003002, opening_id: null, open: true },
        { id: 61002002, opening_id: 'ENG-104-2', open: true },
      ),
    });
    expect(await operations.hire?.(target, plain)).toMatchObject({
      kind: 'refused',
      detail: expect.stringMatching(/opening_id.*61003002, ENG-104-2/),
    });
    expect(sent(at('hire'))).toEqual([]);
  });

  it('without the right to list openings leaves that question to Greenhouse', async () => {
    const { operations } = start({ 'GET /v3/openings': { status: 403 }, [at('hire')]: refusal('error-422-both') });
    expect(await operations.hire?.(target, plain)).toMatchObject({
      kind: 'refused',
      detail: expect.stringContaining('opening_id is required'),
    });
  });

  it('of somebody who is hired is done', async () => {
    const { operations, sent } = start({
      'GET /v3/applications': application({ status: 'hired', job_interview_stage_id: null }),
    });
    expect(await operations.hire?.(target, plain)).toEqual(DONE);
    expect(sent(at('hire'))).toEqual([]);
  });

  it.each(['converted', 'something new'])('of an application that is %s is refused', async (status) => {
    const { operations } = start({ 'GET /v3/applications': application({ status }) });
    expect(await operations.hire?.(target, plain)).toMatchObject({ ok: false, kind: 'refused' });
  });
});

describe('custom fields', () => {
  const FIELDS: Routes = {
    'GET /v3/custom_fields': ({ query }) =>
      answer(query?.field_type === 'candidate' ? 'custom-fields-of-candidates' : 'custom-fields-of-applications'),
    'GET /v3/custom_field_options': answer('custom-field-options'),
  };
  const PATCH = `PATCH /v3/applications/${APPLICATION_ID}`;
  const onApplication = (fieldId: string, value: string | number | boolean | null) =>
    ({ fieldId, on: 'application', value }) as const;

  it('are listed with what may be written in them, without those not in use', async () => {
    const { operations, http } = start(FIELDS);
    const listed = await operations.listFields?.();
    expect(listed?.ok && listed.value.map(({ name, on, type }) => [name, on, type])).toEqual([
      ['Reviewers', 'application', 'other'],
      ['Decided on', 'application', 'other'],
      ['Salary wish', 'application', 'other'],
      ['Assessment report', 'application', 'link'],
      ['Assessment passed', 'application', 'yes-no'],
      ['Assessment remarks', 'application', 'text'],
      ['Assessment score', 'application', 'number'],
      ['Assessment status', 'application', 'choice'],
      ['Score range', 'candidate', 'other'],
      ['Last assessment', 'candidate', 'text'],
    ]);
    expect(listed?.ok && listed.value.find(({ type }) => type === 'choice')?.choices).toEqual([
      { choiceId: '77002002', name: 'Completed' },
      { choiceId: '77001002', name: 'Sent' },
    ]);
    expect(http.sent('GET /v3/custom_field_options')[0]?.query).toMatchObject({ custom_field_ids: '31001002' });
  });

  it('ask for the options of at most 50 fields at once', async () => {
    const many = Array.from({ length: 51 }, (_, n) => ({
      id: 5000 + n,
      name: `F${n}`,
      value_type: 'single_select',
      active: true,
    }));
    const { operations, http } = start({ ...FIELDS, 'GET /v3/custom_fields': [rows(...many), rows()] });
    await operations.listFields?.();
    const asked = http.sent('GET /v3/custom_field_options').map(({ query }) => String(query?.custom_field_ids).split(',').length);
    expect(asked).toEqual([50, 1]);
  });

  it('are written each in the form of its type, and nothing else with them', async () => {
    const { operations, sent } = start({ ...FIELDS, [PATCH]: answer('application-updated') });
    const values = [
      onApplication('31001002', '77002002'),
      onApplication('31002002', 86.5),
      onApplication('31003002', 86.5),
      onApplication('31004002', true),
      onApplication('31005002', 'https://tagalong.example/r/1'),
    ];
    expect(await operations.writeFields?.(target, [...values, onApplication('31006002', null)])).toEqual(DONE);
    const fields = [
      '{"custom_field_id":31001002,"value":77002002}',
      '{"custom_field_id":31002002,"value":86.5}',
      '{"custom_field_id":31003002,"value":"86.5"}',
      '{"custom_field_id":31004002,"value":true}',
      '{"custom_field_id":31005002,"value":"https://tagalong.example/r/1"}',
      '{"custom_field_id":31006002,"value":null}',
    ];
    expect(sent(PATCH)).toEqual([`{"custom_fields":[${fields.join(',')}]}`]);
  });

  it('of the person count as written when Greenhouse says no more than that it will do so', async () => {
    const patch = `PATCH /v3/candidates/${CANDIDATE_ID}`;
    const { operations, sent } = start({ ...FIELDS, [patch]: answer('candidate-update-message') });
    const written = await operations.writeFields?.({ applicationId: APPLICATION_ID, candidateId: null }, [
      { fieldId: '32001002', on: 'candidate', value: 'Sent' },
    ]);
    expect(written).toEqual(DONE);
    expect(sent(patch)).toEqual(['{"custom_fields":[{"custom_field_id":32001002,"value":"Sent"}]}']);
  });

  it.each([
    ['text for a number', onApplication('31002002', '86')],
    ['not a number', onApplication('31002002', Number.NaN)],
    ['a word for yes', onApplication('31004002', 'yes')],
    ['the name of an option', onApplication('31001002', 'Completed')],
    ['money', onApplication('31006002', 100)],
    ['a field that was deleted', onApplication('99999002', 'x')],
    ['a field that is not in use', onApplication('31009002', 1)],
    ['a field of somebody else', { fieldId: '31003002', on: 'candidate', value: 'x' } as const],
  ])('%s is refused before anything is written', async (_what, value) => {
    const { operations, http } = start(FIELDS);
    expect(await operations.writeFields?.(target, [value])).toMatchObject({ ok: false, kind: 'refused' });
    expect(http.requests.filter(({ write }) => write)).toEqual([]);
  });

  it('are looked up once for many writes, and again when one is missing', async () => {
    const { operations, http, time } = start({ ...FIELDS, [PATCH]: answer('application-updated') });
    const looks = () => http.sent('GET /v3/custom_fields').length;
    for (let n = 0; n < 3; n++) await operations.writeFields?.(target, [onApplication('31002002', n)]);
    const kept = looks();
    await operations.writeFields?.(target, [onApplication('99999002', 1)]);
    const missing = looks();
    time.now = new Date(time.now.getTime() + 6 * 60_000);
    await operations.writeFields?.(target, [onApplication('31002002', 1)]);
    expect([kept, missing, looks()]).toEqual([1, 2, 3]);
  });

  it('whose answer was lost may have been written: writing again settles that', async () => {
    const { operations } = start({ ...FIELDS, [PATCH]: ['answer lost', answer('application-updated')] });
    const write = () => operations.writeFields?.(target, [onApplication('31002002', 86)]);
    expect([await write(), await write()]).toEqual([expect.objectContaining({ kind: 'ambiguous' }), DONE]);
  });
});

describe('files', () => {
  const file = { name: 'Report TA-9K4D.pdf', contentType: 'application/pdf', bytes: new TextEncoder().encode('%PDF') } as const;

  it('go out as base64, hidden from interviewers, beside the résumé and not in its place', async () => {
    const { operations, sent } = start({ 'POST /v3/attachments': answer('attachment-created') });
    expect(await operations.attachFile?.(target, file)).toEqual({ ok: true, value: { fileId: '505663002' } });
    expect(sent('POST /v3/attachments')).toEqual([
      `{"application_id":${APPLICATION_ID},"filename":"Report TA-9K4D.pdf","type":"other","content":"JVBERg==","visibility":"private"}`,
    ]);
  });

  it('are looked for on every page, with the cursor alone from the second on', async () => {
    const link = '<https://harvest.greenhouse.io/v3/attachments?cursor=abc>; rel="next"';
    const { operations, http } = start({
      'GET /v3/attachments': [{ status: 200, body: [], headers: { link } }, answer('attachments')],
    });
    expect(await operations.findFile?.(target, 'Assessment report TA-7Q2M.pdf')).toEqual({ ok: true, value: 'found' });
    expect(http.sent('GET /v3/attachments').map(({ query }) => query)).toEqual([
      { per_page: 500, application_ids: APPLICATION_ID },
      { cursor: 'abc' },
    ]);
  });

  it('at an application that is gone are not found, also where Greenhouse answers 422', async () => {
    const { operations } = start({ 'GET /v3/applications': rows(), 'POST /v3/attachments': refusal('error-422-field') });
    expect(await operations.attachFile?.(target, file)).toMatchObject({ ok: false, kind: 'not-found' });
  });

  it('never give away their signed addresses', async () => {
    const { operations } = start({
      'GET /v3/attachments': answer('attachments'),
      'POST /v3/attachments': answer('attachment-created'),
    });
    const results = [
      await operations.findFile?.(target, 'alba-cv.pdf'),
      await operations.findFile?.(target, 'none.pdf'),
      await operations.attachFile?.(target, file),
    ];
    expect(JSON.stringify(results)).not.toMatch(/amz|https?:/i);
  });
});

describe('jobs', () => {
  it('are listed without templates, in our words', async () => {
    const { operations } = start({ 'GET /v3/jobs': [answer('jobs'), rows({ id: 1, name: ' ', status: 'archived' })] });
    const listed = await operations.listJobs?.();
    expect(listed?.ok && listed.value.map(({ status, confidential }) => [status, confidential])).toEqual([
      ['open', true],
      ['closed', false],
      ['draft', false],
      ['open', false],
    ]);
    expect(await operations.listJobs?.()).toEqual({
      ok: true,
      value: [{ jobId: '1', name: null, status: 'unknown', confidential: false }],
    });
  });

  it('have openings, which may have no name, and posts', async () => {
    const { operations, http } = start({ 'GET /v3/openings': answer('openings'), 'GET /v3/job_posts': answer('job-posts') });
    expect(await operations.listOpenings?.('4310442002')).toEqual({
      ok: true,
      value: [
        { openingId: '61003002', name: 'ENG-104-2', open: true },
        { openingId: '61002002', name: null, open: true },
        { openingId: '61001002', name: 'ENG-104-1', open: false },
      ],
    });
    expect(await operations.listJobPosts?.('4310442002')).toMatchObject({
      value: [{ live: false }, { jobPostId: '5120020002', title: 'Backend Engineer', live: true }],
    });
    const asked = http.requests.length;
    expect(await operations.listOpenings?.('not an id')).toEqual({ ok: true, value: [] });
    expect(http.requests).toHaveLength(asked);
  });
});

describe('whoever acts', () => {
  it('is named by a token of their own in every write, and in no read', async () => {
    const minted: unknown[] = [];
    const { operations, http } = start({
      'POST /token': ({ form }) => {
        minted.push(form?.sub ?? null);
        return { status: 200, body: { access_token: `token of ${form?.sub ?? 'the connection'}`, expires_in: 3600 } };
      },
      'GET /v3/openings': rows(),
      ...Object.fromEntries(['move', 'reject', 'hire'].map((verb) => [at(verb), EMPTY])),
      'POST /v3/attachments': answer('attachment-created'),
    });
    const acting = { ...target, actingUserId: '4530118002' };
    await operations.advance?.(acting, { fromStageId: STAGES.test });
    await operations.transfer?.(acting, { fromStageId: STAGES.test, toJobId: '4310443002' });
    await operations.reject?.(acting, { reasonId: '4011002', note: null });
    await operations.hire?.(acting, { openingId: null, reasonId: null, startsAt: null });
    const file = { name: 'a.pdf', contentType: 'application/pdf', bytes: new Uint8Array(1) } as const;
    await operations.attachFile?.(acting, file);
    const tokens = http.requests
      .filter(({ url }) => url.includes('/v3/'))
      .map(({ write, headers }) => `${write ? 'write' : 'read'} ${headers?.authorization}`);
    expect([...new Set(tokens)].toSorted()).toEqual(['read Bearer token of the connection', 'write Bearer token of 4530118002']);
    expect(tokens.filter((line) => line.startsWith('write'))).toHaveLength(5);
  });
});
