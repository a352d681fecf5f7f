import { eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Random } from '../random.ts';
import type { Transaction } from '../services.ts';
import {
  accommodations,
  applications,
  audit,
  auditDetails,
  decisions,
  effects,
  failures,
  inputs,
  invitations,
  outgoingHooks,
  poolLinks,
  results,
  stageEntries,
} from '../storage/schema.ts';
import type { Traces } from './find-traces.ts';
import { textsAt, toPattern } from './named-by.ts';

/** Deletes all that hangs on these applications, and them. Answers how many rows went, by table. The audit itself stays, with its keys. */
export async function eraseRows(
  tx: Transaction,
  { keys, invited, asked, persons, named }: Traces,
  { deliveryIds, random }: { deliveryIds: readonly number[]; random: Random },
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const drop = async (name: string, table: PgTable, where: SQL | undefined) => {
    const { rowCount } = await tx.delete(table).where(where);
    counts[name] = (counts[name] ?? 0) + (rowCount ?? 0);
  };
  const pattern = toPattern([...textsAt(named, 'ats'), ...named.externalIds]);
  await drop(
    'failures',
    failures,
    or(
      deliveryIds.length > 0
        ? inArray(
            failures.key,
            deliveryIds.map((id) => `delivery:${id}`),
          )
        : sql`false`,
      pattern === null
        ? sql`false`
        : sql`(${failures.key} || ' ' || ${failures.reason}::text || ' ' || coalesce(${failures.comment}, '')) ~* ${pattern}`,
    ),
  );
  if (persons.length > 0) await drop('accommodations', accommodations, inArray(accommodations.person, persons));
  if (keys.length === 0) return counts;
  const entries = tx.select({ id: audit.id }).from(audit).where(inArray(audit.applicationKey, keys));
  await drop('audit_details', auditDetails, inArray(auditDetails.auditId, entries));
  await drop('failures', failures, inArray(failures.applicationKey, keys));
  const ids = invited.map(({ id }) => id);
  if (ids.length > 0) {
    await drop('results', results, inArray(results.invitationId, ids));
    counts.pool_links = await useUp(tx, ids, random);
  }
  const hookIds = asked.flatMap(({ effect }) => (effect.kind === 'call-hook' ? [effect.hookId] : []));
  // What another system answered may quote what it was told.
  if (hookIds.length > 0)
    await tx.update(outgoingHooks).set({ lastFailedBecause: null }).where(inArray(outgoingHooks.id, hookIds));
  await drop('effects', effects, inArray(effects.applicationKey, keys));
  await drop('decisions', decisions, inArray(decisions.applicationKey, keys));
  await drop('inputs', inputs, inArray(inputs.applicationKey, keys));
  await drop('stage_entries', stageEntries, inArray(stageEntries.applicationKey, keys));
  await drop('invitations', invitations, inArray(invitations.applicationKey, keys));
  await drop('applications', applications, inArray(applications.key, keys));
  return counts;
}

/** Their one-time links are forgotten and stay used: an id that means nothing takes the place of the invitation's. */
async function useUp(tx: Transaction, invitationIds: readonly string[], random: Random): Promise<number> {
  const given = await tx
    .select({ id: poolLinks.id })
    .from(poolLinks)
    .where(inArray(poolLinks.invitationId, [...invitationIds]));
  for (const { id } of given)
    await tx.update(poolLinks).set({ sealed: '', invitationId: random.uuid() }).where(eq(poolLinks.id, id));
  return given.length;
}
