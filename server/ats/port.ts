import type { Snapshot } from '../../lib/domain/application.ts';
import type { ChangeKind } from '../../lib/domain/application-change.ts';
import type { AtsKind } from '../../lib/domain/ats.ts';
import type { CallResult } from '../outbound/outcome.ts';
import type { Verdict, WebhookRequest } from '../webhooks/verdict.ts';
import type { AtsOperations } from './operations.ts';

/**
 * What an applicant tracking system can do for us. A caller may rely on this:
 * - No method throws for what the other side answers: every failure is a value that says whether the call may have happened.
 * - No method writes anything unless its name says so, and none remembers a candidate between two calls.
 * - Ids are text, whatever the ATS uses. Times are ISO 8601 in UTC.
 * - `readSnapshot` answers `not-found` both for "deleted" and for "not visible to us": absence erases nothing.
 * - Writes answer only that they happened. To know the new state, read again (Greenhouse answers nothing, Lever answers
 *   with the candidate's name and e-mails emptied).
 */
export interface AtsAdapter {
  readonly kind: AtsKind;
  readonly capabilities: AtsCapabilities;
  /** What this ATS can do besides; a missing one cannot be done, and no button asks for it. */
  readonly operations: AtsOperations;

  /** The rights that a change takes, by the names that the access report has for them; what needs none beside the main job's is left out. */
  readonly changeRights: Partial<Record<ChangeKind, readonly string[]>>;

  /**
   * How far our clock was ahead of the ATS's at its last answer, in milliseconds; 0 where it was not. Looks ask by the ATS's time, so that what
   * changes there is never taken for seen. Missing: nobody knows.
   */
  ownClockAheadMs?(): number;

  /** One application, whole. */
  readSnapshot(applicationId: string): Promise<CallResult<Snapshot>>;
  /** All applications of one person, for pages whose address names only the person. Newest first. */
  findApplications(candidateId: string): Promise<CallResult<ApplicationSummary[]>>;
  /**
   * Applications that changed at or after `since`: moved into, out of or between stages, transferred, created, archived, hired. Each is
   * told once; those that stand in none of the given stages by now are told too, and marked. With `until` only those that changed at or
   * before it, for a list that is too long otherwise (`tooMuch`); who cannot ask for that never calls a list too long.
   */
  findChangedSince(query: {
    since: Date;
    until?: Date | null;
    stageIds: string[];
  }): AsyncIterable<CallResult<ChangedApplication>>;

  /** Where stages belong to jobs: those in use of one job, whatever its state; without one, of all open jobs. */
  listStages(jobId?: string): Promise<CallResult<AtsStage[]>>;
  listDispositionReasons(): Promise<CallResult<AtsDispositionReason[]>>;

  /** Safe to repeat. A tag that is already there stays as it is. */
  addTag(target: WriteTarget, tag: string): Promise<CallResult<void>>;
  /** Safe to repeat. */
  removeTag(target: WriteTarget, tag: string): Promise<CallResult<void>>;
  /** NOT safe to repeat: call `findNote` with the reference first. The reference stands in the text. */
  writeNote(target: WriteTarget, note: { text: string; reference: string }): Promise<CallResult<{ noteId: string | null }>>;
  /** Looks for a note of ours by its reference. `cannot-look`: the credential may not list notes. */
  findNote(target: WriteTarget, reference: string): Promise<CallResult<'found' | 'absent' | 'cannot-look'>>;
  /** Moves only if the application still is where we think: `from` is what the decision saw. */
  moveToStage(target: WriteTarget, move: { fromStageId: string; toStageId: string }): Promise<CallResult<void>>;

  /** One cheap read that proves the credential, for the set-up page. */
  check(): Promise<CallResult<{ account: string | null }>>;
}

export interface AtsCapabilities {
  /** Lever can tell own notes apart and update them; Greenhouse notes are for ever. */
  updatesNotes: boolean;
  /** Stages belong to each job (Greenhouse) or to the whole account (Lever). */
  stagesPerJob: boolean;
}

/** What a write needs to know; taken from a snapshot, never from a webhook body. */
export interface WriteTarget {
  applicationId: string;
  candidateId: string | null;
  /**
   * The ATS user in whose name it is written, for accounts that attribute to the recruiter: the mapped user of the member who
   * clicked, never an id from a browser. Missing or null: the connection's own user.
   */
  actingUserId?: string | null;
}

export interface ApplicationSummary {
  applicationId: string;
  candidateId: string | null;
  candidateName: string | null;
  jobName: string | null;
  stageName: string | null;
  status: Snapshot['status'];
  /** As in the snapshot. */
  createdAt?: string | null;
  confidential?: boolean;
  involved?: Snapshot['involved'];
}

/** A reason to look at an application again. */
export interface ChangedApplication {
  applicationId: string;
  /** It stands in none of the given stages: of interest only to who has something going there. */
  isElsewhere: boolean;
  /** Its stage, where the list tells the name: the ids of stages are not known of every job. */
  stageName?: string;
}

export interface AtsStage {
  stageId: string;
  name: string;
  /** Null where stages belong to the whole account. */
  job: { id: string; name: string | null } | null;
  order: number;
}

export interface AtsDispositionReason {
  reasonId: string;
  name: string;
  /** `hired` reasons end well: Lever's archive reasons of type hired. */
  kind: 'hired' | 'non-hired' | 'unknown';
  active: boolean;
}

/** What the set-up alone asks; with a credential of its own where there is one (Lever: the set-up key). */
export interface AtsSetUp extends Pick<AtsAdapter, 'listStages' | 'listDispositionReasons'> {
  /** Whether the ATS refuses the set-up's own credential. Null where it has none. */
  isSetUpKeyDead: (() => Promise<CallResult<boolean>>) | null;
  /** Null where webhooks are made by hand only. */
  webhooks: AtsWebhookManager | null;
}

/** Webhooks through the ATS's API. Knows nothing of our addresses. */
export interface AtsWebhookManager {
  list(): Promise<CallResult<RemoteWebhook[]>>;
  /** NOT safe to repeat. The signing token is shown here and never again. */
  create(webhook: { event: string; url: string }): Promise<CallResult<{ id: string; signingToken: string }>>;
  /** Safe to repeat. `forbidden`: made by hand in the ATS, and to be removed there. */
  remove(id: string): Promise<CallResult<void>>;
}

export interface RemoteWebhook {
  id: string;
  event: string;
  url: string;
}

/** Where a person at the ATS gives consent instead of making a key (OAuth, authorization code). */
export interface AtsConsent {
  /** The page on which that person says yes or no; they come back to `redirectUri` with `state`. */
  address(query: { state: string; redirectUri: string }): string;
  /** Exchanges what they came back with for tokens, and keeps those. NOT safe to repeat: a code is good once. */
  finish(query: { code: string; redirectUri: string }): Promise<CallResult<void>>;
  /** Forgets the tokens. Calls are `misconfigured` from then on, until somebody gives consent again. */
  forget(): Promise<void>;
}

/** The receiving half of an ATS; needs no credential for the API, so that a webhook is taken even when that is broken. */
export interface AtsWebhooks {
  readonly kind: AtsKind;
  /** The events an admin sets up, each with an address of its own. */
  readonly events: readonly AtsWebhookEvent[];
  /**
   * Judges the raw bytes: authentic, a harmless set-up test, or refused. Pure and constant-time in the secret; several live
   * secrets are tried so that they can be rotated. Must not trust anything in the body that the signature does not cover.
   */
  verifyDelivery(request: WebhookRequest, secrets: readonly string[], now: Date): Verdict;
  /** Whom an authentic delivery is about. Total: an unknown event or shape gives no hint, never an error. */
  toHints(body: unknown): AtsHint[];
}

export interface AtsWebhookEvent {
  /** The ATS's own word, shown so that the admin finds it there. */
  name: string;
  /** What happens without it, in one line. */
  purpose: string;
  required: boolean;
}

/** "Something may have changed here." Carries no facts but two, which no API of that ATS tells. */
export interface AtsHint {
  applicationId?: string;
  /** When the event names only the person. */
  candidateId?: string;
  event: string;
  /** The person was anonymised, for ever; told by a signed webhook, where re-reading shows no more than empty fields. */
  anonymised?: true;
  /**
   * The application was deleted, or without one the person, and the signature covers that word. Re-reading shows no more than absence.
   */
  deleted?: true;
}
