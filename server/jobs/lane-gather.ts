import type { Snapshot } from '../../lib/domain/application.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import type { Case } from '../storage/load-case.ts';
import type { Input } from '../workflow/input.ts';
import type { Policy } from '../workflow/policy.ts';
import type { Connector } from './connector.ts';
import type { VendorAnswer } from './lane-events.ts';

/** How the re-read went. `absent`: not visible to us, which erases nothing. `later`: could not be read just now. */
export type ReadOutcome =
  | { kind: 'fresh'; snapshot: Snapshot }
  | { kind: 'absent'; trouble: CallFailure }
  | { kind: 'later'; trouble: CallFailure; retryAfterMs: number }
  | { kind: 'not-needed' };

const RETRY_READ_MS = 15_000;
/** Only an admin can mend that; a click or a webhook tries at once. */
const RETRY_CREDENTIAL_MS = 2 * 60_000;

/** A click rests on what the panel showed a moment ago, because its release reads again; older than this it is read first. */
const FRESH_ENOUGH_MS = 120_000;

export function needsSnapshot(current: Case, now: Date): boolean {
  const { hinted, handled, dueAt, snapshotAt } = current.row;
  if (hinted > handled) return true;
  if (dueAt && dueAt.getTime() <= now.getTime()) return true;
  const stale = !snapshotAt || current.state.vanished || now.getTime() - snapshotAt.getTime() > FRESH_ENOUGH_MS;
  return current.inputs.some(({ input }) => alwaysReads(input) || (stale && restsOnSnapshot(input)));
}

function restsOnSnapshot(input: Input): boolean {
  return alwaysReads(input) || input.kind === 'send' || input.kind === 'send-again';
}

/** A result may move the candidate, so it looks first where the candidate is. */
function alwaysReads(input: Input): boolean {
  const isResult = input.kind === 'vendor-hint' || input.kind === 'poll' || input.kind === 'enter-result';
  return isResult || input.kind === 'anonymised' || input.kind === 'move' || input.kind === 'add-tag';
}

/**
 * While the ATS cannot be read, a click that rests on it and that nothing will check once more waits; one with a hold does not,
 * because its release reads.
 */
export function waitsForRead(input: Input, given: { snapshot: Snapshot | null; policy: Pick<Policy, 'holdSeconds'> }): boolean {
  const sendsAtOnce = input.kind === 'send-again' || (input.kind === 'send' && given.policy.holdSeconds === 0);
  const isClick = sendsAtOnce || input.kind === 'send' || input.kind === 'move' || input.kind === 'add-tag';
  if (input.kind === 'anonymised') return true;
  return isClick && (given.snapshot === null || sendsAtOnce);
}

/** Re-reads the application. No transaction is open here. */
export async function readApplication(connector: Connector, current: Case): Promise<ReadOutcome> {
  const adapter = await connector.ats(current.row.connectionId);
  if (!adapter.ok) return { kind: 'later', trouble: adapter, retryAfterMs: 5 * 60_000 };
  const read = await adapter.value.readSnapshot(current.row.applicationId);
  if (read.ok) return { kind: 'fresh', snapshot: read.value };
  switch (read.kind) {
    case 'not-found':
    case 'forbidden':
      return { kind: 'absent', trouble: read };
    case 'rate-limited':
      return { kind: 'later', trouble: read, retryAfterMs: read.retryAfterMs };
    case 'unauthorised':
    case 'misconfigured':
      return { kind: 'later', trouble: read, retryAfterMs: RETRY_CREDENTIAL_MS };
    default:
      return { kind: 'later', trouble: read, retryAfterMs: RETRY_READ_MS };
  }
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
  const hasNone = read.kind === 'not-found' || read.kind === 'unreadable';
  if (hasNone && input.claim.result === null) return { kind: 'claim' };
  const age = now.getTime() - createdAt.getTime();
  if (adapter.ok && age > ASK_FOR_MS) return { kind: 'claim' };
  const patience = Math.min(Math.max(age / 2, ASK_AGAIN_MS.least), ASK_AGAIN_MS.most);
  return { kind: 'later', retryAfterMs: read.kind === 'rate-limited' ? read.retryAfterMs : patience, hasNone };
}
