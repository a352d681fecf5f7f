import { inArray, sql } from 'drizzle-orm';
import type { Snapshot } from '../../../lib/domain/application.ts';
import { isOpen } from '../../../lib/domain/invitation.ts';
import { reasonWords } from '../../../server/http/reason-words.ts';
import * as tables from '../../../server/storage/schema.ts';
import type { Input } from '../../../server/workflow/input.ts';
import type { Told, ToldEffect } from '../model.ts';
import type { CrowdOffice } from '../tools/crowd-office.ts';
import type { Player } from './cast.ts';

/** In lower case: both ATSs call them almost the same. */
const STAGES: Record<string, string> = { 'phone screen': 'screen', assessment: 'assessment', onsite: 'onsite', offer: 'offer' };

/** Reads what the store keeps of all these people and puts it beside what was seen outside. */
export async function readTold(office: CrowdOffice, players: readonly Player[]): Promise<Told[]> {
  const { db } = office.server.services;
  const keys = players.flatMap(({ applications }) => applications.map(({ key }) => key));
  const { applications, decisions, effects, inputs, invitations, stageEntries } = tables;
  const rows = {
    applications: await db.select().from(applications).where(inArray(applications.key, keys)),
    decisions: await db.select().from(decisions).where(inArray(decisions.applicationKey, keys)).orderBy(decisions.id),
    effects: await db.select().from(effects).where(inArray(effects.applicationKey, keys)),
    inputs: await db.select().from(inputs).where(inArray(inputs.applicationKey, keys)),
    invitations: await db.select().from(invitations).where(inArray(invitations.applicationKey, keys)),
    entries: await db.select().from(stageEntries).where(inArray(stageEntries.applicationKey, keys)),
  };
  const { rows: left } = await db.execute<{ body: string; relayed: boolean; outcome: string | null }>(
    sql`select convert_from(body, 'UTF8') as body, relayed_at is not null as relayed, outcome from tagalong.deliveries
      where relayed_at is null or outcome is null or outcome in ('unreadable', 'failed')`,
  );
  const cameThrough = await committedOf(office, players);
  // Harvest v1 tells the history in sentences and overwrites times: what it tells is compared with itself alone.
  const comparable = (side: string) => side === 'lever' || office.atsKinds.some(({ name }) => name === 'Greenhouse v3');
  const of = <Row extends { applicationKey: string }>(all: readonly Row[], key: string) =>
    all.filter((row) => row.applicationKey === key);
  return players.map((player): Told => {
    const mine = new Set(player.applications.map(({ key }) => key));
    const own = rows.decisions.filter(({ applicationKey }) => mine.has(applicationKey));
    return {
      applications: player.applications.map((one) => {
        const row = rows.applications.find(({ key }) => key === one.key);
        const snapshot = row?.snapshot as Snapshot | null | undefined;
        return {
          key: one.key,
          stood: one.stood,
          erasedAtMs: one.erasedAtMs,
          crossings: comparable(one.side) ? one.entries() : [],
          decided: of(rows.entries, one.key).map(({ stageId, enteredAt }) => `${stageId} ${enteredAt.getTime()}`),
          known: snapshot
            ? {
                stageName: toStage(snapshot.stage?.name),
                active: snapshot.status === 'active',
                vanished: row?.state.vanished === true || row?.state.deleted === true,
              }
            : null,
          hintsLeft: (row?.hinted ?? 0) - (row?.handled ?? 0),
          inputs: of(rows.inputs, one.key).map(({ input, handledAt, decisionId }) => ({
            kind: String(input.kind),
            isHandled: handledAt !== null,
            hasDecision: decisionId !== null,
          })),
          decisions: of(rows.decisions, one.key).map(({ event, reasons }) => ({ event, sentences: reasons.map(reasonWords) })),
          commits: one.commits.filter(({ transaction }) => cameThrough.has(transaction)),
          notes: one.notes().filter((text) => / TA-[0-9a-f]{12}/.test(text)),
        };
      }),
      invitations: rows.invitations
        .filter(({ applicationKey }) => mine.has(applicationKey))
        .map((row) => ({ ...row, assessment: row.assessmentExternalId, isOpen: isOpen(row.state) })),
      effects: rows.effects
        .filter(({ applicationKey }) => mine.has(applicationKey))
        .map((row): ToldEffect => {
          const decision = own.find(({ effectKeys }) => effectKeys.includes(row.key));
          const invitation = rows.invitations.find(({ id }) => id === row.invitationId);
          const reports = rows.inputs.filter(({ key }) => key.startsWith(`effect:${row.id}`));
          return {
            ...{
              id: row.id,
              kind: row.kind,
              state: row.state,
              error: row.error,
              invitationId: row.invitationId,
              applicationKey: row.applicationKey,
            },
            createdAtMs: row.createdAt.getTime(),
            byRule: invitation?.raisedBy.kind === 'rule',
            decidedOn: decision?.event ?? null,
            carriedOut: player.carriedOut.get(row.id) ?? {},
            hasReport: reports.some(({ decisionId }) => decisionId !== null),
            saysNothingToDo: reports.some(({ input }) => saysNothingToDo(input as Input)),
            toStage: row.effect.kind === 'move-to-stage' ? toStage(row.effect.toStageName) : null,
          };
        }),
      went: player.went,
      severalOpen: player.severalOpen,
      writes: player.writes,
      deliveries: left
        .filter(
          ({ body }) =>
            body.includes(player.email) || player.applications.some(({ applicationId }) => body.includes(applicationId)),
        )
        .map(({ relayed, outcome }) => ({
          isRelayed: relayed,
          outcome: outcome === 'failed' || outcome === 'unreadable' ? null : outcome,
        })),
    };
  });
}

const toStage = (name: string | null | undefined): string | null => STAGES[name?.toLowerCase() ?? ''] ?? null;

/** As the panel tells it: "skipped", or of a report no word that it was attached, because the vendor has none. */
function saysNothingToDo(input: Input): boolean {
  if (input.kind !== 'effect') return false;
  const { report } = input;
  if (report.type === 'follow-up.done') return report.values.skipped === 'yes';
  return report.type === 'effect.done' && report.effect === 'attach-report' && report.values.attached !== 'yes';
}

/** What a process that died, or a statement that failed, took back before its end was no commit, though it was told of. */
async function committedOf({ server }: CrowdOffice, players: readonly Player[]): Promise<Set<string>> {
  const told = players.flatMap(({ applications }) => applications.flatMap(({ commits }) => commits));
  const { rows } = await server.services.db.execute<{ id: string }>(
    sql`select id from json_array_elements_text(${JSON.stringify([...new Set(told.map(({ transaction }) => transaction))])}::json) as t(id)
      where pg_xact_status(id::xid8) is distinct from 'aborted'`,
  );
  return new Set(rows.map(({ id }) => id));
}
