import type { Snapshot } from '../../lib/domain/application.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { AtsAdapter } from '../ats/port.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import type { Case } from '../storage/load-case.ts';
import type { Input } from '../workflow/input.ts';
import type { Policy } from '../workflow/policy.ts';
import type { Connector } from './connector.ts';
import type { VendorAnswer } from './lane-events.ts';
import { failuresInARow } from './read-trouble.ts';

/**
 * How the re-read went. `absent`: not visible to us, which erases nothing; `deleted` when the ATS itself says why. `later`: could not be
 * read just now.
 */
export type ReadOutcome =
  | { kind: 'fresh'; snapshot: Snapshot }
  | { kind: 'absent'; trouble: CallFailure; deleted: boolean }
  | { kind: 'later'; trouble: CallFailure; retryAfterMs: number }
  | { kind: 'not-needed' };

/** Doubled with each failure: what is over in a moment costs a moment. */
const RETRY_READ_MS = { first: 1_000, most: 60_000 };
/** Only an admin can mend that; a click or a webhook tries at once. */
const RETRY_CREDENTIAL_MS = 2 * 60_000;

/** A click rests on what the panel showed a moment ago, because its release reads again; older than this it is read first. */
const FRESH_ENOUGH_MS = 120_000;

export function needsSnapshot(current: Case, now: Date): boolean {
  const { hinted, handled, dueAt, snapshotAt } = current.row;
  if (current.erasing) return true;
  if (hinted > handled) return true;
  if (dueAt && dueAt.getTime() <= now.getTime()) return true;
  const stale = !snapshotAt || current.state.vanished || now.getTime() - snapshotAt.getTime() > FRESH_ENOUGH_MS;
  return current.inputs.some(({ input }) => alwaysReads(input) || (stale && restsOnSnapshot(input)));
}

function restsOnSnapshot(input: Input): boolean {
  return alwaysReads(input) || input.kind === 'send' || reachesCandidate(input);
}

/** At once and without a hold, so that nothing looks once more. */
function reachesCandidate({ kind }: Input): boolean {
  return kind === 'send-again' || kind === 'resend' || kind === 'correct-email';
}

/** A result may move the candidate, so it looks first where the candidate is. */
function alwaysReads(input: Input): boolean {
  const isResult = input.kind === 'vendor-hint' || input.kind === 'poll' || input.kind === 'enter-result';
  const isClick = input.kind === 'move' || input.kind === 'add-tag' || input.kind === 'change';
  return isResult || isClick || isChangeMade(input) || input.kind === 'anonymised' || input.kind === 'deleted';
}

/** Where the ATS sends no webhook, its own state would otherwise be shown as it was before the change until the sweep comes by. */
function isChangeMade(input: Input): boolean {
  return input.kind === 'effect' && input.report.type === 'effect.done' && input.report.effect === 'change-application';
}

/**
 * While the ATS cannot be read, a click that rests on it and that nothing will check once more waits; one with a hold does not,
 * because its release reads.
 */
export function waitsForRead(input: Input, given: { snapshot: Snapshot | null; policy: Pick<Policy, 'holdSeconds'> }): boolean {
  const sendsAtOnce = reachesCandidate(input) || (input.kind === 'send' && given.policy.holdSeconds === 0);
  const writes = input.kind === 'move' || input.kind === 'add-tag' || input.kind === 'change';
  const isClick = sendsAtOnce || input.kind === 'send' || writes;
  if (input.kind === 'anonymised') return true;
  return isClick && (given.snapshot === null || sendsAtOnce);
}

/**
 * Re-reads the application. No transaction is open here. Where the ATS gave its word that it was deleted that word stands, however the
 * reading would go: another server of the ATS may show it for a moment longer. Whoever is being erased counts as deleted, too.
 */
export async function readApplication(connector: Connector, current: Case): Promise<ReadOutcome> {
  if (current.erasing || current.inputs.some(({ input }) => input.kind === 'deleted'))
    return { kind: 'absent', trouble: { kind: 'not-found', status: 404, detail: 'It was deleted.' }, deleted: true };
  const adapter = await connector.ats(current.row.connectionId);
  if (!adapter.ok) return { kind: 'later', trouble: adapter, retryAfterMs: 5 * 60_000 };
  const read = await adapter.value.readSnapshot(current.row.applicationId);
  if (read.ok) return { kind: 'fresh', snapshot: read.value };
  switch (read.kind) {
    case 'not-found':
      return { kind: 'absent', trouble: read, deleted: await isListedAsDeleted(adapter.value, current) };
    case 'forbidden':
      return { kind: 'absent', trouble: read, deleted: false };
    case 'rate-limited':
      return { kind: 'later', trouble: read, retryAfterMs: read.retryAfterMs };
    case 'unauthorised':
    case 'misconfigured':
      return { kind: 'later', trouble: read, retryAfterMs: RETRY_CREDENTIAL_MS };
    default:
      return { kind: 'later', trouble: read, retryAfterMs: readAgainAfter(current.row) };
  }
}

/** From one application to the next a little different, so that what failed together does not come back together. */
function readAgainAfter({ key, readTrouble }: Pick<Case['row'], 'key' | 'readTrouble'>): number {
  const doubled = RETRY_READ_MS.first * 2 ** Math.min(failuresInARow(readTrouble), 10);
  return Math.min(doubled, RETRY_READ_MS.most) * (1 + (Number.parseInt(key.slice(0, 2), 16) || 0) / 512);
}

/** The clocks of two systems differ. */
const DELETED_OVERLAP_MS = 60 * 60_000;

/**
 * Whether the ATS lists as deleted what it does not show any more: asked once, when it is missed for the first time. Where there is no
 * such list, or it cannot be read, it is no more than not visible; whoever watches the list (watch-deleted.ts) looks at it again.
 */
async function isListedAsDeleted({ operations }: AtsAdapter, { row, state }: Case): Promise<boolean> {
  if (state.vanished || !row.snapshotAt) return state.deleted;
  const since = new Date(row.snapshotAt.getTime() - DELETED_OVERLAP_MS);
  for await (const one of operations.findDeletedSince?.(since) ?? []) {
    if (!one.ok) return false;
    if (one.value.applicationId === row.applicationId) return true;
  }
  return false;
}

/** For so long a vendor that cannot tell what is behind its own hint is asked; then the claim stands for itself. */
const ASK_FOR_MS = 24 * 60 * 60_000;
const ASK_AGAIN_MS = { least: 60_000, most: 60 * 60_000 };

/** Asked again later. `hasNone`: the vendor answered, but there is no report to read yet. */
interface VendorLater {
  kind: 'later';
  retryAfterMs: number;
  hasNone: boolean;
}

/** Asks the vendor what is behind a hint. A vendor that has no API leaves the claim to stand for itself, unverified. */
export async function askVendor(
  connector: Connector,
  { input, createdAt, now }: { input: Input; createdAt: Date; now: Date },
  invitations: readonly Invitation[],
): Promise<VendorAnswer | VendorLater> {
  if (input.kind !== 'vendor-hint' && input.kind !== 'poll') return { kind: 'nothing' };
  const invitation = invitations.find((candidate) => candidate.id === input.invitationId);
  if (!invitation) return { kind: 'nothing' };
  if (input.kind === 'vendor-hint' && input.trusted) return { kind: 'claim' };
  const adapter = await connector.vendor(invitation.vendorConnectionId);
  if (adapter.ok && adapter.value.capabilities.results !== 'api')
    return input.kind === 'vendor-hint' ? { kind: 'claim' } : { kind: 'nothing' };
  const read = adapter.ok ? await adapter.value.readReport(invitation) : adapter;
  if (read.ok) return { kind: 'report', report: read.value };
  // The next poll asks again; a hint's news is not lost, only late.
  if (input.kind === 'poll') return { kind: 'nothing' };
  // An API that knows no report before there is one must not hide that the candidate has begun: shown as not verified, and polled.
  const hasNone = read.kind === 'not-found' || read.kind === 'unreadable' || read.kind === 'refused';
  if (hasNone && input.claim.result === null) return { kind: 'claim' };
  const age = now.getTime() - createdAt.getTime();
  if (adapter.ok && age > ASK_FOR_MS) return { kind: 'claim' };
  const patience = Math.min(Math.max(age / 2, ASK_AGAIN_MS.least), ASK_AGAIN_MS.most);
  return { kind: 'later', retryAfterMs: read.kind === 'rate-limited' ? read.retryAfterMs : patience, hasNone };
}
