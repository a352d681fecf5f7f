import { and, desc, eq, gt, ne, notExists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Services } from '../services.ts';
import type { InvitationReceipt } from '../vendors/port.ts';
import { effects, invitations } from './schema.ts';
import { openOrNull } from './seal.ts';
import { SEALED_FOR } from './seal-contexts.ts';

/**
 * Remembers an invitation that a vendor has made and that our own e-mail is still to carry, before that e-mail is tried: when it has to be tried
 * again, the vendor is not asked for another one. The link is sealed; nothing is kept of a receipt without one.
 */
export async function keepReceipt(
  { db, sealer }: Services,
  { effectId, invitationId, receipt }: { effectId: string; invitationId: string; receipt: InvitationReceipt },
): Promise<void> {
  const { link, externalId, expiresAt } = receipt;
  if (link === null) return;
  const made = { receipt: 'kept', ...(externalId !== null && { externalId }), ...(expiresAt !== null && { expiresAt }) };
  const sealedLink = sealer.seal(link, SEALED_FOR.invitationLink(invitationId));
  await db.transaction(async (tx) => {
    await tx.update(effects).set({ made }).where(eq(effects.id, effectId));
    await tx.update(invitations).set({ sealedLink }).where(eq(invitations.id, invitationId));
  });
}

/**
 * The newest one of this invitation, by whichever try; null where there is none, its deadline is over, or the vendor may have been made to
 * cancel it. Without a link where that cannot be read.
 */
export async function findKeptReceipt({ db, sealer, clock }: Services, invitationId: string): Promise<InvitationReceipt | null> {
  const [row] = await db
    .select({ made: effects.made, sealedLink: invitations.sealedLink })
    .from(effects)
    .innerJoin(invitations, eq(invitations.id, effects.invitationId))
    .where(
      and(
        eq(effects.invitationId, invitationId),
        eq(effects.kind, 'send-invitation'),
        sql`${effects.made} ->> 'receipt' = 'kept'`,
        notExists(mayBeCancelled(db, invitationId)),
      ),
    )
    .orderBy(desc(effects.createdAt), desc(effects.id))
    .limit(1);
  if (!row?.made || row.sealedLink === null) return null;
  const { externalId = null, expiresAt = null } = row.made;
  if (expiresAt !== null && Date.parse(expiresAt) <= clock.now().getTime()) return null;
  // Sealed with another master key, it is known to have been made and cannot be sent.
  const link = openOrNull(sealer, row.sealedLink, SEALED_FOR.invitationLink(invitationId));
  return { externalId, expiresAt, link, emailedBy: 'us' };
}

function mayBeCancelled(db: Services['db'], invitationId: string) {
  const cancels = alias(effects, 'cancels');
  return db
    .select({ id: cancels.id })
    .from(cancels)
    .where(
      and(
        eq(cancels.invitationId, invitationId),
        eq(cancels.kind, 'cancel-invitation'),
        gt(cancels.attempts, 0),
        ne(cancels.state, 'failed'),
      ),
    );
}
