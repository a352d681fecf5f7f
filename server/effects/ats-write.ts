import { ATS_NAMES } from '../../lib/domain/ats.ts';
import type { AtsAdapter } from '../ats/port.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import type { AtsEffectKind } from '../workflow/effect.ts';
import type { EffectReport } from '../workflow/input.ts';
import type { EffectContext, EffectMade, EffectOutcome } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/** What a failed write to the ATS means for the effect. Rights and refusals are final; weather is waited for. */
export function afterFailure(
  failure: CallFailure,
  given: { effect: AtsEffectKind; effectKey: string; system: string; values: Record<string, string>; mayHaveHappened: boolean },
): EffectOutcome {
  const why = troubleWords(failure, given.system);
  const report = failed(given, why);
  switch (failure.kind) {
    case 'rate-limited':
      return { kind: 'again', afterMs: failure.retryAfterMs, why, mayHaveHappened: given.mayHaveHappened };
    case 'unreachable':
    case 'unreadable':
      return { kind: 'again', afterMs: null, why, mayHaveHappened: given.mayHaveHappened };
    case 'unauthorised':
    case 'misconfigured':
      // An admin can mend the credential; until then it waits, and the panel says why.
      return { kind: 'again', afterMs: 60_000, why, mayHaveHappened: given.mayHaveHappened };
    case 'ambiguous':
      return { kind: 'again', afterMs: null, why, mayHaveHappened: true };
    case 'forbidden':
    case 'not-found':
    case 'refused':
      return { kind: 'failed', report, why };
  }
}

/**
 * What it means that the look whether it is there failed. Where nobody may look (any more), what may have happened stays unconfirmed: it
 * neither failed for sure nor may it be repeated.
 */
export function afterFailedLook(failure: CallFailure, given: Parameters<typeof afterFailure>[1]): EffectOutcome {
  const outcome = afterFailure(failure, given);
  if (outcome.kind !== 'failed' || !given.mayHaveHappened) return outcome;
  return { ...outcome, kind: 'unconfirmed', report: failed(given, outcome.why, true) };
}

export function failed(
  given: { effect: AtsEffectKind; effectKey: string; values: Record<string, string> },
  why: string,
  unconfirmed = false,
): EffectReport {
  return {
    type: 'effect.failed',
    effect: given.effect,
    effectKey: given.effectKey,
    unconfirmed,
    values: { ...given.values, detail: why },
  };
}

export function done(
  given: { effect: AtsEffectKind; effectKey: string; values: Record<string, string> },
  made?: EffectMade,
): EffectOutcome {
  return {
    kind: 'done',
    report: { type: 'effect.done', effect: given.effect, effectKey: given.effectKey, values: given.values },
    ...(made && { made }),
  };
}

/** `mayHaveHappened`: by an earlier run. That is as open as before where the ATS cannot even be asked. */
export async function withAts(
  context: EffectContext,
  given: { effect: AtsEffectKind; effectKey: string; values: Record<string, string>; mayHaveHappened?: boolean },
  write: (adapter: AtsAdapter) => Promise<EffectOutcome>,
): Promise<EffectOutcome> {
  const adapter = await context.connector.ats(context.connectionId);
  if (!adapter.ok) return afterFailedLook(adapter, { mayHaveHappened: false, ...given, system: 'Tagalong' });
  return await write(adapter.value);
}

export function systemName(adapter: AtsAdapter): string {
  return ATS_NAMES[adapter.kind];
}
