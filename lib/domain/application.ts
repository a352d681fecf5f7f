import type { AtsKind } from './ats.ts';
import type { ApplicationId, CandidateId, ConnectionId, ReasonId, StageId } from './ids.ts';

/**
 * One crossing into a stage, as the ATS's own history tells it. `key` identifies it for ever: stage and time of entry, so
 * that going A-B-A gives two entries of A and a webhook told twice gives none.
 */
export interface StageEntry {
  key: string;
  stageId: StageId;
  stageName: string | null;
  /** ISO 8601, UTC. */
  enteredAt: string;
  /** The ATS user who moved the candidate, where the history says so. */
  byUserId?: string | null;
  /** The ATS tells no time of entry: `enteredAt` was derived from others of its times. It may tell the true one later. */
  derived?: true;
}

export function stageEntryKey(stageId: StageId, enteredAt: Date): string {
  return `${stageId}@${enteredAt.getTime()}`;
}

/** `hired` and `archived` are both final; `archived` covers Lever's archive and Greenhouse's rejection. */
export type ApplicationStatus = 'active' | 'archived' | 'hired' | 'prospect';

export interface CandidateTag {
  text: string;
  /** True when the tag came with the job (a Lever posting hands its title, team, location ... down as tags). */
  inherited: boolean;
}

/** By ids of the ATS. What those with a limited role may see depends on it (Lever). */
export interface InvolvedUsers {
  /** Owner and followers of the application itself. */
  application: string[];
  /** Owner and hiring manager of its job. */
  job: string[];
}

/**
 * One application as just re-read from the ATS. Every field that a real account may leave empty is nullable: candidates
 * without a name, without an e-mail, without a job.
 */
export interface Snapshot {
  ats: AtsKind;
  connectionId: ConnectionId;
  applicationId: ApplicationId;
  candidateId: CandidateId | null;
  name: string | null;
  emails: string[];
  /** Greenhouse's "do not e-mail" mark; null where the ATS has none. */
  canEmail: boolean | null;
  tags: CandidateTag[];
  job: { id: string; name: string | null } | null;
  /** The stage the application is in now; null for prospects and some final states. */
  stage: { id: StageId; name: string | null } | null;
  /** Oldest first. May miss entries that the ATS has forgotten, never invents one. */
  stageEntries: StageEntry[];
  status: ApplicationStatus;
  /** Why it was archived or rejected, when it was. */
  disposition: { reasonId: ReasonId | null; reasonName: string | null; at: string | null } | null;
  confidential: boolean;
  /** The ATS users who have to do with it; missing where the ATS does not say, or where it was read before we asked. */
  involved?: InvolvedUsers;
  anonymised: boolean;
  /** ISO 8601, UTC: when it came to be, by the ATS's own clock. Null where the ATS leaves it empty, missing where it was read before we asked. */
  createdAt?: string | null;
  /** Where a person finds this application in the ATS. */
  profileUrl: string | null;
  /** ISO 8601, UTC: when this was read. */
  readAt: string;
  /** How far the ATS's clock was ahead of ours, in milliseconds, negative if behind; missing where they agree or it is not known. */
  clockAheadMs?: number;
}

/** The last entry of the history when it is the stage the application is in now. */
export function currentStageEntry(snapshot: Snapshot): StageEntry | undefined {
  const last = snapshot.stageEntries.at(-1);
  return last && snapshot.stage && last.stageId === snapshot.stage.id ? last : undefined;
}
