import type { ApplicationChange } from '../../lib/domain/application-change.ts';
import type { HookNews } from '../../lib/domain/hook-event.ts';
import type { Reason } from '../../lib/domain/reason.ts';

/**
 * Things to do in the outside world, in the imperative. `key` is what makes each happen once: a second decision that asks
 * for the same key asks for nothing new.
 */
export type Effect =
  | WriteBackEffect
  | { kind: 'send-invitation'; key: string; invitationId: string }
  /** `replaced`: another takes its place, so that it matters if it cannot be taken back. */
  | { kind: 'cancel-invitation'; key: string; invitationId: string; replaced?: true }
  | FollowUpEffect
  | { kind: 'write-note'; key: string; invitationId: string; note: NoteContent }
  | { kind: 'add-tag'; key: string; tag: string; invitationId: string | null }
  | { kind: 'remove-tag'; key: string; tag: string }
  /** Another system is told. What is told about the invitation is found when it runs; `news` is as it was at `at`. */
  | { kind: 'call-hook'; key: string; hookId: string; invitationId: string; at: string; news: HookNews }
  /** What became of the candidate, and in which word, is found when it runs. */
  | { kind: 'tell-outcome'; key: string; invitationId: string }
  | {
      kind: 'move-to-stage';
      key: string;
      fromStageId: string;
      /** The visit to that stage that the decision saw (visit.ts); effects of earlier versions lack it. */
      fromEntryKey?: string | null;
      toStageId: string;
      toStageName: string | null;
      invitationId: string | null;
    }
  | {
      kind: 'change-application';
      key: string;
      change: ApplicationChange;
      /** Where the person saw it. */
      fromStageId: string | null;
      /** The visit to that stage, as for a move. */
      fromEntryKey?: string | null;
      fromStageName: string | null;
      byName: string;
      invitationId: null;
    };

/** Each is asked for once per invitation and what it is about; what exactly is written is found when it runs. */
export type WriteBackEffect =
  | { kind: 'write-fields'; key: string; invitationId: string }
  | { kind: 'add-link'; key: string; invitationId: string }
  | { kind: 'attach-report'; key: string; invitationId: string }
  | { kind: 'write-feedback'; key: string; invitationId: string };

/** What is done with an invitation that is out. How much extra time is found when it runs: no record of ours tells it. */
export type FollowUpEffect =
  | { kind: 'resend-invitation'; key: string; invitationId: string; byName: string }
  | { kind: 'extend-invitation'; key: string; invitationId: string; byName: string; expiresAt: string }
  | { kind: 'give-extra-time'; key: string; invitationId: string; byName: string }
  | { kind: 'remind-candidate'; key: string; invitationId: string };
export type FollowUpKind = FollowUpEffect['kind'];

export type EffectKind = Effect['kind'];

/** Those whose end is no news about the invitation itself: all that write to the ATS, and what a vendor is told besides. */
export type AtsEffectKind = Exclude<EffectKind, 'send-invitation' | 'cancel-invitation' | FollowUpKind>;

/** What a note is to say; the edge turns it into text, always in the same shape. */
export type NoteContent =
  | { about: 'invitation-sent'; assessment: string; email: string; at: string; because: Reason; byName: string | null }
  | { about: 'result'; assessment: string; version: number; withComment?: true };
