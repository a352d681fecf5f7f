import { readCandidateReference } from '../../lib/ats-page/read-page.ts';
import type { AccessReport } from '../../lib/contract/access.ts';
import type { RulesView } from '../../lib/contract/settings.ts';
import type { AtsUse } from '../ats/doctor.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { findKnownApplicationId, keepAccessReport } from '../storage/access-reports.repository.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import { createKeptNames } from '../storage/kept-names.repository.ts';
import { readRules } from '../storage/rules.repository.ts';
import { toAccessReport, toUnaskedReport } from './access-report.ts';
import { ApiError } from './api-error.ts';
import { failureToError } from './describe-failure.ts';
import type { HttpParts } from './http-parts.ts';
import { kindName } from './kind-name.ts';
import { getConnection, readConnection } from './read-connections.ts';
import { tryConnect } from './try-connect.ts';

interface Means {
  services: Services;
  parts: Pick<HttpParts, 'connectDoctor' | 'connectAts' | 'webhookEventsOf'>;
}

/**
 * Looks what the credential of a connection may do, and keeps the report. Nothing is written at the ATS unless a test candidate is named.
 * @throws ApiError `not-found`; `invalid` when the test candidate is the address of nobody
 */
export async function examineAccess(id: string, testCandidate: string | null, means: Means): Promise<AccessReport> {
  const { services, parts } = means;
  const row = await getConnection(services.db, id, 'ats');
  const testApplicationId = testCandidate ? await findTestApplication(testCandidate, row, parts) : null;
  const connected = await tryConnect(parts.connectDoctor(id));
  const uses = await findUses(row, services);
  const knownApplicationId = await findKnownApplicationId(services.db, id);
  const examined = connected.ok ? await connected.adapter.examine({ uses, testApplicationId, knownApplicationId }) : null;
  const around = {
    ats: kindName(row.kind),
    connection: await readConnection(id, means),
    publicUrl: services.config.publicUrl,
    now: services.clock.now(),
  };
  const report = examined ? toAccessReport(examined, around) : toUnaskedReport(connected.ok ? '' : connected.message, around);
  await keepAccessReport(services.db, id, report);
  return report;
}

/** An id as it is; an address by whom its page shows. */
async function findTestApplication(text: string, row: ConnectionRow, parts: Means['parts']): Promise<string> {
  if (!text.includes('/')) return text;
  const reference = readCandidateReference(text);
  if (reference === null || reference.ats !== row.kind)
    throw new ApiError('invalid', { message: say('server.access.nobody-there', { ats: kindName(row.kind) }) });
  if (reference.kind === 'application') return reference.applicationId;
  const adapter = await parts.connectAts(row.id);
  const found = await adapter.findApplications(reference.candidateId);
  if (!found.ok) throw failureToError(found, { name: kindName(row.kind), side: 'ats' });
  const [first] = found.value;
  if (!first) throw new ApiError('invalid', { message: say('server.access.nobody-there', { ats: kindName(row.kind) }) });
  return first.applicationId;
}

async function findUses(row: ConnectionRow, { db }: Services): Promise<ReadonlySet<AtsUse>> {
  const { rules } = await readRules(db);
  const kept = await createKeptNames(db).read(row.id);
  const isSetUpElsewhere = kept.stages.length > 0 || row.secrets.setupKey !== undefined;
  return usesOf(row, rules, isSetUpElsewhere);
}

/** What is switched on, as far as it needs rights of its own. Pure. */
export function usesOf(
  { settings }: Pick<ConnectionRow, 'settings'>,
  rules: Pick<RulesView, 'sendOnStageEntry' | 'advanceOnPass'>,
  isSetUpElsewhere: boolean,
): ReadonlySet<AtsUse> {
  if (settings.kind !== 'greenhouse' && settings.kind !== 'lever') return new Set();
  const { attribution, writeBack } = settings;
  const isOn: Record<AtsUse, boolean> = {
    'set-up': !isSetUpElsewhere,
    // Where sends begin with a tag that somebody put there, ours is a convenience.
    tagging: !rules.sendOnStageEntry,
    advance: rules.advanceOnPass,
    attribution: attribution === 'recruiter',
    fields: writeBack.statusField !== '' || writeBack.scoreField !== '',
    'report-file': writeBack.reportFile,
    'report-link': writeBack.reportLink,
    feedback: writeBack.feedbackForm !== '',
    // Made by hand as well as through the API: a right that is there helps, one that is not is not missed.
    'managed-webhooks': false,
  };
  return new Set((Object.keys(isOn) as AtsUse[]).filter((use) => isOn[use]));
}
