import type { ApplicationStatus, Snapshot, StageEntry } from '../../lib/domain/application.ts';
import type { ApplicationChange } from '../../lib/domain/application-change.ts';
import type { InvitationOptions, RaisedBy } from '../../lib/domain/invitation.ts';
import type { Reason } from '../../lib/domain/reason.ts';
import type { VendorResult } from '../../lib/domain/result.ts';
import type { AtsEffectKind, FollowUpKind } from './effect.ts';
import type { Claimed } from './merge-result.ts';

/**
 * Verified facts, in the past tense. Each carries the snapshot it rests on; null only where the ATS could not be read and the
 * event does not need it.
 */
export type WorkflowEvent = {
  snapshot: Snapshot | null;
  /** An id nobody has used, for the invitation that this event may lead to: `decide` makes none itself. */
  freshId: string;
} & Happened;

/**
 * What had become of a send when it was taken back. `called-off`: it was never decided. `nothing`: it was refused. `undid`: its
 * invitation was held, and was undone with the click.
 */
export type SendFate =
  | { kind: 'called-off' }
  | { kind: 'nothing' }
  | { kind: 'only-tag'; tag: string }
  | { kind: 'invitation'; invitationId: string; undid: boolean };

/** What happened, by kind. `passed`: the application has left the stage again since. `echo`: we moved it there ourselves. */
type Happened =
  | { type: 'stage.entered'; entry: StageEntry; passed: boolean; echo: boolean }
  /** Out of the stage, archived, rejected or hired, while something was open. */
  | { type: 'application.left'; how: 'moved' | Exclude<ApplicationStatus, 'active' | 'prospect'> }
  | { type: 'application.returned' }
  | { type: 'application.closed'; status: 'archived' | 'hired' }
  | { type: 'application.vanished' }
  /** By the ATS's own word, which is more than that it cannot be seen. */
  | { type: 'application.deleted'; ats: string }
  /** Somebody stands in a stage, and the ATS does not tell since when. */
  | { type: 'stage.undated'; stage: { id: string; name: string | null } }
  /** Somebody stands in a stage again, and the history of the ATS does not tell of the way there and back. */
  | { type: 'stage.return-untold'; stage: { id: string; name: string | null } }
  /** The ATS has emptied the person's data for good. */
  /** The ATS shows it again, and that alone is the news. */
  | { type: 'application.seen-again' }
  /** The hiring result reads differently now, though nothing else happened: another reason was given, or a reason means something else. */
  | { type: 'outcome.changed' }
  /** A click. `actionId` is used once. `clickedAt` is when the recruiter clicked, which offline may be long ago. */
  | {
      type: 'invitation.requested';
      actionId: string;
      invitationId: string;
      by: RaisedBy;
      assessmentId: string;
      email: string | null;
      options: InvitationOptions;
      retake: boolean;
      clickedAt: string;
    }
  /** It was made at the vendor by hand, and a person says that it belongs to this application. */
  | {
      type: 'invitation.attached';
      actionId: string;
      invitationId: string;
      by: RaisedBy;
      assessmentId: string;
      externalId: string | null;
      email: string;
      invitedAt: string | null;
      expiresAt: string | null;
    }
  | { type: 'tag.requested'; actionId: string; by: RaisedBy; tag: string }
  | { type: 'invitation.undone'; invitationId: string; by: RaisedBy }
  /** `actionId` is the send's own: this is what is decided on it. */
  | { type: 'invitation.called-off'; actionId: string; by: RaisedBy }
  /** A send was taken back by its click, whatever had become of it. */
  | { type: 'invitation.taken-back'; actionId: string; by: RaisedBy; fate: SendFate }
  | { type: 'cancel.requested'; invitationId: string; by: RaisedBy }
  | { type: 'retry.requested'; invitationId: string; by: RaisedBy }
  | { type: 'resend.requested'; actionId: string; invitationId: string; by: RaisedBy }
  | { type: 'extension.requested'; actionId: string; invitationId: string; by: RaisedBy; expiresAt: string }
  /** How much is kept sealed elsewhere. Without an invitation it is for those to come. */
  | { type: 'extra-time.requested'; actionId: string; invitationId: string | null; by: RaisedBy }
  /** It went, or would have gone, to a wrong address. */
  | { type: 'correction.requested'; actionId: string; invitationId: string; by: RaisedBy; email: string }
  /** A person says that what is unconfirmed did go out. */
  | { type: 'sending.confirmed'; invitationId: string; by: RaisedBy; at: string }
  /** A person has looked at what was done by itself on an older version of a result. */
  | { type: 'review.closed'; invitationId: string; by: RaisedBy }
  | { type: 'move.requested'; actionId: string; by: RaisedBy; toStageId: string; toStageName: string | null; fromStageId: string }
  /** A person's click alone: no rule asks for it. `fromStageId` is the stage that they saw. */
  | {
      type: 'change.requested';
      actionId: string;
      by: RaisedBy;
      change: ApplicationChange;
      fromStageId: string | null;
      fromStageName: string | null;
    }
  /** What came of our own effects. */
  | {
      type: 'invitation.sent';
      invitationId: string;
      externalId: string | null;
      handover: 'vendor e-mail' | 'our e-mail' | 'copy link';
      expiresAt: string | null;
      at: string;
    }
  /** `made`: what the vendor has made for it all the same, where only our own e-mail failed. */
  | {
      type: 'invitation.failed' | 'invitation.unconfirmed';
      invitationId: string;
      made?: { externalId: string | null; expiresAt: string | null };
      trouble: { code: string; values: Record<string, string> };
    }
  /** `onlyHere`: the name of a vendor that cannot withdraw it, so that its link still works. */
  | { type: 'invitation.cancelled'; invitationId: string; at: string; onlyHere?: string }
  /** `unconfirmed`: an earlier try may have cancelled it without our hearing of it. */
  | {
      type: 'cancel.failed';
      invitationId: string;
      unconfirmed?: boolean;
      trouble: { code: string; values: Record<string, string> };
    }
  /** It waited so long that it was no longer wanted. */
  | { type: 'cancel.dropped'; invitationId: string; because: 'came-back' | 'left-anew' | 'sent-again' }
  | {
      type: 'effect.done';
      effect: AtsEffectKind;
      effectKey: string;
      values: Record<string, string>;
    }
  | {
      type: 'effect.failed';
      effect: AtsEffectKind;
      effectKey: string;
      unconfirmed: boolean;
      values: Record<string, string>;
    }
  /** `expiresAt`: the deadline after it, where it was about that. */
  | {
      type: 'follow-up.done';
      effect: FollowUpKind;
      invitationId: string;
      at: string;
      expiresAt: string | null;
      values: Record<string, string>;
    }
  | {
      type: 'follow-up.failed';
      effect: FollowUpKind;
      invitationId: string;
      unconfirmed: boolean;
      values: Record<string, string>;
    }
  /** What the vendor says. `verified`: read from its API or covered by its signature. */
  | {
      type: 'progress.reported';
      invitationId: string;
      by: RaisedBy;
      state: 'sent' | 'started' | 'submitted' | 'scored' | 'expired' | 'cancelled';
      verified: boolean;
      startedAt: string | null;
      submittedAt: string | null;
      /** The clock ran out; the result, which is to say it too, is still to come. */
      timeExpired?: true;
      /** The vendor's own word, where it has no meaning known to us. */
      says?: string;
    }
  /** Without `claimed` it is as the vendor's API just told it, or as a person entered it. */
  | {
      type: 'result.reported';
      invitationId: string;
      by: RaisedBy;
      result: Omit<VendorResult, 'version'>;
      claimed?: Claimed;
    }
  /** Something that was to happen at a time is due: a hold ends, a tag is looked for again, a grace is over, a deadline passed. */
  | { type: 'time.passed' };

export type WorkflowEventType = WorkflowEvent['type'];

/** What led to a decision, and on what grounds; shown on the candidate and kept. */
export interface Decision {
  event: WorkflowEventType;
  raisedBy: RaisedBy | null;
  /** Never empty, also when nothing is done. */
  reasons: Reason[];
  effectKeys: string[];
  invitationId: string | null;
  actionId: string | null;
}
