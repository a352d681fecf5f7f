import type { ApplicationChange } from '../../lib/domain/application-change.ts';
import type { InvitationOptions, InvitationState, RaisedBy } from '../../lib/domain/invitation.ts';
import type { VendorResult } from '../../lib/domain/result.ts';
import type { SendFate, WorkflowEvent } from './event.ts';

/** What a vendor's message claims, or its API answered. */
export interface ReportedProgress {
  state: Extract<InvitationState, 'sent' | 'started' | 'submitted' | 'scored' | 'expired' | 'cancelled'>;
  startedAt: string | null;
  submittedAt: string | null;
  timeExpired?: true;
  says?: string;
  result: Omit<VendorResult, 'version' | 'enteredBy'> | null;
}

/** What came of an effect, told as the event that follows from it. */
export type EffectReport =
  Extract<
    WorkflowEvent,
    {
      type:
        | 'invitation.sent'
        | 'invitation.failed'
        | 'invitation.unconfirmed'
        | 'invitation.cancelled'
        | 'cancel.failed'
        | 'cancel.dropped'
        | 'effect.done'
        | 'effect.failed'
        | 'follow-up.done'
        | 'follow-up.failed';
    }
  > extends infer Event
    ? Event extends unknown
      ? Omit<Event, 'snapshot' | 'freshId'>
      : never
    : never;

/**
 * What waits in an application's lane to be decided. Stored before it is acted on, each under a key that is used once, so that a
 * double click, a repeated webhook or a restarted effect counts once.
 */
export type Input =
  | {
      kind: 'send';
      actionId: string;
      by: RaisedBy;
      assessmentId: string;
      email: string | null;
      options: InvitationOptions;
      retake: boolean;
      clickedAt: string;
    }
  /** `claim`: what the vendor says of it by now. `trusted`: by its API, or signed. */
  | {
      kind: 'attach';
      actionId: string;
      by: RaisedBy;
      assessmentId: string;
      externalId: string | null;
      email: string;
      invitedAt: string | null;
      expiresAt: string | null;
      vendor: string;
      trusted: boolean;
      claim: ReportedProgress;
    }
  | { kind: 'add-tag'; actionId: string; by: RaisedBy; tag: string }
  | { kind: 'undone'; invitationId: string; by: RaisedBy }
  /** Stands under the key of a send that was taken back before it came, or before it was decided: in its place, so that it never is. */
  | { kind: 'called-off'; actionId: string; by: RaisedBy }
  | { kind: 'take-back'; actionId: string; sendActionId: string; by: RaisedBy; fate: SendFate }
  | { kind: 'cancel'; invitationId: string; by: RaisedBy }
  | { kind: 'send-again'; invitationId: string; by: RaisedBy }
  | { kind: 'resend'; actionId: string; invitationId: string; by: RaisedBy }
  | { kind: 'extend'; actionId: string; invitationId: string; by: RaisedBy; expiresAt: string }
  /**
   * `persons`: without an invitation, the addresses that it was set for, by which an erasure finds it when the ATS has others by then;
   * earlier versions did not keep them.
   */
  | { kind: 'extra-time'; actionId: string; invitationId: string | null; by: RaisedBy; persons?: string[] }
  | { kind: 'correct-email'; actionId: string; invitationId: string; by: RaisedBy; email: string }
  | { kind: 'mark-sent'; invitationId: string; by: RaisedBy; at: string }
  | { kind: 'close-review'; invitationId: string; by: RaisedBy }
  | { kind: 'move'; actionId: string; by: RaisedBy; toStageId: string; toStageName: string | null; fromStageId: string }
  | {
      kind: 'change';
      actionId: string;
      by: RaisedBy;
      change: ApplicationChange;
      fromStageId: string | null;
      fromStageName: string | null;
    }
  | { kind: 'enter-result'; invitationId: string; by: RaisedBy; result: Omit<VendorResult, 'version'> }
  | { kind: 'vendor-hint'; invitationId: string; vendor: string; trusted: boolean; claim: ReportedProgress }
  /** Of versions that did not erase yet, and perhaps not worked off: the ATS said by webhook that the person was anonymised. */
  | { kind: 'anonymised' }
  /** The ATS says, by a signed webhook or its own list, that the application was deleted. */
  | { kind: 'deleted' }
  | { kind: 'poll'; invitationId: string; vendor: string }
  | { kind: 'effect'; report: EffectReport };
