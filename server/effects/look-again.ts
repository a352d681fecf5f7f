import { vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { InvitationOrder, VendorAdapter } from '../vendors/port.ts';
import { handOver } from './hand-over.ts';
import { afterInviteFailure, sent, stillInDoubt } from './invitation-outcome.ts';
import { isTaken, mayWait } from './look-outside.ts';
import { receiptKnown } from './receipt-known.ts';
import type { EffectContext, EffectOutcome } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/**
 * Before a person's click sends once more what may be there: what came of it when it is. `absent`: surely not there. `untold`: the vendor
 * does not let us look, and the person has.
 */
export async function lookAgain(
  adapter: VendorAdapter,
  { invitation, order, context }: { invitation: Invitation; order: InvitationOrder; context: EffectContext },
): Promise<EffectOutcome | 'absent' | 'untold'> {
  const id = order.invitationId;
  const name = vendorNameOfAssessment(order.assessment);
  const found = await adapter.findInvitation(order);
  // It is there, and nobody can be given the way to it.
  if (!found.ok && found.kind === 'ambiguous') return stillInDoubt(id, troubleWords(found, name));
  if (!found.ok) {
    const later = afterInviteFailure(id, found, name);
    // A look does nothing.
    return later.kind === 'again' && mayWait(context) ? { ...later, mayHaveHappened: false } : 'untold';
  }
  if (!found.value) return 'absent';
  const report = await adapter.readReport({ ...invitation, externalId: found.value.externalId });
  if (report.ok && isTaken(report.value)) return sent(id, receiptKnown(context, found.value), context);
  return await handOver(id, found.value, { order, context, interrupted: false, isMade: true });
}
