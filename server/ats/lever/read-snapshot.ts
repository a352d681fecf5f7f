import {
  type ApplicationStatus,
  type CandidateTag,
  type InvolvedUsers,
  type Snapshot,
  type StageEntry,
  stageEntryKey,
} from '../../../lib/domain/application.ts';
import { sameTag } from '../../../lib/domain/assessment.ts';
import type { Clock } from '../../clock.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { LeverClient, LeverQuery } from './client.ts';
import type { LeverLookups } from './lookups.ts';
import {
  type LeverArchiveReason,
  type LeverOpportunity,
  type LeverPosting,
  type LeverStage,
  leverOpportunitySchema,
} from './schemas.ts';

export interface LeverReading {
  client: LeverClient;
  lookups: LeverLookups;
  clock: Clock;
  connectionId: string;
}

/** `applications` leads to the posting, `stage` gives its name even to keys that may not list stages. */
export const LEVER_EXPAND: LeverQuery = { expand: ['applications', 'stage'] };

/** What the opportunity itself does not say. */
export interface LeverSurroundings {
  stages: LeverStage[] | null;
  /** Null while not archived, or not visible. */
  reason: LeverArchiveReason | null;
  posting: LeverPosting | null;
}

/** One opportunity, whole. A lookup that fails for a passing reason fails the reading: half a snapshot would decide wrongly. */
export async function readLeverSnapshot(reading: LeverReading, applicationId: string): Promise<CallResult<Snapshot>> {
  const opportunity = await readLeverOpportunity(reading.client, applicationId);
  if (!opportunity.ok) return opportunity;
  // Old candidate ids are the ids of their opportunities, so that another one is always somebody else's.
  if (opportunity.value.id !== applicationId)
    return { ok: false, kind: 'unreadable', detail: 'Lever answered with another opportunity than the one that was asked for.' };
  const surroundings = await readSurroundings(reading.lookups, opportunity.value);
  if (!surroundings.ok) return surroundings;
  return succeed(toLeverSnapshot(opportunity.value, surroundings.value, reading));
}

/** https://hire.lever.co/developer/documentation#retrieve-a-single-opportunity */
async function readLeverOpportunity(client: LeverClient, applicationId: string): Promise<CallResult<LeverOpportunity>> {
  const path = ['opportunities', applicationId];
  const expanded = await client.get(path, LEVER_EXPAND, leverOpportunitySchema);
  // Inferred: a key without the right to see applications or stages may be refused as a whole. Then without their names.
  return !expanded.ok && expanded.kind === 'forbidden' ? client.get(path, {}, leverOpportunitySchema) : expanded;
}

export async function readSurroundings(
  lookups: LeverLookups,
  opportunity: LeverOpportunity,
): Promise<CallResult<LeverSurroundings>> {
  const stages = await lookups.stages();
  if (!stages.ok) return stages;
  const reasons = opportunity.archived?.reason ? await lookups.archiveReasons() : succeed(null);
  if (!reasons.ok) return reasons;
  const postingId = postingIdOf(opportunity);
  const posting = postingId ? await lookups.posting(postingId) : succeed(null);
  if (!posting.ok) return posting;
  const reason = reasons.value?.find(({ id }) => id === opportunity.archived?.reason) ?? null;
  return succeed({ stages: stages.value, reason, posting: posting.value });
}

/** Total: whatever a real account leaves empty is null or empty here. */
export function toLeverSnapshot(
  opportunity: LeverOpportunity,
  surroundings: LeverSurroundings,
  { clock, connectionId }: Pick<LeverReading, 'clock' | 'connectionId'>,
): Snapshot {
  const { archived } = opportunity;
  return {
    ats: 'lever',
    connectionId,
    applicationId: opportunity.id,
    candidateId: opportunity.contact?.id ?? null,
    name: textOrNull(opportunity.name),
    emails: opportunity.emails.map((email) => email.trim()).filter(Boolean),
    canEmail: null,
    tags: toTags(opportunity, surroundings.posting),
    job: toJob(opportunity, surroundings.posting),
    stage: opportunity.stage
      ? { id: opportunity.stage.id, name: stageName(opportunity, opportunity.stage.id, surroundings.stages) }
      : null,
    stageEntries: toStageEntries(opportunity, surroundings.stages),
    status: toLeverStatus(opportunity, surroundings.reason),
    disposition: archived
      ? { reasonId: archived.reason ?? null, reasonName: textOrNull(surroundings.reason?.text), at: toIso(archived.archivedAt) }
      : null,
    confidential: isConfidential(opportunity),
    involved: toInvolved(opportunity, surroundings.posting),
    anonymised: opportunity.isAnonymized === true,
    createdAt: toIso(opportunity.createdAt),
    profileUrl: toProfileUrl(opportunity),
    readAt: clock.now().toISOString(),
  };
}

/** What Lever itself looks at for limited roles. A posting that the credential may not read involves nobody. */
export function toInvolved(opportunity: LeverOpportunity, posting: LeverPosting | null): InvolvedUsers {
  const ids = (users: ({ id: string } | null | undefined)[]) => [...new Set(users.flatMap((user) => (user ? [user.id] : [])))];
  return {
    application: ids([opportunity.owner, ...(opportunity.followers ?? [])]),
    job: ids([posting?.owner, posting?.hiringManager]),
  };
}

/** Lever knows two words. A third one, should it ever come, had better be taken for the stricter. */
export function isConfidential({ confidentiality }: LeverOpportunity): boolean {
  return Boolean(confidentiality) && confidentiality !== 'non-confidential';
}

export function toLeverStatus(opportunity: LeverOpportunity, reason: LeverArchiveReason | null): ApplicationStatus {
  if (!opportunity.archived) return 'active';
  return reason?.type === 'hired' ? 'hired' : 'archived';
}

export function toJob(opportunity: LeverOpportunity, posting: LeverPosting | null): Snapshot['job'] {
  const id = postingIdOf(opportunity);
  return id ? { id, name: textOrNull(posting?.text) } : null;
}

/** Lever allows at most one application to each opportunity. */
function postingIdOf(opportunity: LeverOpportunity): string | undefined {
  for (const application of opportunity.applications ?? [])
    if ('posting' in application && application.posting) return application.posting.id;
  return undefined;
}

/**
 * Lever mixes the recruiter's tags with those of the posting. Without the right to read postings nothing can be called
 * inherited: better a tag too many, which a person sees, than an assessment that never goes out.
 */
function toTags(opportunity: LeverOpportunity, posting: LeverPosting | null): CandidateTag[] {
  const { team, department, location, commitment, level, allLocations = [] } = posting?.categories ?? {};
  const handedDown = [posting?.text, team, department, location, commitment, level, ...allLocations, ...(posting?.tags ?? [])];
  const inherited = handedDown.filter((text) => typeof text === 'string');
  return opportunity.tags.map((text) => ({ text, inherited: inherited.some((other) => sameTag(other, text)) }));
}

function toStageEntries(opportunity: LeverOpportunity, stages: LeverStage[] | null): StageEntry[] {
  const entries = new Map<string, StageEntry>();
  for (const { toStageId, updatedAt, userId } of opportunity.stageChanges ?? []) {
    if (!toStageId || typeof updatedAt !== 'number') continue;
    const entry = toEntry(toStageId, updatedAt);
    entries.set(entry.key, { ...entry, byUserId: userId ?? null });
  }
  const told = [...entries.values()].sort((a, b) => Date.parse(a.enteredAt) - Date.parse(b.enteredAt));
  const untold = untoldEntry(opportunity, told.at(-1));
  return untold === null ? told : [...told, { ...toEntry(untold.stageId, untold.at), derived: true }];

  function toEntry(stageId: string, at: number) {
    const enteredAt = new Date(at);
    const name = stageName(opportunity, stageId, stages);
    return { key: stageEntryKey(stageId, enteredAt), stageId, stageName: name, enteredAt: enteredAt.toISOString() };
  }
}

/**
 * A history that is empty or ends elsewhere leaves out how the present stage was reached. Lever says it once more in
 * `lastAdvancedAt`, and for the first stage in `createdAt`; without either nothing is invented.
 */
function untoldEntry(opportunity: LeverOpportunity, last: StageEntry | undefined): { stageId: string; at: number } | null {
  const stageId = opportunity.stage?.id;
  const at = opportunity.lastAdvancedAt ?? (last ? null : opportunity.createdAt);
  if (!stageId || last?.stageId === stageId || typeof at !== 'number') return null;
  return last && at < Date.parse(last.enteredAt) ? null : { stageId, at };
}

export function stageName(opportunity: LeverOpportunity, stageId: string, stages: LeverStage[] | null): string | null {
  const { stage } = opportunity;
  const expanded = stage && 'text' in stage && stage.id === stageId ? stage.text : undefined;
  return textOrNull(expanded ?? stages?.find(({ id }) => id === stageId)?.text);
}

/** Shown as a link, so only Lever's own address will do. */
function toProfileUrl(opportunity: LeverOpportunity): string | null {
  const address = opportunity.urls?.show ?? '';
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === 'https:' && /^hire(\.[a-z]+)?\.lever\.co$/.test(url.hostname) ? url.href : null;
}

function textOrNull(text: string | null | undefined): string | null {
  return text?.trim() ? text.trim() : null;
}

export function toIso(ms: number | null | undefined): string | null {
  return typeof ms === 'number' ? new Date(ms).toISOString() : null;
}
