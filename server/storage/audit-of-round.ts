import type { WorkflowEventType } from '../workflow/event.ts';
import type { AuditEntry, AuditWho } from './audit.repository.ts';
import type { Round } from './commit-round.ts';

type Made = Round['decisions'][number];

/** The entries of a round, one for each of its decisions, in their order. Pure. */
export function auditOfRound(round: Round): AuditEntry[] {
  return round.decisions.map((made) => {
    const { decision, changed } = made;
    const { before, after } = changed;
    return {
      who: whoOf(made, round),
      action: decision.event,
      applicationKey: round.key,
      connectionId: vendorConnectionOf(made, round),
      detail: {
        why: decision.reasons.map(({ code, values }) => ({ code, values })),
        ...(Object.keys(before).length > 0 && { before }),
        ...(Object.keys(after).length > 0 && { after }),
      },
    };
  });
}

/** What came of our own doing. */
const OURS: ReadonlySet<WorkflowEventType> = new Set([
  'invitation.sent',
  'invitation.failed',
  'invitation.unconfirmed',
  'invitation.cancelled',
  'cancel.failed',
  'cancel.dropped',
  'effect.done',
  'effect.failed',
  'follow-up.done',
  'follow-up.failed',
]);

/** Whoever brought it about: a fact that a rule answered to with a deed counts as the rule's. */
function whoOf(made: Made, round: Round): AuditWho {
  const { raisedBy, event, effectKeys } = made.decision;
  switch (raisedBy?.kind) {
    case 'member':
      return { kind: 'member', id: raisedBy.memberId };
    case 'vendor': {
      const id = vendorConnectionOf(made, round);
      if (id === null) return { kind: 'system' };
      return { kind: made.inputKind === 'vendor-hint' ? 'webhook' : 'vendor', id };
    }
    case 'rule':
      return { kind: 'rule' };
    case 'ats':
      return { kind: 'ats' };
    case undefined:
      if (OURS.has(event)) return { kind: 'system' };
      if (effectKeys.length > 0 || hasNewInvitation(made, round)) return { kind: 'rule' };
      return { kind: event === 'time.passed' ? 'system' : 'ats' };
  }
}

function vendorConnectionOf({ decision }: Made, { after }: Round): string | null {
  return after.invitations.find(({ id }) => id === decision.invitationId)?.vendorConnectionId ?? null;
}

function hasNewInvitation({ decision: { invitationId } }: Made, { before }: Round): boolean {
  return invitationId !== null && !before.invitations.some(({ id }) => id === invitationId);
}
