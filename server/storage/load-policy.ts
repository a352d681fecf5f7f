import { sql } from 'drizzle-orm';
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
import type { ConnectionRow } from './connections.repository.ts';
import { fromJsonRow, type JsonRow } from './from-json-row.ts';
import { readTogether } from './read-together.ts';
import { readyStatement } from './ready-statement.ts';
import { RESTORED_AT } from './restored-at.ts';
import { assessments } from './schema.ts';
import { readSweepState } from './sweep-state.ts';
import { statesBy } from './vendor-catalogue.repository.ts';

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

/** One statement, so that all of it is of one moment. Times come as text. */
const POLICY = readyStatement(
  ['id'],
  ({ id }) => sql`select
  (select row_to_json(p) from (select version, rules from tagalong.policy_versions order by version desc limit 1) p) as newest,
  (select row_to_json(c) from (select settings, sweep_state, enabled, automatic_since from tagalong.connections where id = ${id}) c)
    as connection,
  (select json_agg(v) from (select id, kind, enabled, settings from tagalong.connections where side = 'vendor' and deleted_at is null) v) as vendors,
  (select json_agg(a) from tagalong.assessments a) as assessments,
  (select json_agg(c) from (select vendor_connection_id as "vendorConnectionId", external_id as "externalId", state from tagalong.vendor_catalogue
    where state <> 'active') c) as catalogue,
  (select json_agg(r) from (select stage_id as "stageId", stage_name as "stageName", role from tagalong.stage_roles
    where connection_id = ${id}) r) as roles,
  (select json_agg(m) from (select reason_id as "reasonId", meaning from tagalong.reason_meanings
    where connection_id = ${id}) m) as meanings,
  (select json_agg(h order by created_at, id) from (select id, events, created_at from tagalong.outgoing_hooks where deleted_at is null and enabled) h)
    as hooks,
  ${RESTORED_AT} as restored_at`,
);

type Vendor = Pick<ConnectionRow, 'id' | 'kind' | 'enabled' | 'settings'>;

interface PolicyRow extends Record<string, unknown> {
  newest: { version: number; rules: RulesView } | null;
  connection: (Pick<ConnectionRow, 'settings' | 'enabled'> & { sweep_state: unknown; automatic_since: string }) | null;
  vendors: Vendor[] | null;
  assessments: JsonRow[] | null;
  catalogue: Parameters<typeof statesBy>[0] | null;
  roles: Policy['stageRoles'][number][] | null;
  meanings: Policy['dispositionMeanings'][number][] | null;
  hooks: { id: string; events: string[] }[] | null;
  restored_at: string | null;
}

async function readPolicy(db: Database | Transaction, connectionId: string): Promise<Policy> {
  const { rows } = await db.execute<PolicyRow>(POLICY({ id: connectionId }));
  const [found] = rows;
  if (!found) throw new Error('a select without a row');
  const { newest, connection } = found;
  const rules = { ...DEFAULT_RULE_SETTINGS, ...newest?.rules };
  const vendors = found.vendors ?? [];
  const vendorOf = new Map(vendors.map((vendor) => [vendor.id, vendor]));
  const catalogueStateOf = statesBy(found.catalogue ?? []);
  const offered = (found.assessments ?? []).map((row) => fromJsonRow<typeof assessments.$inferSelect>(assessments, row));
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
    assessments: offered.flatMap((row) => {
      const connected = vendorOf.get(row.vendorConnectionId);
      const vendor = vendorKind(connected?.kind);
      const vendorName = (connected && vendorNameOf(connected.settings)) ?? undefined;
      const { archivedAt, createdAt: _createdAt, ...assessment } = row;
      return vendor
        ? [{ ...assessment, vendor, vendorName, archived: archivedAt !== null, catalogueState: catalogueStateOf(row) }]
        : [];
    }),
    stageRoles: found.roles ?? [],
    goneStages: readSweepState(connection?.sweep_state).goneStages,
    dispositionMeanings: found.meanings ?? [],
    outcomeWords: Object.fromEntries(vendors.map(({ id, settings }) => [id, outcomeWordsOf(settings)])),
    moveTarget: null,
    writeBack: connection ? toSwitches(connection.settings) : NOTHING_WRITTEN,
    commentsInNotes: vendors.flatMap(({ id, settings }) =>
      settings.kind === 'coderbyte' && settings.commentsInNotes ? [id] : [],
    ),
    hooks: (found.hooks ?? []).map(({ id, events }) => ({ id, events })),
    onResult: rules.onResult,
    automaticSince: connection?.enabled ? new Date(connection.automatic_since).toISOString() : null,
    restoredAt: found.restored_at,
  };
}

function toSwitches(settings: ConnectionSettings): WriteBackSwitches {
  const { statusField, scoreField, reportFile, reportLink, feedbackForm } = writeBackOf(settings);
  return { status: statusField !== '', score: scoreField !== '', reportFile, reportLink, feedback: feedbackForm !== '' };
}

function vendorKind(kind: string | undefined): VendorKind | undefined {
  return VENDOR_KINDS.find((known) => known === kind);
}
