import { type RulesView, rulesSchema } from '../../lib/contract/settings.ts';
import { t } from '../ui/t.ts';
import { tidy } from './result-rules-values.ts';

const LIMITS = { holdSeconds: 600, automaticHoldSeconds: 86_400, leavingGraceMinutes: 1440, tagRecheckSeconds: 3600 } as const;
type NumberName = keyof typeof LIMITS;
const NUMBER_NAMES = Object.keys(LIMITS) as NumberName[];

/** The rules as a form holds them: numbers as they are typed. */
export type RulesValues = Omit<RulesView, NumberName> & Record<NumberName, string>;

export function toRulesValues(rules: RulesView): RulesValues {
  return {
    ...rules,
    holdSeconds: `${rules.holdSeconds}`,
    automaticHoldSeconds: `${rules.automaticHoldSeconds}`,
    leavingGraceMinutes: `${rules.leavingGraceMinutes}`,
    tagRecheckSeconds: `${rules.tagRecheckSeconds}`,
  };
}

/** What is wrong with each number; the limits are those of the contract. */
export function checkRules(values: RulesValues): Partial<Record<NumberName, string>> {
  const problems: Partial<Record<NumberName, string>> = {};
  for (const name of NUMBER_NAMES) {
    const isWhole = /^\d+$/.test(values[name].trim());
    if (!isWhole || Number(values[name]) > LIMITS[name]) problems[name] = t('admin.problem.wholeNumber', LIMITS[name]);
  }
  return problems;
}

/** To be called when checkRules finds nothing. @throws ZodError */
export function toRules(values: RulesValues): RulesView {
  const numbers = NUMBER_NAMES.map((name) => [name, Number(values[name])]);
  return rulesSchema.parse({ ...values, ...Object.fromEntries(numbers), onResult: values.onResult.map(tidy) });
}
