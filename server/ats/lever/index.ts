import type { z } from 'zod';
import type { leverSettingsSchema } from '../../../lib/contract/settings.ts';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { RateLimiter } from '../../outbound/rate-limiter.ts';
import type { KeptNames } from '../kept-names.ts';
import type { AtsAdapter, AtsWebhooks } from '../port.ts';
import { addTag, check, findNote, moveToStage, removeTag, toAtsReasons, toAtsStages, writeNote } from './calls.ts';
import { createLeverClient } from './client.ts';
import type { LeverCredential } from './credential.ts';
import { findLeverApplications } from './find-applications.ts';
import { findChangedSince } from './find-changed.ts';
import { createLeverLookups } from './lookups.ts';
import { createLeverOperations } from './operations.ts';
import { readLeverSnapshot } from './read-snapshot.ts';
import { mapped } from './results.ts';
import { CHANGE_RIGHTS } from './rights.ts';
import { leverArchiveReasonSchema, leverStageSchema } from './schemas.ts';
import { toLeverHints } from './to-hints.ts';
import { verifyLeverDelivery } from './verify-delivery.ts';

export interface LeverAdapterOptions {
  /** Made with LEVER_HOSTS (or the host of a TEST_HOSTS address) as its allowed hosts. */
  http: HttpClient;
  settings: z.infer<typeof leverSettingsSchema>;
  credential: LeverCredential;
  clock: Clock;
  connectionId: string;
  /** What the set-up saw, for credentials that may not list stages. */
  keptNames: KeptNames;
  /** Of this credential's allowance. */
  limiter: RateLimiter;
  /** Of which a list is taken; as many as one could want, unless said otherwise. */
  maxPages?: number;
}

/** Lever for one credential. */
export function createLeverAdapter(options: LeverAdapterOptions): AtsAdapter {
  const { http, limiter, settings, credential, clock, connectionId, maxPages } = options;
  const { apiUrl, performAs } = settings;
  const client = createLeverClient({ http, limiter, apiUrl, credential, performAs, maxPages });
  const keptNames = () => options.keptNames.read(connectionId);
  const reading = { client, lookups: createLeverLookups(client, clock, keptNames), clock, connectionId };
  // Asks Lever itself each time: a stage that was just made there has to show up on the set-up page.
  const listStages = async () =>
    orKept(mapped(await client.list(['stages'], {}, leverStageSchema), toAtsStages), async () => (await keptNames()).stages);
  return {
    kind: 'lever',
    capabilities: { updatesNotes: true, stagesPerJob: false },
    changeRights: CHANGE_RIGHTS,
    operations: createLeverOperations({
      client,
      performAs,
      listStages,
      keptReasons: async () => (await keptNames()).reasons,
    }),
    readSnapshot: (applicationId) => readLeverSnapshot(reading, applicationId),
    findApplications: (candidateId) => findLeverApplications(reading, candidateId),
    findChangedSince: findChangedSince(client),
    listStages,
    listDispositionReasons: async () =>
      orKept(
        mapped(await client.list(['archive_reasons'], {}, leverArchiveReasonSchema), toAtsReasons),
        async () => (await keptNames()).reasons,
      ),
    addTag: (target, tag) => addTag(client, target, tag),
    removeTag: (target, tag) => removeTag(client, target, tag),
    writeNote: (target, note) => writeNote(client, target, note),
    findNote: (target, reference) => findNote(client, target.applicationId, reference),
    moveToStage: (target, move) => moveToStage(client, target, move),
    check: () => check(client),
  };
}

/** Nothing kept is no answer: then the missing right is. */
async function orKept<T>(listed: CallResult<T[]>, kept: () => Promise<T[]>): Promise<CallResult<T[]>> {
  if (listed.ok || listed.kind !== 'forbidden') return listed;
  const instead = await kept();
  return instead.length > 0 ? succeed(instead) : listed;
}

/** Each event has an address and a signature token of its own: https://hire.lever.co/developer/documentation#webhooks */
export const leverWebhooks: AtsWebhooks = {
  kind: 'lever',
  events: [
    {
      name: 'candidateStageChange',
      purpose: 'Without it assessments are only sent when the sweep notices the new stage.',
      required: true,
    },
    {
      name: 'candidateArchiveChange',
      purpose: 'Without it open invitations are cancelled and outcomes recorded only when the sweep notices the archiving.',
      required: true,
    },
    {
      name: 'applicationCreated',
      purpose: 'Without it candidates who apply straight into an assessment stage wait for the sweep.',
      required: false,
    },
    { name: 'candidateHired', purpose: 'Without it a hire is recorded only when the sweep notices it.', required: false },
    { name: 'candidateDeleted', purpose: 'Without it a deleted candidate is noticed only at the next reading.', required: false },
  ],
  verifyDelivery: verifyLeverDelivery,
  toHints: toLeverHints,
};
