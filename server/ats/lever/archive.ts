/**
 * Archiving, which in Lever is both rejecting and hiring: the reason's type tells which. All are safe to repeat: each looks first at
 * what the opportunity is now. https://hire.lever.co/developer/documentation#update-opportunity-archived-state
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsDispositionReason, WriteTarget } from '../port.ts';
import { toAtsReasons } from './calls.ts';
import type { LeverClient } from './client.ts';
import { done, mapped, refused } from './results.ts';
import { leverArchiveReasonSchema, leverOpportunitySchema } from './schemas.ts';

export interface LeverArchiving {
  client: LeverClient;
  /** For keys that may not list archive reasons. */
  keptReasons(): Promise<readonly AtsDispositionReason[]>;
}

/** Lever keeps no words with an archiving: `note` of the port is the caller's to write as a note. */
export async function reject(archiving: LeverArchiving, target: WriteTarget, reasonId: string): Promise<CallResult<void>> {
  const now = await readArchived(archiving, target);
  if (!now.ok) return now;
  if (now.value) return now.value.reason === reasonId ? succeed(undefined) : refused(ALREADY);
  const reasons = await readReasons(archiving);
  if (!reasons.ok) return reasons;
  const reason = reasons.value?.find((one) => one.reasonId === reasonId);
  if (reasons.value && !reason) return refused('That archive reason is no longer there in Lever.');
  if (reason?.kind === 'hired') return refused('That archive reason says that the candidate was hired.');
  return archive(archiving, target, reasonId);
}

/** Not for the hired: whoever takes that back does so in Lever. */
export async function unreject(archiving: LeverArchiving, target: WriteTarget): Promise<CallResult<void>> {
  const now = await readArchived(archiving, target);
  if (!now.ok) return now;
  if (!now.value) return succeed(undefined);
  const kind = await kindOf(archiving, now.value.reason);
  if (!kind.ok) return kind;
  return kind.value === 'hired' ? refused('The candidate has been hired meanwhile.') : archive(archiving, target, null);
}

/** Without a reason of their own, the account's one reason of type hired. */
export async function hire(archiving: LeverArchiving, target: WriteTarget, reasonId: string | null): Promise<CallResult<void>> {
  const now = await readArchived(archiving, target);
  if (!now.ok) return now;
  if (now.value) {
    const kind = await kindOf(archiving, now.value.reason);
    if (!kind.ok) return kind;
    return kind.value === 'hired' || now.value.reason === reasonId ? succeed(undefined) : refused(ALREADY);
  }
  const reasons = await readReasons(archiving);
  if (!reasons.ok) return reasons;
  const hired = (reasons.value ?? []).filter(({ kind, active }) => kind === 'hired' && active);
  const [only] = hired;
  const chosen = hired.find((one) => one.reasonId === reasonId) ?? (reasonId === null && hired.length === 1 ? only : undefined);
  if (!chosen) return refused('To hire somebody, Lever wants one of its archive reasons of the type "hired". Choose one.');
  return archive(archiving, target, chosen.reasonId);
}

const ALREADY = 'The candidate has been archived for another reason meanwhile.';

async function archive({ client }: LeverArchiving, target: WriteTarget, reason: string | null): Promise<CallResult<void>> {
  return done(await client.write('PUT', ['opportunities', target.applicationId, 'archived'], { json: { reason } }, target));
}

async function readArchived({ client }: LeverArchiving, target: WriteTarget) {
  const read = await client.get(['opportunities', target.applicationId], {}, leverOpportunitySchema);
  return mapped(read, ({ archived }) => archived ?? null);
}

/** https://hire.lever.co/developer/documentation#list-all-archive-reasons ; null where neither Lever nor what was kept tells. */
async function readReasons({ client, keptReasons }: LeverArchiving): Promise<CallResult<readonly AtsDispositionReason[] | null>> {
  const listed = mapped(await client.list(['archive_reasons'], {}, leverArchiveReasonSchema), toAtsReasons);
  if (listed.ok || listed.kind !== 'forbidden') return listed;
  const kept = await keptReasons();
  return succeed(kept.length > 0 ? kept : null);
}

async function kindOf(archiving: LeverArchiving, reasonId: string | null | undefined) {
  const reasons = await readReasons(archiving);
  return mapped(reasons, (list) => list?.find((one) => one.reasonId === reasonId)?.kind ?? 'unknown');
}
