import type { Assessment, AssessmentKind, CatalogueState, VendorKind } from '../../lib/domain/assessment.ts';
import type { Invitation, InvitationState } from '../../lib/domain/invitation.ts';
import type { VendorResult } from '../../lib/domain/result.ts';
import type { CallResult } from '../outbound/outcome.ts';
import type { Verdict, WebhookRequest } from '../webhooks/verdict.ts';
import type { EndpointTrial } from './endpoint-trial.ts';
import type { VendorOperations } from './operations.ts';

/**
 * What an assessment vendor can do for us. A caller may rely on this:
 * - No method throws for what the other side answers; every failure says whether the call may have happened.
 * - `invite` is called at most once per invitation unless `inviteStory` is `look` or `key`. With `unconfirmed` a lost answer is
 *   final: the invitation is shown as unconfirmed until a person or a webhook settles it.
 * - What `capabilities` denies is never called, and no button for it is shown.
 * - A webhook is a hint unless `webhookTrust` is `body-signed`; `readReport` is the truth where it exists.
 */
export interface VendorAdapter {
  readonly kind: VendorKind;
  readonly capabilities: VendorCapabilities;
  /** What this vendor can do beyond the calls below; left out is what it cannot. */
  readonly operations: VendorOperations;
  /** Who may hand over this one, where that is fewer than `emailedBy` says: a live interview may come without an e-mail. */
  emailedByFor?(assessment: Pick<Assessment, 'externalId' | 'kind' | 'linkTemplate'>): VendorCapabilities['emailedBy'];
  /** Only of vendors whose paths an admin enters. */
  readonly trial?: EndpointTrial;

  listAssessments(): Promise<CallResult<VendorAssessment[]>>;
  invite(order: InvitationOrder): Promise<CallResult<InvitationReceipt>>;
  /** Only with inviteStory `look`: is this invitation already there? */
  findInvitation(order: InvitationOrder): Promise<CallResult<InvitationReceipt | null>>;
  /** Safe to repeat; "already cancelled" and "gone" count as done, "already started" is refused. */
  cancel(invitation: Invitation): Promise<CallResult<void>>;
  /** What the vendor knows now. */
  readReport(invitation: Invitation): Promise<CallResult<VendorReport>>;
  check(): Promise<CallResult<Checked>>;
}

export interface Checked {
  account: string | null;
  /** False: there is nobody to ask with these settings, so nothing was called. */
  asked?: false;
}

/** What a vendor can do and how it does it. Panel and options go by this, so that no button is shown that cannot work. */
export interface VendorCapabilities {
  /** `api`: the vendor makes the invitation. `link`: we fill in a link and hand it over. */
  invite: 'api' | 'link';
  /** Who may hand the invitation to the candidate, in the words of the receipt. */
  emailedBy: readonly InvitationReceipt['emailedBy'][];
  inviteStory: 'key' | 'look' | 'unconfirmed';
  /** How its messages name an invitation: by our own id, by the vendor's, or by assessment and address alone. */
  correlation: 'our-id' | 'vendor-id' | 'assessment-and-email';
  listsAssessments: boolean;
  cancels: boolean;
  /** Whether the same person can be given the same assessment once more. */
  retakes: boolean;
  /** When more time can be given: with the invitation, to one that is out, at both times, or not by us. */
  extraTime: 'none' | 'at-invite' | 'later' | 'both';
  /** `api`: readReport works and results are verified. `by-hand`: a person (or a signed webhook) enters them. */
  results: 'api' | 'by-hand';
  /** Whether it says that the candidate has begun. */
  reportsStarted: boolean;
  /** Whether it says that the deadline went by. */
  reportsExpiry: boolean;
  /** What a result is in: `percent` of 100, `points` of a maximum that comes with them, a `number` without one, or a `rating` in words. */
  scoreScale: 'percent' | 'points' | 'number' | 'rating';
  webhookTrust: 'body-signed' | 'hint-only' | 'none';
  /**
   * What its webhook is checked by. `body`: a signature over the body. `identity`: a token or a signature over something else, so that
   * the body is not covered. `shared-secret`: one that we chose. `open`: nothing at all. `none`: it sends no webhooks.
   */
  webhookProof: 'body' | 'identity' | 'shared-secret' | 'open' | 'none';
}

export interface VendorAssessment {
  externalId: string;
  name: string;
  kind: AssessmentKind;
  durationMinutes: number | null;
  /** Left out by a vendor that lists only what can be sent. */
  state?: Exclude<CatalogueState, 'gone'>;
}

/** Everything needed to invite, decided beforehand. */
export interface InvitationOrder {
  invitationId: string;
  assessment: Assessment;
  email: string;
  candidateName: string | null;
  message: string | null;
  expiresAt: string | null;
  attempt: number;
  profileUrl: string | null;
  /** The candidate's own one-time link, where links are not made from a template. Never into a log. */
  link?: string;
  /** What this person needs at every test, in percent of its duration. Only where `extraTime` says at invite. Never into a log. */
  extraTimePercent?: number;
}

export interface InvitationReceipt {
  /** The vendor's id, where it gives one. */
  externalId: string | null;
  /** The candidate's personal link. Secret: only ever shown in the panel, on a click. */
  link: string | null;
  /** Who hands it to the candidate. `us`: our mailer must now send it. `nobody`: the recruiter copies it. */
  emailedBy: 'vendor' | 'us' | 'nobody';
  expiresAt: string | null;
}

/** What the vendor says now. Every part may be missing. */
export interface VendorReport {
  state: Extract<InvitationState, 'sent' | 'started' | 'submitted' | 'scored' | 'expired' | 'cancelled'>;
  startedAt: string | null;
  submittedAt: string | null;
  /** Its own word for where it stands, where that has no meaning known to us, or means several things. Short plain text. */
  says?: string;
  /** The clock ran out, told while there is no result yet in which it could stand. */
  timeExpired?: true;
  result: Omit<VendorResult, 'version' | 'enteredBy'> | null;
}

/** The receiving half of a vendor. */
export interface VendorWebhooks {
  readonly kind: VendorKind;
  readonly events: readonly { name: string; purpose: string; required: boolean }[];
  /** As for an ATS: pure, constant-time, several secrets. `account` is the vendor's name of our organisation, where one is bound. */
  verifyDelivery(request: WebhookRequest, secrets: readonly string[], now: Date, account: string | null): Verdict;
  /** Total: an unknown event or shape gives no hint. `receivedAt` dates a claim whose sender gives no time. */
  toHints(body: unknown, receivedAt: Date): VendorHint[];
}

/**
 * What a vendor's webhook claims. The invitation is found by our own id or the vendor's, else by assessment and address.
 * `claim` is used only as far as the trust reaches: for a signed body as fact, else only where nothing better can be read, and
 * then marked unverified.
 */
export interface VendorHint {
  event: string;
  invitationId?: string;
  externalId?: string;
  assessmentExternalId?: string;
  email?: string;
  /** True when the sender's signature covers the claim (a signed body), so that it is fact. */
  trusted?: boolean;
  claim: VendorReport;
}
