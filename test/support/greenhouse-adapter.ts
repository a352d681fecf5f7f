import { greenhouseSettingsSchema } from '../../lib/contract/settings.ts';
import { createGreenhouseAdapter, type GreenhouseAdapterOptions } from '../../server/ats/greenhouse/index.ts';
import { UNLIMITED } from '../../server/outbound/rate-limiter.ts';
import application from '../fixtures/greenhouse/application.json' with { type: 'json' };
import stageRows from '../fixtures/greenhouse/application-stages.json' with { type: 'json' };
import candidate from '../fixtures/greenhouse/candidate.json' with { type: 'json' };
import job from '../fixtures/greenhouse/job.json' with { type: 'json' };
import jobStages from '../fixtures/greenhouse/job-interview-stages.json' with { type: 'json' };
import reasons from '../fixtures/greenhouse/rejection-reasons.json' with { type: 'json' };
import { createFakeHttp, type FakeRoute } from './fake-http.ts';
import { createMemoryTokenStore } from './memory-token-store.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
export const APPLICATION_ID = '273686618002';
export const CANDIDATE_ID = '259096501002';

/** Stages of the fixtures' job, and the row of the stage history that belongs to the current one. */
export const STAGES = { review: '11774664002', test: '11774665002', onsite: '11774666002', currentRow: '999000111002' };

export const fixtures = { application, stageRows, candidate, job, jobStages, reasons };

export const rows = (...body: unknown[]) => ({ status: 200, body });

/** One application in the stage "Take Home Test", as the fixtures tell it. */
const WORLD: Record<string, FakeRoute | FakeRoute[]> = {
  'POST /token': { status: 200, body: { token_type: 'Bearer', access_token: 'token-1', expires_in: 3600 } },
  'GET /v3/applications': rows(application),
  'GET /v3/application_stages': (request) =>
    rows(...stageRows.filter((row) => request.query?.current === undefined || row.current === request.query.current)),
  'GET /v3/candidates': rows(candidate),
  'GET /v3/jobs': rows(job),
  'GET /v3/job_interview_stages': rows(...jobStages),
  'GET /v3/rejection_reasons': rows(...reasons),
  'GET /v3/rejection_details': rows(),
};

/** The adapter with an HTTP client that answers from the fixtures, and from `routes` where they say otherwise. */
export function makeGreenhouse(
  routes: Record<string, FakeRoute | FakeRoute[]> = {},
  settings: Record<string, unknown> = {},
  options: Partial<GreenhouseAdapterOptions> = {},
) {
  const http = createFakeHttp({ ...WORLD, ...routes });
  const time = { now: NOW };
  const adapter = createGreenhouseAdapter({
    http,
    limiter: UNLIMITED,
    settings: greenhouseSettingsSchema.parse({ kind: 'greenhouse', ...settings }),
    clientId: 'client-7',
    clientSecret: 'hush',
    tokens: createMemoryTokenStore(),
    clock: { now: () => time.now },
    connectionId: 'connection-1',
    ...options,
  });
  return { adapter, http, time };
}

/** The stage history after `POST /v3/applications/<id>/move`: the same rows with another current one. */
export function stageRowsAt(stageId: string) {
  return stageRows.map((row) => ({
    ...row,
    job_interview_stage_id: row.current ? Number(stageId) : row.job_interview_stage_id,
  }));
}
