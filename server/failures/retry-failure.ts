import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Member } from '../../lib/domain/member.ts';
import { lockApplications } from '../erasure/find-applications.ts';
import { raiseHint } from '../jobs/delivery-hints.ts';
import { isOfDeleted } from '../jobs/relay.ts';
import type { WorkQueue } from '../jobs/work-queue.ts';
import { type SayKey, say } from '../say.ts';
import type { Services, Transaction } from '../services.ts';
import { appendAudit } from '../storage/audit.repository.ts';
import { closeFailure, settleFailures } from '../storage/failures.repository.ts';
import { applications, connections, deliveries, effects, type failures, inputs } from '../storage/schema.ts';
import type { Effect } from '../workflow/effect.ts';
import type { Input } from '../workflow/input.ts';
import { retryKey } from './after-retry.ts';
import { canTry } from './can-try.ts';

export interface RetryParts {
  services: Services;
  queue: WorkQueue;
}

type FailureRow = typeof failures.$inferSelect;
type EffectRow = typeof effects.$inferSelect;

/** `gone`: somebody else was first, or what it is about is no more. `only-discard`: there is no way to try it; it stays as it is. */
export type Retried = 'retried' | 'needs-check' | 'only-discard' | 'gone';

/**
 * Tries again what failed, once, whoever asks how often. What reaches a candidate or changes an invitation is no more than a click: it is
 * decided anew on a fresh look at the ATS, so that nobody is invited who has left. A write to the ATS runs again under its own key and
 * looks first. What may have been done is tried again only after somebody has looked (`checked`).
 */
export async function retryFailure(
  parts: RetryParts,
  given: { failure: FailureRow; member: Member; checked: boolean },
): Promise<Retried> {
  const { failure, member, checked } = given;
  if (!canTry(failure)) return 'only-discard';
  if (failure.kind === 'unconfirmed' && !checked) return 'needs-check';
  const { services } = parts;
  return await services.db.transaction(async (tx) => {
    // Lanes and erasures hold the application before its failures and effects; in the other order both would wait for each other.
    if (failure.applicationKey) await lockApplications(tx, [failure.applicationKey]);
    await lockDelivery(tx, failure.key);
    const closed = await closeFailure(tx, services, { id: failure.id, state: 'retried', memberId: member.id, comment: null });
    if (!closed) return 'gone';
    await appendAudit(tx, services, {
      who: { kind: 'member', id: member.id },
      action: 'failure.retried',
      applicationKey: closed.applicationKey,
      connectionId: closed.connectionId,
      detail: { why: { kind: closed.kind, code: closed.reason.code, checked } },
    });
    const again = await runAgain(tx, parts, { failure: closed, member, checked });
    if (!again) await settleFailures(tx, services, [closed.key]);
    return again ? 'retried' : 'gone';
  });
}

/** Who runs it again, passes it on or erases it holds it before its failure, too. */
async function lockDelivery(tx: Transaction, key: string): Promise<void> {
  const [what, about] = key.split(':');
  const id = Number(about);
  if (what !== 'delivery' || !Number.isSafeInteger(id)) return;
  await tx.select({ id: deliveries.id }).from(deliveries).where(eq(deliveries.id, id)).for('update');
}

async function runAgain(
  tx: Transaction,
  parts: RetryParts,
  given: { failure: FailureRow; member: Member; checked: boolean },
): Promise<boolean> {
  const { failure } = given;
  const [what = '', ...rest] = failure.key.split(':');
  const about = rest.join(':');
  switch (what) {
    case 'effect':
      return await retryEffect(tx, parts, { ...given, effectId: about });
    case 'delivery':
      return await relayAgain(tx, Number(about));
    case 'gap':
      return await sweepNow(tx, parts, failure.connectionId);
    case 'job':
      return await retryJob(tx, parts, about);
    default:
      return false;
  }
}

async function retryEffect(
  tx: Transaction,
  parts: RetryParts,
  { effectId, failure, member, checked }: { effectId: string; failure: FailureRow; member: Member; checked: boolean },
): Promise<boolean> {
  const [row] = await tx.select().from(effects).where(eq(effects.id, effectId)).for('update');
  if (row?.state !== 'failed' && row?.state !== 'unconfirmed') return false;
  const actionId = parts.services.random.uuid();
  const input = asClick(row.effect, { actionId, member });
  if (!input) return await queueAgain(tx, parts, row, checked);
  // Each time is another click, also after a no; that it is given once is what closing the failure is for.
  await tx.insert(inputs).values({
    applicationKey: row.applicationKey,
    key: retryKey(failure.id, actionId),
    input: { ...input },
    createdAt: parts.services.clock.now(),
  });
  // So that it is decided on what the ATS says now.
  await raiseHint(tx, [row.applicationKey]);
  await parts.queue.sendLane(tx, row.applicationKey);
  return true;
}

/** What touches an invitation goes the way of the button in the panel. A reminder has none and looks by itself whether it is still wanted. */
function asClick(effect: Effect, { actionId, member }: { actionId: string; member: Member }): Input | null {
  const by = { kind: 'member' as const, memberId: member.id, name: member.name };
  switch (effect.kind) {
    case 'send-invitation':
      return { kind: 'send-again', invitationId: effect.invitationId, by };
    case 'cancel-invitation':
      // One that another has taken the place of is closed here already; only the vendor does not know yet.
      return effect.replaced ? null : { kind: 'cancel', invitationId: effect.invitationId, by };
    case 'resend-invitation':
      return { kind: 'resend', actionId, invitationId: effect.invitationId, by };
    case 'extend-invitation':
      return { kind: 'extend', actionId, invitationId: effect.invitationId, by, expiresAt: effect.expiresAt };
    case 'give-extra-time':
      return { kind: 'extra-time', actionId, invitationId: effect.invitationId, by };
    default:
      return null;
  }
}

/**
 * The same effect under the same key. It looks first whenever an earlier run may have written (`calling` says so): what failed was surely not
 * done, however often it had waited. Nor does it look after somebody has looked themselves, for what cannot be looked for would never be
 * written.
 */
async function queueAgain(tx: Transaction, { services, queue }: RetryParts, row: EffectRow, checked: boolean): Promise<boolean> {
  const surelyNotDone = checked || row.state === 'failed';
  const again = await tx
    .update(effects)
    .set({
      state: surelyNotDone ? 'queued' : 'calling',
      error: null,
      finishedAt: null,
      runAfter: null,
      startedAt: null,
      // A day of trying begins anew.
      createdAt: services.clock.now(),
    })
    .where(and(eq(effects.id, row.id), inArray(effects.state, ['failed', 'unconfirmed'])))
    .returning({ id: effects.id });
  for (const { id } of again) await queue.sendEffect(tx, id, undefined, true);
  return again.length > 0;
}

/**
 * The relay takes it up as one that has failed before, so that it settles what stands on the list. False where it would never get there: the
 * connection was deleted, or an erasure left nothing of it.
 */
async function relayAgain(tx: Transaction, id: number): Promise<boolean> {
  if (!Number.isSafeInteger(id)) return false;
  const hasNothingLeft = and(sql`${deliveries.hints} = '[]'`, isNull(deliveries.body));
  const again = await tx
    .update(deliveries)
    .set({ relayedAt: null, outcome: null, attempts: 1, error: null })
    .where(
      and(
        eq(deliveries.id, id),
        inArray(deliveries.outcome, ['failed', 'unreadable']),
        sql`not (${hasNothingLeft})`,
        sql`not (${isOfDeleted(tx)})`,
      ),
    )
    .returning({ id: deliveries.id });
  return again.length > 0;
}

async function sweepNow(tx: Transaction, { services }: RetryParts, connectionId: string | null): Promise<boolean> {
  if (connectionId === null) return false;
  const due = await tx
    .update(connections)
    .set({ sweepDueAt: services.clock.now() })
    .where(and(eq(connections.id, connectionId), isNull(connections.deletedAt)))
    .returning({ id: connections.id });
  return due.length > 0;
}

/** `lane:<application>`, `input:<id>`, `effect:<id>`, `sweep:<connection>`: what a job that was given up was about. */
async function retryJob(tx: Transaction, parts: RetryParts, job: string): Promise<boolean> {
  const [queue = '', about = ''] = job.split(':');
  if (queue === 'lane') return await laneAgain(tx, parts, about);
  if (queue === 'sweep') return await sweepNow(tx, parts, about);
  if (queue === 'input') {
    const [input] = await tx
      .update(inputs)
      .set({ handledAt: null })
      .where(and(eq(inputs.id, Number(about)), isNull(inputs.decisionId)))
      .returning({ applicationKey: inputs.applicationKey });
    return input ? await laneAgain(tx, parts, input.applicationKey) : false;
  }
  const [effect] = await tx.select().from(effects).where(eq(effects.id, about));
  if (effect?.state !== 'queued' && effect?.state !== 'calling') return false;
  await parts.queue.sendEffect(tx, effect.id, undefined, true);
  return true;
}

async function laneAgain(tx: Transaction, { queue }: RetryParts, key: string): Promise<boolean> {
  const [known] = await tx
    .update(applications)
    .set({ hinted: sql`${applications.hinted} + 1` })
    .where(eq(applications.key, key))
    .returning({ key: applications.key });
  if (known) await queue.sendLane(tx, key);
  return known !== undefined;
}

/** False when somebody else was first, or what it is about is no more. The comment is kept with the failure and nowhere else. */
export async function discardFailure(
  { services }: RetryParts,
  { failure, member, comment }: { failure: FailureRow; member: Member; comment: string },
): Promise<boolean> {
  return await services.db.transaction(async (tx) => {
    // Else the entry could come in between an erasure's deleting the activity's details and its deleting the failure.
    if (failure.applicationKey) await lockApplications(tx, [failure.applicationKey]);
    const closed = await closeFailure(tx, services, { id: failure.id, state: 'discarded', memberId: member.id, comment });
    if (!closed) return false;
    await appendAudit(tx, services, {
      who: { kind: 'member', id: member.id },
      action: 'failure.discarded',
      applicationKey: closed.applicationKey,
      connectionId: closed.connectionId,
      // A comment may name anybody. Erasures look through those of the failures; an entry's detail goes with its own application alone.
      detail: { why: { kind: closed.kind, code: closed.reason.code, commented: true } },
    });
    return true;
  });
}

const WHY: Record<Exclude<Retried, 'retried'>, SayKey> = {
  'needs-check': 'server.failure.needs-check',
  'only-discard': 'server.failure.only-discard',
  gone: 'server.failure.gone',
};

export function whyKept(answer: Exclude<Retried, 'retried'>): string {
  return say(WHY[answer]);
}
