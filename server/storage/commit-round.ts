import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { Services, Transaction } from '../services.ts';
import type { Changes } from '../workflow/changes-between.ts';
import type { Effect } from '../workflow/effect.ts';
import type { Decision } from '../workflow/event.ts';
import type { Input } from '../workflow/input.ts';
import { type ApplicationState, toKeptState } from '../workflow/state.ts';
import { appendAuditAll } from './audit.repository.ts';
import { auditOfRound } from './audit-of-round.ts';
import { isUniqueViolation } from './is-unique-violation.ts';
import { applications, decisions, effects, inputs, invitations, results, stageEntries } from './schema.ts';
import { toInvitationColumns } from './to-invitation.ts';

/** Somebody else wrote first: another lane, an undo, another application of the same person. Load again and decide again. */
export class RoundConflict extends Error {}

/** What one round of a lane decided, to be written whole or not at all. */
export interface Round {
  key: string;
  leaseToken: string;
  before: ApplicationState;
  after: ApplicationState;
  /** The fresh snapshot, or null when none was read. */
  snapshot: Snapshot | null;
  readTrouble: string | null;
  /** The hint counter that was seen before the re-read; null leaves hints as they are. */
  handled: number | null;
  /** `inputKind`: of the input that was decided on, if it was one. `changed`: by this decision alone. */
  decisions: { decision: Decision; inputId: number | null; inputKind: Input['kind'] | null; changed: Changes }[];
  effects: { id: string; effect: Effect }[];
  /** Inputs that are settled without a decision of their own. */
  settledInputs: number[];
  policyVersion: number;
  now: Date;
  /** When the lane is to look again by itself. */
  dueAt: Date | null;
  /** When the vendor is to be asked about an invitation; null stops asking. */
  polls: ReadonlyMap<string, Date | null>;
}

/** Writes a round inside the caller's transaction. Throws RoundConflict when the lease or a row has moved on. */
export async function commitRound(
  tx: Transaction,
  round: Round,
  services: Pick<Services, 'clock' | 'random'>,
): Promise<{ version: number }> {
  const version = await writeApplication(tx, round);
  for (const invitation of changedInvitations(round)) await writeInvitation(tx, round, invitation);
  await writeStageEntries(tx, round);
  await writeDecisions(tx, round);
  await writeEffects(tx, round);
  await appendAuditAll(tx, services, auditOfRound(round));
  if (round.settledInputs.length > 0) {
    await tx.update(inputs).set({ handledAt: round.now }).where(inArray(inputs.id, round.settledInputs));
  }
  return { version };
}

async function writeApplication(tx: Transaction, round: Round): Promise<number> {
  const { after, snapshot, now } = round;
  const [row] = await tx
    .update(applications)
    .set({
      state: toKeptState(after),
      outcome: after.outcome,
      dueAt: round.dueAt,
      readTrouble: round.readTrouble,
      ...(snapshot ? { snapshot, snapshotAt: new Date(snapshot.readAt), candidateId: snapshot.candidateId } : {}),
      ...(round.handled === null ? {} : { handled: round.handled }),
      version: sql`${applications.version} + 1`,
      updatedAt: now,
    })
    .where(and(eq(applications.key, round.key), eq(applications.leaseToken, round.leaseToken)))
    .returning({ version: applications.version });
  if (!row) throw new RoundConflict('the lane belongs to somebody else now');
  return row.version;
}

function changedInvitations({ before, after }: Round): Invitation[] {
  const old = new Map(before.invitations.map((invitation) => [invitation.id, invitation]));
  return after.invitations.filter((invitation) => old.get(invitation.id) !== invitation);
}

async function writeInvitation(tx: Transaction, round: Round, invitation: Invitation): Promise<void> {
  const old = round.before.invitations.find((candidate) => candidate.id === invitation.id);
  const columns = { ...toInvitationColumns(invitation), version: (old?.version ?? 0) + 1, ...pollColumns(round, invitation) };
  if (old) {
    const written = await orConflict(
      tx
        .update(invitations)
        .set(columns)
        .where(and(eq(invitations.id, invitation.id), eq(invitations.version, old.version)))
        .returning({ id: invitations.id }),
    );
    if (written.length === 0) throw new RoundConflict('the invitation was changed meanwhile');
  } else {
    if (invitation.sentAt !== null) await ensureOnlyOwner(tx, invitation);
    const written = await tx
      .insert(invitations)
      .values({ ...columns, applicationKey: round.key })
      .onConflictDoNothing()
      .returning({ id: invitations.id });
    if (written.length === 0) throw new RoundConflict('another open invitation for this person exists');
  }
  await writeResult(tx, round, old, invitation);
}

/**
 * One that is new here and has gone out already was made outside and is attached. Two applications of this person may attach it at once, and
 * where it is closed no index tells them apart: so they take turns, and the second one decides again, on what the first has stored. What it
 * asks for is what `attach` (server/workflow/answers) refuses then: an open one of this person is kept to one by the index.
 */
async function ensureOnlyOwner(tx: Transaction, invitation: Invitation): Promise<void> {
  const { vendorConnectionId, assessmentExternalId, person, externalId } = invitation;
  const turn = `attach ${vendorConnectionId} ${assessmentExternalId} ${person}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${turn}, 0))`);
  const [other] = await tx
    .select({ id: invitations.id })
    .from(invitations)
    .where(
      and(
        eq(invitations.vendorConnectionId, vendorConnectionId),
        eq(invitations.person, person),
        ne(invitations.state, 'undone'),
        externalId === null ? eq(invitations.assessmentExternalId, assessmentExternalId) : eq(invitations.externalId, externalId),
      ),
    )
    .limit(1);
  if (other) throw new RoundConflict('somebody else has attached it meanwhile');
}

/** One that is opened again may meet another that is open by now; an update has no "on conflict". */
async function orConflict<T>(written: Promise<T>): Promise<T> {
  return await written.catch((error: unknown) => {
    if (isUniqueViolation(error)) throw new RoundConflict('another open invitation for this person exists');
    throw error;
  });
}

/** A change is a sign of life: asking the vendor begins anew with short pauses. */
function pollColumns(round: Round, invitation: Invitation): { pollDueAt: Date | null; polls: number } | Record<string, never> {
  const due = round.polls.get(invitation.id);
  return due === undefined ? {} : { pollDueAt: due, polls: 0 };
}

async function writeResult(tx: Transaction, round: Round, old: Invitation | undefined, invitation: Invitation): Promise<void> {
  if (!invitation.result || invitation.result.version === old?.result?.version) return;
  const row = {
    invitationId: invitation.id,
    version: invitation.result.version,
    result: invitation.result,
    createdAt: round.now,
  };
  const written = await tx.insert(results).values(row).onConflictDoNothing().returning({ version: results.version });
  if (written.length === 0) throw new RoundConflict('this version of the result exists already');
}

async function writeStageEntries(tx: Transaction, round: Round): Promise<void> {
  const fresh = round.after.decidedEntries.filter((key) => !round.before.decidedEntries.includes(key));
  const known = new Map(round.snapshot?.stageEntries.map((entry) => [entry.key, entry]));
  const rows = fresh.flatMap((entryKey) => {
    const entry = known.get(entryKey);
    return entry
      ? [
          {
            applicationKey: round.key,
            entryKey,
            stageId: entry.stageId,
            enteredAt: new Date(entry.enteredAt),
            decidedAt: round.now,
          },
        ]
      : [];
  });
  if (rows.length === 0) return;
  const written = await tx.insert(stageEntries).values(rows).onConflictDoNothing().returning({ entryKey: stageEntries.entryKey });
  if (written.length < rows.length) throw new RoundConflict('a stage entry was decided meanwhile');
}

async function writeDecisions(tx: Transaction, round: Round): Promise<void> {
  for (const { decision, inputId } of round.decisions) {
    const [row] = await tx
      .insert(decisions)
      .values({ ...decision, applicationKey: round.key, at: round.now, policyVersion: round.policyVersion })
      .returning({ id: decisions.id });
    if (inputId !== null && row)
      await tx.update(inputs).set({ handledAt: round.now, decisionId: row.id }).where(eq(inputs.id, inputId));
  }
}

async function writeEffects(tx: Transaction, round: Round): Promise<void> {
  const rows = round.effects.map(({ id, effect }) => ({
    id,
    key: effect.key,
    kind: effect.kind,
    applicationKey: round.key,
    invitationId: effect.kind === 'remove-tag' ? null : effect.invitationId,
    effect,
    state: 'queued' as const,
    createdAt: round.now,
  }));
  if (rows.length === 0) return;
  const written = await tx.insert(effects).values(rows).onConflictDoNothing().returning({ id: effects.id });
  if (written.length < rows.length) throw new RoundConflict('the same was asked for already');
}
