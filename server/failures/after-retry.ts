import { and, eq, inArray } from 'drizzle-orm';
import type { Reason } from '../../lib/domain/reason.ts';
import type { Services, Transaction } from '../services.ts';
import type { Round } from '../storage/commit-round.ts';
import type { Case } from '../storage/load-case.ts';
import { failures } from '../storage/schema.ts';
import type { Effect } from '../workflow/effect.ts';
import type { WorkflowEvent } from '../workflow/event.ts';
import { notAgain } from './not-again.ts';

/** Under which a click that tries a failure again stands in its lane: another one for each time. */
export function retryKey(failureId: string, actionId: string): string {
  return `retry:${failureId}:${actionId}`;
}

/** What a click that tries again asks for. Sending follows the invitation itself (after-round.ts). */
const ASKS: Partial<Record<WorkflowEvent['type'], Effect['kind']>> = {
  'resend.requested': 'resend-invitation',
  'extension.requested': 'extend-invitation',
  'extra-time.requested': 'give-extra-time',
  'cancel.requested': 'cancel-invitation',
};

interface Decided {
  round: Pick<Round, 'decisions' | 'effects'>;
  current: Pick<Case, 'inputs'>;
}

interface Answered {
  failureId: string;
  effect: Effect['kind'];
  /** Null when it was asked for. */
  refusal: { answer: Reason | undefined } | null;
}

/**
 * A click that tries again asks for the thing anew, as an effect of its own: that one has a line of its own should it fail, so the old line is
 * settled. Where the answer is no, the old line waits for somebody again and says why. To be called in the transaction that commits the rounds.
 */
export async function followRetries(tx: Transaction, { clock }: Services, decided: readonly Decided[]): Promise<void> {
  const answered = decided.flatMap(answeredIn);
  if (answered.length === 0) return;
  const now = clock.now();
  const settled = answered.filter(({ refusal }) => !refusal).map(({ failureId }) => failureId);
  if (settled.length > 0)
    await tx
      .update(failures)
      .set({ state: 'settled', closedAt: now })
      .where(and(inArray(failures.id, settled), eq(failures.state, 'retried')));
  for (const { failureId, effect, refusal } of answered)
    if (refusal)
      await tx
        .update(failures)
        .set({ state: 'open', lastAt: now, closedAt: null, closedBy: null, reason: notAgain(effect, refusal.answer) })
        .where(and(eq(failures.id, failureId), eq(failures.state, 'retried')));
}

function answeredIn({ round, current }: Decided): Answered[] {
  const failureOf = new Map(current.inputs.flatMap(({ id, key }) => (key.startsWith('retry:') ? [[id, key.split(':')[1]]] : [])));
  if (failureOf.size === 0) return [];
  const kindOf = new Map(round.effects.map(({ effect }) => [effect.key, effect.kind]));
  return round.decisions.flatMap(({ decision, inputId }) => {
    const failureId = inputId === null ? undefined : failureOf.get(inputId);
    const effect = ASKS[decision.event];
    if (!failureId || !effect) return [];
    const isAsked = decision.effectKeys.some((key) => kindOf.get(key) === effect);
    return [{ failureId, effect, refusal: isAsked ? null : { answer: decision.reasons[0] } }];
  });
}
