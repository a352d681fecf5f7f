/**
 * Greenhouse Recruiting through Harvest v1 with an API key. Greenhouse itself answers no v1 call since 2026-08-31: this is for gateways
 * that still speak it. Only what the known permission list of a v1 key allows is called. https://developers.greenhouse.io/harvest.html
 */
import type { ConnectionSettings } from '../../../lib/contract/settings.ts';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { createGreenhousePacing } from '../greenhouse/pacing.ts';
import type { AtsAdapter, WriteTarget } from '../port.ts';
import { checkReading, findApplications, findChangedSince, listDispositionReasons, listStages } from './calls.ts';
import { createGreenhouseV1Client, type GreenhouseV1Client } from './client.ts';
import { listUsers } from './list-users.ts';
import { moveToStage } from './move-to-stage.ts';
import { createGreenhouseV1Names } from './names.ts';
import { findNote, writeNote } from './notes.ts';
import { readApplication, readGreenhouseV1Snapshot } from './read-snapshot.ts';
import { addTag, removeTag } from './tags.ts';

export interface GreenhouseV1AdapterOptions {
  http: HttpClient;
  /** `serviceUserId` must name the acting user. */
  settings: Extract<ConnectionSettings, { kind: 'greenhouse' }>;
  apiKey: string;
  clock: Clock;
  connectionId: string;
}

/** Keep one per connection: it remembers the stages of jobs for some minutes. */
export function createGreenhouseV1Adapter({
  http,
  settings,
  apiKey,
  clock,
  connectionId,
}: GreenhouseV1AdapterOptions): AtsAdapter {
  const { apiUrl, serviceUserId: onBehalfOf } = settings;
  const client = createGreenhouseV1Client({ http, pacing: createGreenhousePacing(clock), apiUrl, apiKey, onBehalfOf });
  const names = createGreenhouseV1Names(client, clock);
  return {
    kind: 'greenhouse',
    capabilities: { updatesNotes: false, stagesPerJob: true },
    operations: { listUsers: () => listUsers(client) },
    readSnapshot: (applicationId) => readGreenhouseV1Snapshot({ client, names, clock, connectionId }, applicationId),
    findApplications: (candidateId) => findApplications(client, candidateId),
    findChangedSince: (query) => findChangedSince(client, query),
    listStages: () => listStages(client),
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

/** Tags and notes belong to the person; whom we know only by the application is looked up. */
async function forCandidate<T>(
  client: GreenhouseV1Client,
  target: WriteTarget,
  act: (candidateId: string) => Promise<CallResult<T>>,
): Promise<CallResult<T>> {
  if (target.candidateId !== null) return act(target.candidateId);
  const application = await readApplication(client, target.applicationId);
  if (!application.ok) return application;
  const candidateId = application.value.candidate_id;
  if (candidateId === null) return { ok: false, kind: 'not-found', status: 404, detail: 'The application names no candidate' };
  return act(candidateId);
}
