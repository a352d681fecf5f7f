import type { Snapshot } from '../../lib/domain/application.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import type { Case } from '../storage/load-case.ts';
import type { Input } from '../workflow/input.ts';
import type { Connector } from './connector.ts';
import type { VendorAnswer } from './lane-events.ts';

/** How the re-read went. `absent`: not visible to us, which erases nothing. `later`: could not be read just now. */
export type ReadOutcome =
  | { kind: 'fresh'; snapshot: Snapshot }
  | { kind: 'absent'; trouble: CallFailure }
  | { kind: 'later'; trouble: CallFailure; retryAfterMs: number }
  | { kind: 'not-needed' };

const RETRY_READ_MS = 15_000;

/** A click rests on what the panel showed a moment ago, because its release reads again; older than this it is read first. */
const FRESH_ENOUGH_MS = 120_000;

export function needsSnapshot(current: Case, now: Date): boolean {
  if (current.row.hinted > current.row.handled) return true;
  if (current.row.dueAt && current.row.dueAt.getTime() <= now.getTime()) return true;
  const stale = !current.row.snapshotAt || now.getTime() - current.row.snapshotAt.getTime() > FRESH_ENOUGH_MS;
  return current.inputs.some(
    ({ input }) => restsOnSnapshot(input) && (stale || input.kind === 'move' || input.kind === 'add-tag' || isResult(input)),
  );
}

function restsOnSnapshot(input: Input): boolean {
  return input.kind === 'send' || input.kind === 'move' || input.kind === 'add-tag' || isResult(input);
}

/** A result may move the candidate, so it looks first where the candidate is. */
function isResult(input: Input): boolean {
  return input.kind === 'vendor-hint' || input.kind === 'poll' || input.kind === 'enter-result';
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
    default:
      return { kind: 'later', trouble: read, retryAfterMs: RETRY_READ_MS };
  }
}

/** Asks the vendor what is behind a hint. A vendor that has no API leaves the claim to stand for itself, unverified. */
export async function askVendor(
  connector: Connector,
  input: Input,
  invitations: readonly Invitation[],
): Promise<VendorAnswer | { kind: 'later'; retryAfterMs: number }> {
  if (input.kind !== 'vendor-hint' && input.kind !== 'poll') return { kind: 'nothing' };
  const invitation = invitations.find((candidate) => candidate.id === input.invitationId);
  if (!invitation) return { kind: 'nothing' };
  if (input.kind === 'vendor-hint' && input.trusted) return { kind: 'claim' };
  const adapter = await connector.vendor(invitation.vendorConnectionId);
  if (!adapter.ok) return { kind: 'later', retryAfterMs: 5 * 60_000 };
  if (adapter.value.capabilities.results !== 'api') return input.kind === 'vendor-hint' ? { kind: 'claim' } : { kind: 'nothing' };
  const read = await adapter.value.readReport(invitation);
  if (read.ok) return { kind: 'report', report: read.value };
  // The next poll asks again; a hint's news is not lost, only late.
  if (input.kind === 'poll') return { kind: 'nothing' };
  return { kind: 'later', retryAfterMs: read.kind === 'rate-limited' ? read.retryAfterMs : 60_000 };
}
