import type { Invitation, InvitationState } from '../../lib/domain/invitation.ts';
import type { Outcome } from '../../lib/domain/outcome.ts';
import type { VendorResult } from '../../lib/domain/result.ts';

/** Our own record of one application: all that `decide` may know besides the event. */
export interface ApplicationState {
  invitations: Invitation[];
  /** Invitations of the same person in other applications, so that nobody is invited twice. Read-only. */
  elsewhere: InvitationElsewhere[];
  /** Stage entries that have been decided, each once. */
  decidedEntries: readonly string[];
  /** Those of them whose time of entry was derived; see known-entries.ts. Of what earlier versions decided it may be any. */
  derivedEntries: readonly string[];
  /** A stage was entered without a usable tag; look once more when due. */
  tagRecheck: { entryKey: string; dueAt: string } | null;
  /** The application left; open invitations are cancelled when due. `dueAt` null: that has been done. */
  /** `first`: since when they have been gone, where that was told anew since (moved on, then archived); else `since`. */
  leaving: { since: string; first?: string; dueAt: string | null; how: 'moved' | 'archived' | 'hired' } | null;
  outcome: Outcome;
  /** True from the first re-read that showed it archived or hired until one shows it active. */
  closed: boolean;
  /** True while the ATS does not show it to us. */
  vanished: boolean;
  /** True from the ATS's own word that it was deleted, until it shows it again after all. */
  deleted: boolean;
  /** The stage of which it was said that the ATS tells no time of entry, as long as the candidate stands in it. */
  undatedStage: string | null;
  /** Moves that results have asked for by themselves, with what each rests on. */
  advances?: readonly OwnAdvance[];
  /** A pass that would move the candidate on, while the stages cannot be read: looked at again when due, until long after `since`. */
  waitingMove?: { invitationId: string; since: string; dueAt: string } | null;
  /** Keys of effects that exist already, so that none is asked for twice. */
  effectKeys: readonly string[];
}

export interface OwnAdvance {
  effectKey: string;
  /** The name of the stage it leads to. */
  stage: string | null;
  /** ISO 8601, UTC; null until the ATS has taken it. */
  doneAt: string | null;
  /** The results it rests on. `reviewed`: the newest version that a person was asked about, or the one moved on. */
  results: readonly {
    invitationId: string;
    version: number;
    reviewed: number;
    was: Pick<VendorResult, 'score' | 'rating' | 'verdict'>;
  }[];
}

export interface InvitationElsewhere {
  invitationId: string;
  vendorConnectionId: string;
  assessmentExternalId: string;
  assessmentName: string;
  /** The vendor's id of it, where it gave one. */
  externalId?: string | null;
  person: string;
  state: InvitationState;
  attempt: number;
  byName: string | null;
  jobName: string | null;
}

/** What is kept with the application itself; the rest stands in tables of its own. Rows of earlier versions lack what came later. */
export type KeptState = Pick<ApplicationState, 'tagRecheck' | 'leaving' | 'closed' | 'vanished'> &
  Partial<Pick<ApplicationState, 'deleted' | 'undatedStage' | 'advances' | 'waitingMove' | 'derivedEntries'>>;

export function toKeptState(state: ApplicationState): KeptState {
  const { tagRecheck, leaving, closed, vanished, deleted, undatedStage, advances, waitingMove, derivedEntries } = state;
  return { tagRecheck, leaving, closed, vanished, deleted, undatedStage, advances, waitingMove, derivedEntries };
}

export const EMPTY_STATE: ApplicationState = {
  invitations: [],
  elsewhere: [],
  decidedEntries: [],
  derivedEntries: [],
  tagRecheck: null,
  leaving: null,
  outcome: { nextStep: 'pending', offerStatus: 'none' },
  closed: false,
  vanished: false,
  deleted: false,
  undatedStage: null,
  effectKeys: [],
};
