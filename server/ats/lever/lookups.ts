/** The account's own words (stages, archive reasons, postings), kept for a minute: each snapshot needs them. */
import type { Clock } from '../../clock.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { KeptNames } from '../kept-names.ts';
import type { LeverClient } from './client.ts';
import {
  type LeverArchiveReason,
  type LeverPosting,
  type LeverStage,
  leverArchiveReasonSchema,
  leverPostingSchema,
  leverStageSchema,
} from './schemas.ts';

/** A renamed posting rewrites the tags of its opportunities, so a copy must not grow old. */
const KEEP_MS = 60_000;
const MAX_POSTINGS = 500;

/** Each answers null where the key may not see it and nothing was kept: names are then missing, the rest works on. Other failures are passed on. */
export interface LeverLookups {
  stages(): Promise<CallResult<LeverStage[] | null>>;
  archiveReasons(): Promise<CallResult<LeverArchiveReason[] | null>>;
  posting(id: string): Promise<CallResult<LeverPosting | null>>;
}

/** `keptNames` stand in for what the key may not list. */
export function createLeverLookups(
  client: LeverClient,
  clock: Clock,
  keptNames: () => ReturnType<KeptNames['read']>,
): LeverLookups {
  const keptStages = async () => (await keptNames()).stages.map(({ stageId, name }) => ({ id: stageId, text: name }));
  const keptReasons = async () =>
    (await keptNames()).reasons.map(({ reasonId, name, kind }) => ({ id: reasonId, text: name, type: kind }));
  const postings = new Map<string, () => Promise<CallResult<LeverPosting | null>>>();
  return {
    // https://hire.lever.co/developer/documentation#list-all-stages
    stages: remember(clock, () => client.list(['stages'], {}, leverStageSchema), keptStages),
    // https://hire.lever.co/developer/documentation#list-all-archive-reasons
    archiveReasons: remember(clock, () => client.list(['archive_reasons'], {}, leverArchiveReasonSchema), keptReasons),
    posting(id) {
      if (!postings.has(id) && postings.size >= MAX_POSTINGS) postings.clear();
      // https://hire.lever.co/developer/documentation#retrieve-a-single-posting
      const read = postings.get(id) ?? remember(clock, () => client.get(['postings', id], {}, leverPostingSchema));
      postings.set(id, read);
      return read();
    },
  };
}

function remember<T>(
  clock: Clock,
  read: () => Promise<CallResult<T>>,
  instead?: () => Promise<T>,
): () => Promise<CallResult<T | null>> {
  let kept: { value: T | null; until: number } | undefined;
  return async () => {
    const now = clock.now().getTime();
    if (kept && now < kept.until) return succeed(kept.value);
    const result = await read();
    if (!result.ok && result.kind !== 'forbidden' && result.kind !== 'not-found') return result;
    const value = result.ok ? result.value : ((await instead?.()) ?? null);
    kept = { value, until: now + KEEP_MS };
    return succeed(kept.value);
  };
}
