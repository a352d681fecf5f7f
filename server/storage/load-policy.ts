import { and, desc, eq, isNull } from 'drizzle-orm';
import {
  type ConnectionSettings,
  outcomeWordsOf,
  type RulesView,
  vendorNameOf,
  writeBackOf,
} from '../../lib/contract/settings.ts';
import { VENDOR_KINDS, type VendorKind } from '../../lib/domain/assessment.ts';
import type { Database, Transaction } from '../services.ts';
import type { Policy, WriteBackSwitches } from '../workflow/policy.ts';
import { DEFAULT_RULES, NOTHING_WRITTEN } from '../workflow/policy.ts';
import { listHooks } from './outgoing-hooks.repository.ts';
import { readTogether } from './read-together.ts';
import { assessments, connections, policyVersions, reasonMeanings, stageRoles } from './schema.ts';
import { readSweepState } from './sweep-state.ts';
import { readCatalogueStates } from './vendor-catalogue.repository.ts';

/** What holds before an admin has changed anything. */
export const DEFAULT_RULE_SETTINGS: RulesView = {
  ...DEFAULT_RULES,
  holdSeconds: 10,
  automaticHoldSeconds: 0,
  leavingGraceMinutes: 5,
  tagRecheckSeconds: 30,
  inheritedTagsCount: false,
  onResult: [],
};

const policyOf = new WeakMap<Database | Transaction, (connectionId: string) => Promise<Policy>>();

/**
 * The newest rules with all that they rest on, for one ATS connection. `moveTarget` is filled in by the lane, which knows the job's stages.
 * Many who ask at once are answered together, each by a reading that began after the asking.
 */
export function loadPolicy(db: Database | Transaction, connectionId: string): Promise<Policy> {
  const known = policyOf.get(db);
  if (known) return known(connectionId);
  const together = readTogether((id: string) => readPolicy(db, id));
  policyOf.set(db, together);
  return together(connectionId);
}

async function readPolicy(db: Database | Transaction, connectionId: string): Promise<Policy> {
  const [newest] = await db.select().from(policyVersions).orderBy(desc(policyVersions.version)).limit(1);
  const rules = { ...DEFAULT_RULE_SETTINGS, ...newest?.rules };
  const [connection] = await db.select().from(connections).where(eq(connections.id, connectionId));
  const vendors = await db
    .select({ id: connections.id, kind: connections.kind, enabled: connections.enabled, settings: connections.settings })
    .from(connections)
    .where(and(eq(connections.side, 'vendor'), isNull(connections.deletedAt)));
  const vendorOf = new Map(vendors.map((vendor) => [vendor.id, vendor]));
  const rows = await db.select().from(assessments);
  const catalogueStateOf = await readCatalogueStates(db);
  return {
    version: newest?.version ?? 0,
    rules: {
      sendOnStageEntry: rules.sendOnStageEntry,
      cancelOnLeaving: rules.cancelOnLeaving,
      advanceOnPass: rules.advanceOnPass,
    },
    holdSeconds: rules.holdSeconds,
    automaticHoldSeconds: rules.automaticHoldSeconds,
    leavingGraceMinutes: rules.leavingGraceMinutes,
    tagRecheckSeconds: rules.tagRecheckSeconds,
    inheritedTagsCount: rules.inheritedTagsCount,
    vendorsOn: vendors.filter((vendor) => vendor.enabled).map((vendor) => vendor.id),
    assessments: rows.flatMap((row) => {
      const connected = vendorOf.get(row.vendorConnectionId);
      const vendor = vendorKind(connected?.kind);
      const vendorName = (connected && vendorNameOf(connected.settings)) ?? undefined;
      const { archivedAt, createdAt: _createdAt, ...assessment } = row;
      return vendor
        ? [{ ...assessment, vendor, vendorName, archived: archivedAt !== null, catalogueState: catalogueStateOf(row) }]
        : [];
    }),
    stageRoles: await db
      .select({ stageId: stageRoles.stageId, stageName: stageRoles.stageName, role: stageRoles.role })
      .from(stageRoles)
      .where(eq(stageRoles.connectionId, connectionId)),
    goneStages: readSweepState(connection?.sweepState).goneStages,
    dispositionMeanings: await db
      .select({ reasonId: reasonMeanings.reasonId, meaning: reasonMeanings.meaning })
      .from(reasonMeanings)
      .where(eq(reasonMeanings.connectionId, connectionId)),
    outcomeWords: Object.fromEntries(vendors.map(({ id, settings }) => [id, outcomeWordsOf(settings)])),
    moveTarget: null,
    writeBack: connection ? toSwitches(connection.settings) : NOTHING_WRITTEN,
    commentsInNotes: vendors.flatMap(({ id, settings }) =>
      settings.kind === 'coderbyte' && settings.commentsInNotes ? [id] : [],
    ),
    hooks: (await listHooks(db)).filter(({ enabled }) => enabled).map(({ id, events }) => ({ id, events })),
    onResult: rules.onResult,
    automaticSince: connection?.enabled ? connection.automaticSince.toISOString() : null,
  };
}

function toSwitches(settings: ConnectionSettings): WriteBackSwitches {
  const { statusField, scoreField, reportFile, reportLink, feedbackForm } = writeBackOf(settings);
  return { status: statusField !== '', score: scoreField !== '', reportFile, reportLink, feedback: feedbackForm !== '' };
}

function vendorKind(kind: string | undefined): VendorKind | undefined {
  return VENDOR_KINDS.find((known) => known === kind);
}
