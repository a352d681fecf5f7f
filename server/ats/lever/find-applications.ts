import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { ApplicationSummary } from '../port.ts';
import {
  isConfidential,
  LEVER_EXPAND,
  type LeverReading,
  readSurroundings,
  stageName,
  toInvolved,
  toIso,
  toJob,
  toLeverStatus,
} from './read-snapshot.ts';
import { type LeverOpportunity, leverOpportunitySchema } from './schemas.ts';

/** https://hire.lever.co/developer/documentation#list-all-opportunities ; all opportunities of one contact, newest first. */
export async function findLeverApplications(reading: LeverReading, contactId: string): Promise<CallResult<ApplicationSummary[]>> {
  const opportunities = await listOf(reading, contactId);
  if (!opportunities.ok) return opportunities;
  const newestFirst = opportunities.value.toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  const summaries: ApplicationSummary[] = [];
  for (const opportunity of newestFirst) {
    const summary = await toSummary(reading, opportunity);
    if (!summary.ok) return summary;
    summaries.push(summary.value);
  }
  return succeed(summaries);
}

async function listOf({ client }: LeverReading, contactId: string): Promise<CallResult<LeverOpportunity[]>> {
  const query = { contact_id: contactId, confidentiality: 'all' };
  const expanded = await client.list(['opportunities'], { ...query, ...LEVER_EXPAND }, leverOpportunitySchema);
  // As in read-snapshot.ts: names are worth less than the answer.
  return !expanded.ok && expanded.kind === 'forbidden' ? client.list(['opportunities'], query, leverOpportunitySchema) : expanded;
}

async function toSummary({ lookups }: LeverReading, opportunity: LeverOpportunity): Promise<CallResult<ApplicationSummary>> {
  const around = await readSurroundings(lookups, opportunity);
  if (!around.ok) return around;
  return succeed({
    applicationId: opportunity.id,
    candidateId: opportunity.contact?.id ?? null,
    candidateName: opportunity.name?.trim() || null,
    jobName: toJob(opportunity, around.value.posting)?.name ?? null,
    stageName: opportunity.stage ? stageName(opportunity, opportunity.stage.id, around.value.stages) : null,
    status: toLeverStatus(opportunity, around.value.reason),
    createdAt: toIso(opportunity.createdAt),
    confidential: isConfidential(opportunity),
    involved: toInvolved(opportunity, around.value.posting),
  });
}
