/**
 * Greenhouse Recruiting through Harvest v3 with OAuth client credentials. https://harvestdocs.greenhouse.io
 * (v1 and v2 were switched off on 2026-08-31.)
 */
import type { ConnectionSettings } from '../../../lib/contract/settings.ts';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { succeed } from '../../outbound/outcome.ts';
import type { RateLimiter } from '../../outbound/rate-limiter.ts';
import type { AtsAdapter, AtsWebhooks } from '../port.ts';
import type { TokenStore } from '../token-store.ts';
import { checkReading, findApplications, listDispositionReasons, listStages, listStagesOfJob } from './calls.ts';
import { createGreenhouseClient } from './client.ts';
import { findChangedSince } from './find-changed.ts';
import { forCandidate } from './for-candidate.ts';
import { readAccountName } from './introspect.ts';
import { moveToStage } from './move-to-stage.ts';
import { createGreenhouseNames } from './names.ts';
import { findNote, writeNote } from './notes.ts';
import { createGreenhouseOperations } from './operations.ts';
import { readGreenhouseSnapshot } from './read-snapshot.ts';
import { CHANGE_RIGHTS } from './rights.ts';
import { addTag, removeTag } from './tags.ts';
import { toGreenhouseHints } from './to-hints.ts';
import { createGreenhouseTokens } from './token.ts';
import { verifyGreenhouseDelivery } from './verify-delivery.ts';
import { GREENHOUSE_EVENTS } from './webhook-events.ts';

type GreenhouseSettings = Extract<ConnectionSettings, { kind: 'greenhouse' }>;

export interface GreenhouseAdapterOptions {
  http: HttpClient;
  /** Of this credential's allowance; the token endpoint is outside of it. */
  limiter: RateLimiter;
  settings: GreenhouseSettings;
  clientId: string;
  clientSecret: string;
  tokens: TokenStore;
  clock: Clock;
  connectionId: string;
  /** Of which a list is taken; as many as one could want, unless said otherwise. */
  maxPages?: number;
}

/** Keep one per connection: it remembers names of stages and reasons for some minutes. */
export function createGreenhouseAdapter(options: GreenhouseAdapterOptions): AtsAdapter {
  const { http, settings, clientId, clientSecret, clock, connectionId, maxPages } = options;
  const credential = { authUrl: settings.authUrl, clientId, clientSecret, serviceUserId: settings.serviceUserId };
  const tokens = createGreenhouseTokens({
    http,
    store: options.tokens,
    clock,
    connectionId,
    credential,
    singleToken: settings.singleToken,
  });
  const client = createGreenhouseClient({ http, limiter: options.limiter, tokens, apiUrl: settings.apiUrl, maxPages });
  const names = createGreenhouseNames(client, clock);
  return {
    kind: 'greenhouse',
    capabilities: { updatesNotes: false, stagesPerJob: true },
    changeRights: CHANGE_RIGHTS,
    operations: createGreenhouseOperations({ client, clock, fromStageIdSpace: settings.fromStageIdSpace }),
    readSnapshot: (applicationId) => readGreenhouseSnapshot({ client, names, clock, connectionId }, applicationId),
    findApplications: (candidateId) => findApplications(client, candidateId),
    findChangedSince: (query) => findChangedSince(client, query),
    listStages: (jobId) => (jobId === undefined ? listStages(client) : listStagesOfJob(client, jobId)),
    listDispositionReasons: () => listDispositionReasons(client),
    addTag: (target, tag) =>
      forCandidate(client, target, (candidateId) => addTag(client.as(target.actingUserId), candidateId, tag)),
    removeTag: (target, tag) =>
      forCandidate(client, target, (candidateId) => removeTag(client.as(target.actingUserId), candidateId, tag)),
    writeNote: (target, note) =>
      forCandidate(client, target, (candidateId) =>
        writeNote(client.as(target.actingUserId), { candidateId, applicationId: target.applicationId, ...note }),
      ),
    findNote: (target, reference) => forCandidate(client, target, (candidateId) => findNote(client, candidateId, reference)),
    moveToStage: ({ applicationId, actingUserId }, move) =>
      moveToStage(client.as(actingUserId), settings.fromStageIdSpace, { applicationId, ...move }),
    async check() {
      const read = await checkReading(client);
      if (!read.ok) return read;
      const token = await tokens.get();
      return token.ok ? succeed({ account: await readAccountName(http, credential, token.value) }) : token;
    },
  };
}

export const greenhouseWebhooks: AtsWebhooks = {
  kind: 'greenhouse',
  events: GREENHOUSE_EVENTS,
  verifyDelivery: verifyGreenhouseDelivery,
  toHints: toGreenhouseHints,
};
