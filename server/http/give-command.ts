import { and, eq, sql } from 'drizzle-orm';
import type { CommandAnswer } from '../../lib/contract/panel.ts';
import type { RaisedBy } from '../../lib/domain/invitation.ts';
import type { Member } from '../../lib/domain/member.ts';
import type { LaneParts } from '../jobs/lane.ts';
import { isFault } from '../jobs/lane-fault.ts';
import { say } from '../say.ts';
import type { Transaction } from '../services.ts';
import { applications, decisions, inputs, invitations } from '../storage/schema.ts';
import type { Input } from '../workflow/input.ts';
import { ApiError } from './api-error.ts';
import { referenceOf } from './page-agreement.ts';
import { applicationView } from './panel-view.ts';
import { isQuiet, isRefusal, reasonWords } from './reason-words.ts';
import { workLane } from './work-lane.ts';

export function byMember(member: Member): RaisedBy {
  return { kind: 'member', memberId: member.id, name: member.name };
}

/**
 * Puts a recruiter's click into the application's lane, once for each action id, and answers with what was decided. The click is stored
 * before anything else happens, so that it outlives a crash; the same action id again gives the first decision again.
 */
export async function giveCommand(
  parts: LaneParts,
  given: {
    key: string;
    actionId: string;
    input: Input;
    member: Member;
    /** Written with the click, and not again when the same click comes twice. */
    within?: (tx: Transaction) => Promise<void>;
  },
): Promise<CommandAnswer> {
  const { key, actionId, input, member, within } = given;
  await parts.services.db.transaction(async (tx) => {
    const isNew = await storeInput(parts, tx, { key, actionId, input });
    if (isNew) await within?.(tx);
  });
  await workLane(parts, key);
  return await answerTo(parts, { key, actionId, member });
}

/** The answer to a click that was given before. */
export async function repeatCommand(
  parts: LaneParts,
  given: { key: string; actionId: string; member: Member },
): Promise<CommandAnswer> {
  await workLane(parts, given.key);
  return await answerTo(parts, given);
}

/** Whether this click has come before. */
export async function isGiven({ services }: LaneParts, actionId: string): Promise<boolean> {
  const [row] = await services.db
    .select({ id: inputs.id })
    .from(inputs)
    .where(eq(inputs.key, `action:${actionId}`));
  return row !== undefined;
}

/** False when it had been stored before. */
export async function storeInput(
  parts: LaneParts,
  tx: Transaction,
  given: { key: string; actionId: string; input: Input },
): Promise<boolean> {
  const { services, queue } = parts;
  const stored = await tx
    .insert(inputs)
    .values({
      applicationKey: given.key,
      key: `action:${given.actionId}`,
      input: { ...given.input },
      createdAt: services.clock.now(),
    })
    .onConflictDoNothing()
    .returning({ id: inputs.id });
  await queue.sendLane(tx, given.key);
  return stored.length > 0;
}

async function answerTo(
  parts: LaneParts,
  { key, actionId, member }: { key: string; actionId: string; member: Member },
): Promise<CommandAnswer> {
  const [row] = await parts.services.db
    .select({
      reasons: decisions.reasons,
      applicationKey: inputs.applicationKey,
      handledAt: inputs.handledAt,
      readTrouble: applications.readTrouble,
    })
    .from(inputs)
    .innerJoin(applications, eq(applications.key, inputs.applicationKey))
    .leftJoin(decisions, eq(decisions.id, inputs.decisionId))
    .where(eq(inputs.key, `action:${actionId}`));
  if (row && row.applicationKey !== key) throw new ApiError('invalid');
  const view = await viewOf(parts, key, member);
  const main = row?.reasons?.find((reason) => !isQuiet(reason)) ?? row?.reasons?.[0];
  if (!main && row?.handledAt) return { outcome: 'refused', message: say('server.failure.click-failed'), mend: null, view };
  if (!main) {
    const message = row && isFault(row.readTrouble) ? say('server.failure.lane-waits') : say('server.still-working');
    return { outcome: 'pending', message, mend: null, view };
  }
  return { outcome: isRefusal(main.code) ? 'refused' : 'done', message: reasonWords(main), mend: main.mend ?? null, view };
}

async function viewOf(parts: LaneParts, key: string, member: Member) {
  const reference = await referenceOf(parts.services, key);
  return reference ? await applicationView(parts, key, reference, member) : null;
}

/**
 * Undo is a conditional update of the held row: it or the release wins, never both, and the loser is told. The row is changed here and
 * now; the lane only records it.
 */
export async function undoHeld(
  parts: LaneParts,
  given: { key: string; actionId: string; invitationId: string; member: Member },
): Promise<CommandAnswer> {
  const { services } = parts;
  const { key, actionId, invitationId, member } = given;
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const undone = await undoRow(tx, { key, invitationId, now });
    if (!undone) await explainLostUndo(tx, { key, invitationId, actionId });
    await storeInput(parts, tx, { key, actionId, input: { kind: 'undone', invitationId, by: byMember(member) } });
  });
  await workLane(parts, key);
  return await answerTo(parts, { key, actionId, member });
}

/** True when it was held until now. */
export async function undoRow(tx: Transaction, given: { key: string; invitationId: string; now: Date }): Promise<boolean> {
  const { key, invitationId, now } = given;
  const [undone] = await tx
    .update(invitations)
    .set({ state: 'undone', dueAt: null, closedAt: now, version: sql`${invitations.version} + 1` })
    .where(and(eq(invitations.id, invitationId), eq(invitations.applicationKey, key), eq(invitations.state, 'held')))
    .returning({ id: invitations.id });
  return undone !== undefined;
}

async function explainLostUndo(tx: Transaction, given: { key: string; invitationId: string; actionId: string }): Promise<void> {
  const [same] = await tx
    .select({ id: inputs.id })
    .from(inputs)
    .where(eq(inputs.key, `action:${given.actionId}`));
  if (same) return;
  const [row] = await tx
    .select({ state: invitations.state })
    .from(invitations)
    .where(and(eq(invitations.id, given.invitationId), eq(invitations.applicationKey, given.key)));
  if (!row) throw new ApiError('not-found');
  if (row.state === 'undone') throw new ApiError('already-done', { message: say('server.undone-already') });
  throw new ApiError('too-late', { message: say('server.undo-too-late') });
}
