import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { greenhouseSettingsSchema } from '../../../../lib/contract/settings.ts';
import { createGreenhouseV1Adapter } from '../../../../server/ats/greenhouse-v1/index.ts';
import type { AtsOperations } from '../../../../server/ats/operations.ts';
import { parseJson } from '../../../../server/outbound/parse-json.ts';
import { UNLIMITED } from '../../../../server/outbound/rate-limiter.ts';
import { createFakeHttp, type FakeRoute } from '../../../support/fake-http.ts';

const read = (name: string): unknown =>
  parseJson(readFileSync(new URL(`../../../fixtures/greenhouse/v1-${name}.json`, import.meta.url), 'utf8'));
const answer = (name: string) => ({ status: 200, body: read(name) });
const CANDIDATE = '259096501002';
const APPLICATION = '273686618002';
const target = { applicationId: APPLICATION, candidateId: CANDIDATE };
const DONE = { ok: true, value: undefined };

function start(routes: Record<string, FakeRoute | FakeRoute[]>) {
  const http = createFakeHttp(routes);
  const settings = greenhouseSettingsSchema.parse({
    kind: 'greenhouse',
    api: 'v1',
    apiUrl: 'https://harvest.greenhouse.io',
    serviceUserId: '4530118002',
  });
  const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
  const adapter = createGreenhouseV1Adapter({ http, limiter: UNLIMITED, settings, apiKey: 'key-1', clock, connectionId: 'c' });
  const operations: AtsOperations = adapter.operations;
  return { operations, sent: (route: string) => http.sent(route).map(({ json }) => JSON.stringify(json)), http };
}

describe('fields of candidates in v1', () => {
  const GET = `GET /v1/candidates/${CANDIDATE}`;
  const PATCH = `PATCH /v1/candidates/${CANDIDATE}`;
  const on = 'candidate' as const;

  it('are those that candidates come with, by their keys; what a choice may be is not told', async () => {
    const { operations, http } = start({ 'GET /v1/candidates': { status: 200, body: [read('candidate')] } });
    expect(await operations.listFields?.()).toEqual({
      ok: true,
      value: [
        { fieldId: 'assessment_score', name: 'Assessment score', on, type: 'number', choices: [] },
        { fieldId: 'last_assessment', name: 'Last assessment', on, type: 'text', choices: [] },
        { fieldId: 'seniority', name: 'Seniority', on, type: 'other', choices: [] },
      ],
    });
    expect(http.requests).toHaveLength(1);
  });

  it('are written by key, emptied by a word of their own, and nothing else with them', async () => {
    const { operations, sent } = start({ [GET]: answer('candidate'), [PATCH]: answer('candidate') });
    const values = [
      { fieldId: 'last_assessment', on, value: 86 },
      { fieldId: 'assessment_score', on, value: null },
    ];
    expect(await operations.writeFields?.(target, values)).toEqual(DONE);
    expect(sent(PATCH)).toEqual([
      '{"custom_fields":[{"name_key":"last_assessment","value":"86"},{"name_key":"assessment_score","delete_value":"true"}]}',
    ]);
  });

  it.each([
    ['a choice', { fieldId: 'seniority', on, value: '77001002' }],
    ['text for a number', { fieldId: 'assessment_score', on, value: '86' }],
    ['a field of the application', { fieldId: 'assessment_score', on: 'application', value: 86 } as const],
  ])('%s is refused before anything is written', async (_what, value) => {
    const { operations, http } = start({ [GET]: answer('candidate') });
    expect(await operations.writeFields?.(target, [value])).toMatchObject({ ok: false, kind: 'refused' });
    expect(http.requests.filter(({ write }) => write)).toEqual([]);
  });
});

describe('a transfer in v1', () => {
  const GET = `GET /v1/applications/${APPLICATION}`;
  const POST = `POST /v1/applications/${APPLICATION}/transfer_to_job`;
  const move = { fromStageId: '11774665002', toJobId: '4310443002' };
  const there = { status: 200, body: { ...(read('application') as object), jobs: [{ id: 4310443002, name: 'Data Engineer' }] } };

  it('names the new job, whose first stage it is', async () => {
    const { operations, sent } = start({ [GET]: answer('application'), [POST]: answer('application') });
    expect(await operations.transfer?.(target, move)).toEqual(DONE);
    expect(sent(POST)).toEqual(['{"new_job_id":4310443002}']);
  });

  it('whose answer was lost is done when Greenhouse shows it, else nobody knows', async () => {
    const shown = start({ [GET]: [answer('application'), there], [POST]: 'answer lost' });
    expect(await shown.operations.transfer?.(target, move)).toEqual(DONE);
    const hidden = start({ [GET]: answer('application'), [POST]: 'answer lost' });
    expect(await hidden.operations.transfer?.(target, move)).toMatchObject({ ok: false, kind: 'ambiguous' });
  });

  it('that v1 refuses says which field was wrong', async () => {
    const { operations } = start({ [GET]: answer('application'), [POST]: { status: 422, body: read('error-422') } });
    expect(await operations.transfer?.(target, move)).toMatchObject({
      kind: 'refused',
      detail: expect.stringContaining('visibility must be one of'),
    });
  });
});

describe('jobs in v1', () => {
  it('have openings and posts; posts of other jobs are left out', async () => {
    const { operations } = start({
      'GET /v1/jobs': answer('jobs'),
      'GET /v1/jobs/4310442002/openings': answer('openings'),
      'GET /v1/job_posts': answer('job-posts'),
    });
    expect(await operations.listJobs?.()).toMatchObject({
      value: [{ jobId: '4310442002', status: 'open', confidential: false }],
    });
    expect(await operations.listOpenings?.('4310442002')).toEqual({
      ok: true,
      value: [
        { openingId: '61002002', name: null, open: true },
        { openingId: '61001002', name: 'ENG-104-1', open: false },
      ],
    });
    expect(await operations.listJobPosts?.('4310442002')).toMatchObject({ value: [{ jobPostId: '5120020002', live: true }] });
    expect(await operations.listJobPosts?.('4310443002')).toEqual({ ok: true, value: [] });
  });
});
