import type { AssessmentId, ConnectionId, InvitationId } from './ids.ts';
import type { VendorResult } from './result.ts';

/**
 * The life of an invitation.
 * held: waits for the undo time. sending: handed to the effect. sent: the vendor (or the mail server) took it.
 * unconfirmed: the answer was lost and nobody can be asked; never repeated by itself.
 */
export const INVITATION_STATES = [
  'held',
  'sending',
  'sent',
  'started',
  'submitted',
  'scored',
  'expired',
  'cancelled',
  'failed',
  'unconfirmed',
  'undone',
] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];

/** While in one of these, nobody else may send the same assessment to the same person. */
export const OPEN_STATES = [
  'held',
  'sending',
  'sent',
  'started',
  'submitted',
  'unconfirmed',
] as const satisfies readonly InvitationState[];

export function isOpen(state: InvitationState): boolean {
  return (OPEN_STATES as readonly InvitationState[]).includes(state);
}

/** Progress reported from outside only ever moves forward; a "started" that arrives after the result is dropped. */
const RANK: Record<InvitationState, number> = {
  held: 0,
  sending: 1,
  unconfirmed: 2,
  sent: 3,
  started: 4,
  submitted: 5,
  scored: 6,
  expired: 5,
  cancelled: 5,
  failed: 2,
  undone: 1,
};

export function movesForward(from: InvitationState, to: InvitationState): boolean {
  return RANK[to] > RANK[from];
}

/** Who asked for it: a person, or a rule. */
export type RaisedBy =
  | { kind: 'member'; memberId: string; name: string }
  | { kind: 'rule'; rule: string; stage: string }
  | { kind: 'vendor'; vendor: string }
  | { kind: 'ats'; ats: string };

/** One person asked to take one assessment: attempt n, with its life cycle. */
export interface Invitation {
  id: InvitationId;
  vendorConnectionId: ConnectionId;
  assessmentId: AssessmentId;
  assessmentExternalId: string;
  assessmentName: string;
  tag: string;
  /** The vendor's identity key of the person: mostly the lower-case e-mail. */
  person: string;
  email: string;
  attempt: number;
  state: InvitationState;
  raisedBy: RaisedBy;
  /** The stage entry that it belongs to, if the application was in one. */
  stageEntryKey: string | null;
  /** ISO 8601, UTC. When a held one is released. */
  dueAt: string | null;
  createdAt: string;
  sentAt: string | null;
  startedAt: string | null;
  submittedAt: string | null;
  closedAt: string | null;
  expiresAt: string | null;
  /** The vendor's id of it, where the vendor gives one. */
  externalId: string | null;
  /** True when progress is only claimed by an unverifiable webhook. */
  unverified: boolean;
  handover: 'vendor e-mail' | 'our e-mail' | 'copy link';
  options: InvitationOptions;
  /** Why it failed or is unconfirmed, as a reason code with its values. */
  trouble: { code: string; values: Record<string, string> } | null;
  result: VendorResult | null;
  /** ISO 8601, UTC: when each reminder of ours went out. */
  remindedAt?: string[];
  /** An automatic move rests on an older version of the result: a person has to look. Never reversed by itself. */
  review?: Review | null;
  /** Counts every stored change; the guard against two writers. */
  version: number;
}

/** `version`, and what it said: the result on which the candidate was moved to `stage`. */
export interface Review {
  /** ISO 8601, UTC. */
  since: string;
  version: number;
  stage: string | null;
  was: Pick<VendorResult, 'score' | 'rating' | 'verdict'>;
}

export interface InvitationOptions {
  /** No wish, but what the vendor told before there was a result in which it could stand: the clock ran out. */
  timeExpired?: true;
  /** No wish either: a person chose the address, so what the ATS has as one is not what it should be. */
  addressChosen?: true;
  /** No wish either: the vendor's own word for where it stands, as it was told last. Plain text. */
  vendorSays?: string;
  message?: string;
  deadlineDays?: number;
  language?: string;
  /** As the assessment said when it was sent: days before the deadline on which we remind. Extra time is not here: see `accommodations`. */
  remindDays?: number[];
}
