import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { CommandAnswer } from '../../lib/contract/panel.ts';
import type { Member } from '../../lib/domain/member.ts';
import type { LaneParts } from '../jobs/lane.ts';
import type { Transaction } from '../services.ts';
import { failureKeys, settleFailures } from '../storage/failures.repository.ts';
import { applications, decisions, inputs } from '../storage/schema.ts';
import type { SendFate } from '../workflow/event.ts';
import type { Input } from '../workflow/input.ts';
import { ApiError } from './api-error.ts';
import { byMember, repeatCommand, storeInput, undoRow } from './give-command.ts';

interface TakeBack {
  key: string;
  actionId: string;
  /** The send's own. */
  sendActionId: string;
  member: Member;
}

/**
 * Takes a send back by its click, safe in any order with it and any number of times. What becomes of the send is settled here and now,
 * in one transaction with the wish: not decided yet, it never will be; held, its invitation is undone; gone out, it is too late. The
 * lane only records it, so that no slow ATS stands in between; what failed, which goes nowhere by itself, it closes.
 * @throws ApiError `invalid` where that click was about another application, or was no send
 */
export async function takeBack(parts: LaneParts, given: TakeBack): Promise<CommandAnswer> {
  const { key, actionId, sendActionId, member } = given;
  if (actionId === sendActionId) throw notASend('another id than the send has');
  await parts.services.db.transaction(async (tx) => {
    // Erasures hold the application before its inputs; in the other order both would wait for each other.
    await tx.select({ key: applications.key }).from(applications).where(eq(applications.key, key)).for('key share');
    const fate = (await callOff(parts, tx, given)) ?? (await fateOf(parts, tx, given));
    const input: Input = { kind: 'take-back', actionId, sendActionId, by: byMember(member), fate };
    await storeInput(parts, tx, { key, actionId, input });
  });
  return await repeatCommand(parts, { key, actionId, member });
}

const TAKEN_BACK: readonly Input['kind'][] = ['send', 'add-tag'];

/**
 * Puts the mark in the place of the send, whether or not it has come, so long as nobody has decided it. A lane that decides it at this
 * moment finds another input under its id when it commits, and decides again (commit-round.ts). Put aside as faulty it is taken up again,
 * and nobody is needed for it any more.
 */
async function callOff({ services }: LaneParts, tx: Transaction, given: TakeBack): Promise<SendFate | null> {
  const { key, sendActionId, member } = given;
  const mark: Input = { kind: 'called-off', actionId: sendActionId, by: byMember(member) };
  const kind = sql`${inputs.input} ->> 'kind'`;
  const [marked] = await tx
    .insert(inputs)
    .values({ applicationKey: key, key: `action:${sendActionId}`, input: { ...mark }, createdAt: services.clock.now() })
    .onConflictDoUpdate({
      target: inputs.key,
      set: { input: { ...mark }, handledAt: null },
      setWhere: and(eq(inputs.applicationKey, key), isNull(inputs.decisionId), inArray(kind, [...TAKEN_BACK])),
    })
    .returning({ id: inputs.id });
  if (!marked) return null;
  await settleFailures(tx, services, [failureKeys.input(marked.id)]);
  return { kind: 'called-off' };
}

/** Of a click that was decided, or called off before. */
async function fateOf({ services }: LaneParts, tx: Transaction, given: TakeBack): Promise<SendFate> {
  const { key, sendActionId } = given;
  const [row] = await tx
    .select({ applicationKey: inputs.applicationKey, input: inputs.input, invitationId: decisions.invitationId })
    .from(inputs)
    .leftJoin(decisions, eq(decisions.id, inputs.decisionId))
    .where(eq(inputs.key, `action:${sendActionId}`));
  // Inputs are written by this server alone; their shape is the Input type.
  const input = row?.applicationKey === key ? (row.input as Input) : null;
  switch (input?.kind) {
    case 'called-off':
      return { kind: 'called-off' };
    case 'add-tag':
      return { kind: 'only-tag', tag: input.tag };
    case 'send': {
      const invitationId = row?.invitationId ?? null;
      if (invitationId === null) return { kind: 'nothing' };
      const undid = await undoRow(tx, { key, invitationId, now: services.clock.now() });
      return { kind: 'invitation', invitationId, undid };
    }
    default:
      throw notASend('not a send of this application');
  }
}

function notASend(message: string): ApiError {
  return new ApiError('invalid', { details: [{ path: 'sendActionId', message }] });
}
