import { desc, sql } from 'drizzle-orm';
import type { RulesView } from '../../lib/contract/settings.ts';
import type { Database, Transaction } from '../services.ts';
import { DEFAULT_RULE_SETTINGS } from './load-policy.ts';
import { policyVersions } from './schema.ts';

export interface RulesInForce {
  version: number;
  rules: RulesView;
}

/** Writes the first version if there is none; to be called at every start. */
export async function ensureRules(db: Database, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    await lockRules(tx);
    if (!(await newest(tx)))
      await tx.insert(policyVersions).values({ rules: DEFAULT_RULE_SETTINGS, changedBy: null, changedAt: now });
  });
}

/** The newest version. Version 0 stands for the rules of a server that has not been started yet. */
export async function readRules(db: Database | Transaction): Promise<RulesInForce> {
  return (await newest(db)) ?? { version: 0, rules: DEFAULT_RULE_SETTINGS };
}

/** Adds a version; the same rules again add none. Earlier versions stay, because decisions name the one they were made under. */
export async function saveRules(
  db: Database,
  { rules, changedBy, now }: { rules: RulesView; changedBy: string; now: Date },
): Promise<RulesInForce> {
  return db.transaction(async (tx) => {
    await lockRules(tx);
    const current = await newest(tx);
    if (current && isSame(current.rules, rules)) return current;
    const [row] = await tx.insert(policyVersions).values({ rules, changedBy, changedAt: now }).returning();
    if (!row) throw new Error('The database stored no rules');
    return { version: row.version, rules: row.rules };
  });
}

function isSame(a: RulesView, b: RulesView): boolean {
  const sorted = (rules: RulesView) => JSON.stringify(Object.entries(rules).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return sorted(a) === sorted(b);
}

/** One writer at a time, so that a version follows from the one before. */
async function lockRules(tx: Transaction): Promise<void> {
  await tx.execute(sql`lock table ${policyVersions} in share row exclusive mode`);
}

async function newest(db: Database | Transaction): Promise<RulesInForce | undefined> {
  const rows = await db
    .select({ version: policyVersions.version, rules: policyVersions.rules })
    .from(policyVersions)
    .orderBy(desc(policyVersions.version))
    .limit(1);
  const [row] = rows;
  // Rows of earlier versions lack what came later.
  return row && { ...row, rules: { ...DEFAULT_RULE_SETTINGS, ...row.rules } };
}
