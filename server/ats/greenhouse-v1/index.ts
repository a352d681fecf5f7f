/**
 * Greenhouse Recruiting through Harvest v1 with an API key. Greenhouse itself answers no v1 call since 2026-08-31: this is for gateways
 * that still speak it. Only what the known permission list of a v1 key allows is called. https://developers.greenhouse.io/harvest.html
 */
import type { ConnectionSettings } from '../../../lib/contract/settings.ts';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { succeed } from '../../outbound/outcome.ts';
import type { RateLimiter } from '../../outbound/rate-limiter.ts';
import type { AtsAdapter } from '../port.ts';
import { checkReading, findApplications, findChangedSince, listDispositionReasons, listStages } from './calls.ts';
import { createGreenhouseV1Client } from './client.ts';
import { forCandidate } from './for-candidate.ts';
import { moveToStage } from './move-to-stage.ts';
import { createGreenhouseV1Names } from './names.ts';
import { findNote, writeNote } from './notes.ts';
import { createGreenhouseV1Operations } from './operations.ts';
import { readGreenhouseV1Snapshot } from './read-snapshot.ts';
import { CHANGE_RIGHTS } from './rights.ts';
import { listStagesOfJob } from './stages-of-job.ts';
import { addTag, removeTag } from './tags.ts';

export interface GreenhouseV1AdapterOptions {
  http: HttpClient;
  limiter: RateLimiter;
  /** `serviceUserId` must name the acting user. */
  settings: Extract<ConnectionSettings, { kind: 'greenhouse' }>;
  apiKey: string;
  clock: Clock;
  connectionId: string;
}

/** Keep one per connection: it remembers the stages of jobs for some minutes. */
export function createGreenhouseV1Adapter({
  http,
  limiter,
  settings,
  apiKey,
  clock,
  connectionId,
}: GreenhouseV1AdapterOptions): AtsAdapter {
  const { apiUrl, serviceUserId: onBehalfOf } = settings;
  const client = createGreenhouseV1Client({ http, limiter, apiUrl, apiKey, onBehalfOf });
  const names = createGreenhouseV1Names(client, clock);
  return {
    kind: 'greenhouse',
    capabilities: { updatesNotes: false, stagesPerJob: true },
    changeRights: CHANGE_RIGHTS,
    operations: createGreenhouseV1Operations(client),
    readSnapshot: (applicationId) => readGreenhouseV1Snapshot({ client, names, clock, connectionId }, applicationId),
    findApplications: (candidateId) => findApplications(client, candidateId),
    findChangedSince: (query) => findChangedSince(client, query),
    listStages: (jobId) => (jobId === undefined ? listStages(client) : listStagesOfJob(names, jobId)),
    listDispositionReasons: () => listDispositionReasons(client),
    addTag: (target, tag) =>
      forCandidate(client, target, (candidateId) => addTag(client.as(target.actingUserId), candidateId, tag)),
    removeTag: (target, tag) =>
      forCandidate(client, target, (candidateId) => removeTag(client.as(target.actingUserId), candidateId, tag)),
    writeNote: (target, note) =>
      forCandidate(client, target, (candidateId) => writeNote(client.as(target.actingUserId), { candidateId, ...note })),
    findNote: (target, reference) => forCandidate(client, target, (candidateId) => findNote(client, candidateId, reference)),
    moveToStage: ({ applicationId, actingUserId }, move) => moveToStage(client.as(actingUserId), { applicationId, ...move }),
    // v1 tells nobody whose key it is.
    async check() {
      const read = await checkReading(client);
      return read.ok ? succeed({ account: null }) : read;
    },
  };
}
