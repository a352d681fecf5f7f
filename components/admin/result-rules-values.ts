import { type ResultRuleView, resultRuleSchema } from '../../lib/contract/settings.ts';
import { t } from '../ui/t.ts';

export const MOST_RESULT_RULES = 10;

/** A new one: the commonest, with its tag still to be written. */
export const NEW_RESULT_RULE: ResultRuleView = { when: { qualified: true, match: 'all' }, does: { tag: '', move: false } };

/** A move is made only after a pass that nothing speaks against; where the condition says otherwise there is no such choice. */
export function mayMove({ when }: ResultRuleView): boolean {
  return when.qualified === true && when.cheating !== true && (when.cheating === undefined || when.match === 'all');
}

/** The same rule without what it may not do any more, and without an empty tag. */
export function tidy(rule: ResultRuleView): ResultRuleView {
  const tag = rule.does.tag?.trim();
  return { ...rule, does: { ...(tag && { tag }), move: rule.does.move && mayMove(rule) } };
}

/** What is wrong with it, as a sentence; null when nothing is. */
export function checkResultRule(rule: ResultRuleView): string | null {
  const [issue] = resultRuleSchema.safeParse(tidy(rule)).error?.issues ?? [];
  if (!issue) return null;
  if (issue.path[0] === 'when') return t('admin.rules.result.needsCondition');
  return issue.path[1] === 'tag' ? t('admin.problem.tooLong', 100) : t('admin.rules.result.needsDeed');
}

/** The rule as a sentence, such as "When a result is qualified and no cheating was detected: add the tag X." */
export function sayResultRule(rule: ResultRuleView): string {
  const { when, does } = tidy(rule);
  const conditions = [
    when.qualified === undefined
      ? null
      : t(when.qualified ? 'admin.rules.result.partQualified' : 'admin.rules.result.partNotQualified'),
    when.cheating === undefined
      ? null
      : t(when.cheating ? 'admin.rules.result.partCheating' : 'admin.rules.result.partNotCheating'),
  ].filter((condition) => condition !== null);
  const deeds = [
    does.tag ? t('admin.rules.result.addsTag', does.tag) : null,
    does.move ? t('admin.rules.result.moves') : null,
  ].filter((deed) => deed !== null);
  const joined = conditions.join(` ${t(when.match === 'all' ? 'admin.rules.result.and' : 'admin.rules.result.or')} `);
  return t('admin.rules.result.sentence', joined, deeds.join(` ${t('admin.rules.result.and')} `));
}
