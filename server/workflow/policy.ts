import type { Assessment } from '../../lib/domain/assessment.ts';
import type { DispositionMeaning, OutcomeName } from '../../lib/domain/outcome.ts';
import type { StageRole } from '../../lib/domain/stage-role.ts';

/** The company's workflow rules and the settings they rest on, as of one version. Read-only for `decide`. */
export interface Policy {
  version: number;
  rules: RuleSwitches;
  /** Seconds that a recruiter's click waits, so that it can be undone. */
  holdSeconds: number;
  /** The same for what a rule sends. */
  automaticHoldSeconds: number;
  /** How long after leaving a stage or being archived an open invitation is cancelled. */
  leavingGraceMinutes: number;
  /** Whether tags that a Lever posting hands down count as if a person had set them. */
  inheritedTagsCount: boolean;
  /** After how many seconds to look once more when a stage is entered without a tag. */
  tagRecheckSeconds: number;
  assessments: Assessment[];
  /** Vendor connections that are switched on. */
  vendorsOn: string[];
  /** Of the ATS connection that the application belongs to. */
  stageRoles: StageRoleRule[];
  /** Stages that a setting names and the ATS no longer has, as of the last comparison; those by name have no id. */
  goneStages: { id: string | null; name: string }[];
  dispositionMeanings: { reasonId: string; meaning: DispositionMeaning }[];
  /** By vendor connection: the vendor's words for what became of a candidate. Without a word nothing is told. */
  outcomeWords?: Record<string, Partial<Record<OutcomeName, string>>>;
  /** Where a pass moves to: the stage with the role `onsite` in this application's job; null without one. `unknown` while nobody can tell. */
  moveTarget: { stageId: string; name: string } | null | 'unknown';
  /** What is written in the ATS besides tags and notes. */
  writeBack: WriteBackSwitches;
  /** Vendor connections whose reviewers' comments stand in our notes; private by default. */
  commentsInNotes: string[];
  /** Other systems that are told, and of what. */
  hooks?: { id: string; events: string[] }[];
  /** What a result does by itself besides the note. */
  onResult: ResultRule[];
  /** ISO 8601, UTC. Stage entries before it cause nothing: rules are not retroactive. Null: automatic work is off. */
  automaticSince: string | null;
  /** ISO 8601, UTC: the data are those of an older backup. What was entered before it may have been decided since the backup was made. */
  restoredAt?: string | null;
}

export interface RuleSwitches {
  sendOnStageEntry: boolean;
  cancelOnLeaving: boolean;
  advanceOnPass: boolean;
}

/**
 * As Coderbyte's own automations have them: https://help.coderbyte.com/knowledge/create-workflows . What is not said in `when` does not
 * matter; of several conditions any or all have to hold.
 */
export interface ResultRule {
  when: { qualified?: boolean; cheating?: boolean; match: 'any' | 'all' };
  /** `move`: to the stage with the role `onsite`, under the same conditions as every move after a pass. */
  does: { tag?: string; move: boolean };
}

/** Whether, not where: the fields and the form are looked up when it is written. */
export interface WriteBackSwitches {
  status: boolean;
  score: boolean;
  reportFile: boolean;
  reportLink: boolean;
  feedback: boolean;
}

/** Matches by the stage's id, or by its name where stages are made anew for each job (Greenhouse). */
export interface StageRoleRule {
  stageId: string | null;
  stageName: string | null;
  role: StageRole;
}

/** The roles of stages that are still there. A name may be there again before the next comparison, so only ids are sorted out. */
export function rolesThere({ stageRoles, goneStages }: Pick<Policy, 'stageRoles' | 'goneStages'>): StageRoleRule[] {
  return stageRoles.filter(({ stageId }) => stageId === null || !goneStages.some(({ id }) => id === stageId));
}

export const NOTHING_WRITTEN: WriteBackSwitches = {
  status: false,
  score: false,
  reportFile: false,
  reportLink: false,
  feedback: false,
};

/** Names of the assessment stages that the settings mean and the ATS no longer has. */
export function missingAssessmentStages({ stageRoles, goneStages }: Pick<Policy, 'stageRoles' | 'goneStages'>): string[] {
  const meant = stageRoles.filter(({ role }) => role === 'assessment');
  return goneStages
    .filter(({ id, name }) => meant.some((rule) => (id === null ? rule.stageName === name : rule.stageId === id)))
    .map(({ name }) => name);
}

export const DEFAULT_RULES: RuleSwitches = { sendOnStageEntry: true, cancelOnLeaving: true, advanceOnPass: false };

export function stageRoleOf(
  policy: Pick<Policy, 'stageRoles'>,
  stage: { id: string; name: string | null } | null,
): StageRole | null {
  if (!stage) return null;
  const name = stage.name?.trim().toLocaleLowerCase('en');
  const rule =
    policy.stageRoles.find((r) => r.stageId !== null && r.stageId === stage.id) ??
    policy.stageRoles.find(
      (r) => r.stageId === null && r.stageName !== null && r.stageName.trim().toLocaleLowerCase('en') === name,
    );
  return rule?.role ?? null;
}
