import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { HookNews } from '../../lib/domain/hook-event.ts';
import type { VendorResult } from '../../lib/domain/result.ts';
import { say } from '../say.ts';
import { findHook, openHook } from '../storage/outgoing-hooks.repository.ts';
import { results } from '../storage/schema.ts';
import { findReportHosts } from '../vendors/report-hosts.ts';
import { toPlainText } from '../vendors/to-plain-text.ts';
import { toPublicLink } from '../vendors/to-public-link.ts';
import { done, failed } from './ats-write.ts';
import { postHook } from './post-hook.ts';
import { repeatable } from './repeatable.ts';
import type { EffectContext } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/**
 * Story: safe to repeat. Every try of one message carries the same webhook-id, by which a receiver knows a repeat; that is the promise of
 * Standard Webhooks. Everything but a 2xx is tried again for a day, each pause as long as all the time before it, an hour at most.
 */
export const callHook = repeatable<'call-hook'>({
  async run(effect, context) {
    const { services } = context;
    const row = await findHook(services.db, effect.hookId);
    const given = { effect: effect.kind, effectKey: effect.key, values: { hook: row?.name ?? '', event: effect.news.event } };
    if (!row?.enabled) {
      const why = say('server.hook.off');
      return { kind: 'failed', report: failed(given, why), why };
    }
    const answer = await postHook(services, openHook(services.sealer, row), {
      id: messageId(effect.key),
      payload: await payloadOf(effect, context),
    });
    if (answer.ok) return done(given);
    const why = troubleWords(answer, row.name);
    if (answer.kind === 'misconfigured') return { kind: 'failed', report: failed(given, why), why };
    const mayHaveHappened = answer.kind === 'ambiguous';
    if (answer.kind === 'rate-limited') return { kind: 'again', afterMs: answer.retryAfterMs, why, mayHaveHappened };
    const sinceMs = services.clock.now().getTime() - Date.parse(effect.at);
    return { kind: 'again', afterMs: Math.min(Math.max(sinceMs, LEAST_PAUSE_MS), LONGEST_PAUSE_MS), why, mayHaveHappened };
  },
  giveUp: (effect, _context, { why, mayHaveHappened }) =>
    failed({ effect: effect.kind, effectKey: effect.key, values: { hook: '', event: effect.news.event } }, why, mayHaveHappened),
});

const LEAST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/** One per message, the same at every try. */
function messageId(effectKey: string): string {
  return `msg_${createHash('sha256').update(effectKey).digest('hex').slice(0, 32)}`;
}

/**
 * The body. Without the test's link, the invitation's message, accommodations, and any link that opens something by itself; without name
 * and address where the ATS calls the application confidential.
 */
async function payloadOf(effect: { at: string; invitationId: string; news: HookNews }, context: EffectContext): Promise<object> {
  const { invitation, assessment, snapshot, target } = context;
  const isConfidential = snapshot?.confidential === true;
  return {
    type: effect.news.event,
    timestamp: effect.at,
    data: {
      invitation: {
        id: effect.invitationId,
        attempt: invitation?.attempt ?? null,
        sent_at: invitation?.sentAt ?? null,
        started_at: invitation?.startedAt ?? null,
        submitted_at: invitation?.submittedAt ?? null,
        expires_at: invitation?.expiresAt ?? null,
      },
      assessment: {
        id: invitation?.assessmentExternalId ?? null,
        name: invitation?.assessmentName ?? null,
        tag: invitation?.tag ?? null,
        vendor: assessment?.vendor ?? null,
      },
      candidate: isConfidential ? null : { email: invitation?.email ?? null, name: snapshot?.name ?? null },
      application: { ats: snapshot?.ats ?? null, id: target.applicationId, candidate_id: target.candidateId },
      ...(await newsOf(effect, context)),
    },
  };
}

async function newsOf({ invitationId, news }: { invitationId: string; news: HookNews }, context: EffectContext) {
  if (news.event === 'outcome.changed')
    return { outcome: { next_step: news.outcome.nextStep, offer_status: news.outcome.offerStatus } };
  if (news.event !== 'result.reported') return {};
  const { db } = context.services;
  const [row] = await db
    .select({ result: results.result })
    .from(results)
    .where(and(eq(results.invitationId, invitationId), eq(results.version, news.version)));
  return row ? { result: await resultOf(row.result, context) } : {};
}

async function resultOf(result: VendorResult, { services: { db }, invitation, assessment }: EffectContext) {
  const hosts = invitation ? await findReportHosts(db, invitation.vendorConnectionId, assessment?.linkTemplate ?? null) : [];
  return {
    version: result.version,
    status: result.status,
    verified: result.verified,
    score: result.score,
    rating: result.rating,
    verdict: result.verdict,
    skills: result.breakdown.map(({ name, score, rating }) => ({ name, score, rating })),
    integrity: result.integrity.status,
    notes: toPlainText(result.notes) ?? null,
    report_url: toPublicLink(result.reportUrl, hosts),
    reported_at: result.reportedAt,
  };
}
