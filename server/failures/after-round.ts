import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { type Invitation, isOpen } from '../../lib/domain/invitation.ts';
import type { Services, Transaction } from '../services.ts';
import type { Round } from '../storage/commit-round.ts';
import { effectOfFailure, settleFailures } from '../storage/failures.repository.ts';
import { listOf } from '../storage/list-of.ts';
import { effects, failures } from '../storage/schema.ts';
import { notAgain } from './not-again.ts';

type RoundOfInvitations = Pick<Round, 'key' | 'before' | 'after' | 'decisions'>;

/**
 * What the failures list says of sending and cancelling follows the invitation itself: a webhook, a poll, a person may have settled it in
 * another way than by the effect that failed. To be called in the transaction that commits the rounds.
 */
export async function followInvitations(
  tx: Transaction,
  services: Services,
  rounds: readonly RoundOfInvitations[],
): Promise<void> {
  const touching = rounds.filter(touchesInvitations);
  if (touching.length === 0) return;
  const rows = await tx
    .select({
      id: failures.id,
      applicationKey: failures.applicationKey,
      key: failures.key,
      state: failures.state,
      effect: effects.kind,
      invitationId: effects.invitationId,
      replaced: sql<boolean>`${effects.effect} ? 'replaced'`,
    })
    .from(failures)
    .innerJoin(effects, eq(effects.id, effectOfFailure))
    .where(
      and(
        sql`${failures.applicationKey} = any${listOf(
          'uuid',
          touching.map(({ key }) => key),
        )}`,
        inArray(failures.state, ['open', 'retried']),
        inArray(effects.kind, ['send-invitation', 'cancel-invitation']),
      ),
    )
    .orderBy(desc(effects.createdAt));
  for (const round of touching)
    for (const invitation of round.after.invitations) {
      const own = rows.filter((row) => row.applicationKey === round.key && row.invitationId === invitation.id);
      if (own.length > 0) await followOne(tx, services, { round, invitation, own });
    }
}

function touchesInvitations({ before, after, decisions }: RoundOfInvitations): boolean {
  const old = new Map(before.invitations.map((invitation) => [invitation.id, invitation]));
  return (
    after.invitations.some((invitation) => old.get(invitation.id) !== invitation) ||
    decisions.some(({ decision }) => TELL_OF_SENDING.includes(decision.event))
  );
}

const TELL_OF_SENDING = ['invitation.failed', 'invitation.unconfirmed', 'cancel.failed', 'retry.requested', 'cancel.requested'];

interface Own {
  id: string;
  key: string;
  state: string;
  effect: string;
  /** Another has taken its place: it is closed here already, and open at the vendor for as long as this is not done. */
  replaced: boolean;
}

async function followOne(
  tx: Transaction,
  services: Services,
  { round, invitation, own }: { round: RoundOfInvitations; invitation: Invitation; own: readonly Own[] },
): Promise<void> {
  const sends = own.filter(({ effect }) => effect === 'send-invitation');
  const cancels = own.filter(({ effect, replaced }) => effect === 'cancel-invitation' && !replaced);
  if (!isOpen(invitation.state)) await settleFailures(tx, services, keysOf(cancels));
  switch (invitation.state) {
    case 'sending':
      await tx
        .update(failures)
        .set({ state: 'retried', closedAt: services.clock.now() })
        .where(inArray(failures.id, idsOf(sends)));
      return;
    case 'failed':
    case 'unconfirmed':
      return await reopen(tx, services, { round, invitation, sends });
    default:
      return await settleFailures(tx, services, keysOf(sends));
  }
}

/** It was tried again and is no better for it: then it waits for somebody again, and says why where the answer was no. */
async function reopen(
  tx: Transaction,
  { clock }: Services,
  { round, invitation, sends }: { round: RoundOfInvitations; invitation: Invitation; sends: readonly Own[] },
): Promise<void> {
  const [newest] = sends;
  if (!newest || sends.some(({ state }) => state === 'open')) return;
  const answer = round.decisions.find(
    ({ decision }) => decision.event === 'retry.requested' && decision.invitationId === invitation.id,
  )?.decision.reasons[0];
  const refusal = answer && { reason: notAgain('send-invitation', answer) };
  await tx
    .update(failures)
    .set({ state: 'open', lastAt: clock.now(), closedAt: null, closedBy: null, ...refusal })
    .where(eq(failures.id, newest.id));
}

function idsOf(rows: readonly Own[]): string[] {
  return rows.map(({ id }) => id);
}

function keysOf(rows: readonly Own[]): string[] {
  return rows.map(({ key }) => key);
}
