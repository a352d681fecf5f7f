import type { ApplicationChange, ChangeKind } from '../../../lib/domain/application-change.ts';
import type { AtsKind } from '../../../lib/domain/ats.ts';
import type { ReasonCode } from '../../../lib/domain/reason.ts';
import type { WorkflowEvent } from '../event.ts';
import { nameOf } from '../prepare-invitation.ts';
import { ask, because, type Step } from '../step.ts';
import { visitOf } from '../visit.ts';

type Requested = Extract<WorkflowEvent, { type: 'change.requested' }>;
type Came = Extract<WorkflowEvent, { type: 'effect.done' | 'effect.failed' }>;

/**
 * A person's click, at once. What they saw must still hold: in another stage or state by now the application is somebody else's doing,
 * and it is for the person to look again. Open invitations are the leaving rule's business, once the ATS shows what became of it.
 */
export function requestChange(step: Step, event: Requested): Step {
  const against = whyNot(event);
  const values = { stage: event.fromStageName ?? '', by: nameOf(event.by), ...detailOf(event.change) };
  if (against) return because(step, against, values);
  const asked = ask(step, {
    kind: 'change-application',
    key: `change:${event.actionId}`,
    change: event.change,
    fromStageId: event.fromStageId,
    fromEntryKey: visitOf(event.snapshot).entryKey,
    fromStageName: event.fromStageName,
    byName: nameOf(event.by),
    invitationId: null,
  });
  return because(asked, wordsOf(event.change.kind, event.snapshot?.ats).requested, values);
}

/** `values`: as the effect reports them, see effects/change-application.ts. */
export function changeDone(step: Step, { values }: Extract<Came, { type: 'effect.done' }>): Step {
  return because(step, wordsOf(values.change, values.ats).done, values);
}

export function changeFailed(step: Step, { values, unconfirmed }: Extract<Came, { type: 'effect.failed' }>): Step {
  if (unconfirmed) return because(step, 'change-unconfirmed', values, { kind: 'check-again' });
  const change = kindOf(values.change);
  return because(step, wordsOf(change, values.ats).failed, values, { kind: 'change-again', change });
}

function whyNot({ snapshot, change, fromStageId }: Requested): ReasonCode | null {
  if (!snapshot) return 'not-changed-not-visible';
  if (change.kind === 'unreject') {
    if (snapshot.status === 'hired') return 'not-changed-hired';
    return snapshot.status === 'archived' ? null : 'not-changed-open';
  }
  if (snapshot.status !== 'active') return 'not-changed-closed';
  return snapshot.stage?.id === fromStageId ? null : 'not-changed-elsewhere';
}

function detailOf(change: ApplicationChange): Record<string, string> {
  if (change.kind === 'transfer') return { job: change.jobName };
  return change.kind === 'reject' ? { reason: change.reasonName } : {};
}

interface Words {
  requested: ReasonCode;
  done: ReasonCode;
  failed: ReasonCode;
}

/** Lever archives where Greenhouse rejects. */
const ARCHIVE: Words = { requested: 'archive-requested', done: 'archive-done', failed: 'archive-failed' };
const WORDS: Record<ChangeKind, Words> = {
  advance: { requested: 'advance-requested', done: 'advance-done', failed: 'advance-failed' },
  transfer: { requested: 'transfer-requested', done: 'transfer-done', failed: 'transfer-failed' },
  reject: { requested: 'reject-requested', done: 'reject-done', failed: 'reject-failed' },
  unreject: { requested: 'unreject-requested', done: 'unreject-done', failed: 'unreject-failed' },
  hire: { requested: 'hire-requested', done: 'hire-done', failed: 'hire-failed' },
};

function wordsOf(change: string | undefined, ats: AtsKind | string | undefined): Words {
  const kind = kindOf(change);
  return kind === 'reject' && ats === 'lever' ? ARCHIVE : WORDS[kind];
}

function kindOf(change: string | undefined): ChangeKind {
  const kinds: Record<string, ChangeKind> = {
    advance: 'advance',
    transfer: 'transfer',
    reject: 'reject',
    unreject: 'unreject',
    hire: 'hire',
  };
  const kind = kinds[change ?? ''];
  if (!kind) throw new Error(`no such change: ${change}`);
  return kind;
}
