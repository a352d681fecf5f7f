import type { EffectKind } from '../workflow/effect.ts';
import type { EffectReport } from '../workflow/input.ts';
import type { EffectOutcome, EffectRunner } from './runner.ts';

/**
 * A runner whose call may simply be made again, so that it need not look first. What was made without our hearing of it stays open until the
 * call is answered well: being refused, or switched off, at a later try does not mean that it was not done at an earlier one.
 */
export function repeatable<Kind extends EffectKind>(runner: EffectRunner<Kind>): EffectRunner<Kind> {
  return {
    run: async (effect, context, interrupted) => {
      const outcome = await runner.run(effect, context, interrupted);
      return interrupted ? inDoubt(outcome) : outcome;
    },
    giveUp: (effect, context, gave) => {
      const report = runner.giveUp(effect, context, gave);
      return gave.mayHaveHappened ? reportInDoubt(report) : report;
    },
  };
}

function inDoubt(outcome: EffectOutcome): EffectOutcome {
  switch (outcome.kind) {
    case 'again':
      return { ...outcome, mayHaveHappened: true };
    case 'failed':
      return outcome.certain ? outcome : { kind: 'unconfirmed', report: reportInDoubt(outcome.report), why: outcome.why };
    case 'done':
    case 'unconfirmed':
      return outcome;
  }
}

function reportInDoubt(report: EffectReport): EffectReport {
  switch (report.type) {
    case 'effect.failed':
    case 'follow-up.failed':
    case 'cancel.failed':
      return { ...report, unconfirmed: true };
    default:
      return report;
  }
}
