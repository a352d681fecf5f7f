import { Plus, Trash2 } from 'lucide-react';
import type { ResultRuleView } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { checkResultRule, MOST_RESULT_RULES, mayMove, NEW_RESULT_RULE, sayResultRule } from './result-rules-values.ts';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';

export interface ResultRulesProps {
  rules: readonly ResultRuleView[];
  /** Every rule that is wrong says so; else only those that somebody has begun to change. */
  isTried: boolean;
  onChange(rules: ResultRuleView[]): void;
}

/** What results do by themselves besides the note: a list of rules, each with its sentence. */
export function ResultRules({ rules, isTried, onChange }: ResultRulesProps) {
  const replace = (at: number, rule: ResultRuleView) => onChange(rules.map((one, index) => (index === at ? rule : one)));
  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-3 border-t border-line pt-4">
      <legend className="sr-only">{t('admin.rules.onResult')}</legend>
      <div className="grid gap-0.5">
        <p className="font-medium">{t('admin.rules.onResult')}</p>
        <p className="max-w-[60ch] text-xs text-muted">{t('admin.rules.onResultHint')}</p>
      </div>
      {rules.map((rule, at) => (
        <ResultRule
          key={at}
          number={at + 1}
          rule={rule}
          isTried={isTried}
          onChange={(changed) => replace(at, changed)}
          onRemove={() => onChange(rules.filter((_, index) => index !== at))}
        />
      ))}
      {rules.length < MOST_RESULT_RULES && (
        <Button icon={Plus} className="justify-self-start" onClick={() => onChange([...rules, NEW_RESULT_RULE])}>
          {t('admin.rules.result.add')}
        </Button>
      )}
    </fieldset>
  );
}

interface ResultRuleProps {
  number: number;
  rule: ResultRuleView;
  isTried: boolean;
  onChange(rule: ResultRuleView): void;
  onRemove(): void;
}

type Choice = 'any' | 'yes' | 'no';
const toChoice = (value: boolean | undefined): Choice => (value === undefined ? 'any' : value ? 'yes' : 'no');
const fromChoice = (choice: string): boolean | undefined => (choice === 'any' ? undefined : choice === 'yes');

function ResultRule({ number, rule, isTried, onChange, onRemove }: ResultRuleProps) {
  const { when, does } = rule;
  const problem = checkResultRule(rule);
  const isUntouched = rule === NEW_RESULT_RULE;
  const set = (part: Partial<ResultRuleView['when']>) => onChange(withoutMove({ ...rule, when: { ...when, ...part } }));
  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-3 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">{t('admin.rules.result.number', number)}</legend>
      <div className="grid items-start gap-3 sm:grid-cols-3">
        <SelectField
          label={t('admin.rules.result.qualified')}
          options={[
            { value: 'any', label: t('admin.rules.result.noMatter') },
            { value: 'yes', label: t('admin.rules.result.isQualified') },
            { value: 'no', label: t('admin.rules.result.isNotQualified') },
          ]}
          value={toChoice(when.qualified)}
          onChange={(choice) => set({ qualified: fromChoice(choice) })}
        />
        <SelectField
          label={t('admin.rules.result.cheating')}
          options={[
            { value: 'any', label: t('admin.rules.result.noMatter') },
            { value: 'yes', label: t('admin.rules.result.isCheating') },
            { value: 'no', label: t('admin.rules.result.isNotCheating') },
          ]}
          value={toChoice(when.cheating)}
          onChange={(choice) => set({ cheating: fromChoice(choice) })}
        />
        {when.qualified !== undefined && when.cheating !== undefined && (
          <SelectField
            label={t('admin.rules.result.match')}
            options={[
              { value: 'all', label: t('admin.rules.result.all') },
              { value: 'any', label: t('admin.rules.result.any') },
            ]}
            value={when.match}
            onChange={(match) => set({ match: match === 'all' ? 'all' : 'any' })}
          />
        )}
        <TextField
          label={t('admin.rules.result.tag')}
          hint={t('admin.rules.result.tagHint')}
          maxLength={100}
          value={does.tag ?? ''}
          onChange={(tag) => onChange({ ...rule, does: { ...does, tag } })}
        />
        {mayMove(rule) && (
          <SelectField
            label={t('admin.rules.result.move')}
            hint={t('admin.rules.result.moveHint')}
            options={[
              { value: 'no', label: t('admin.rules.result.moveNo') },
              { value: 'yes', label: t('admin.rules.result.moveYes') },
            ]}
            value={does.move ? 'yes' : 'no'}
            onChange={(choice) => onChange({ ...rule, does: { ...does, move: choice === 'yes' } })}
          />
        )}
      </div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        {problem === null ? (
          <p className="max-w-[60ch]">{sayResultRule(rule)}</p>
        ) : (
          <p className={isTried || !isUntouched ? 'text-xs text-bad' : 'text-xs text-muted'} role={isTried ? 'alert' : undefined}>
            {problem}
          </p>
        )}
        <Button look="quiet" icon={Trash2} aria-label={t('admin.rules.result.removeNumber', number)} onClick={onRemove}>
          {t('admin.map.remove')}
        </Button>
      </div>
    </fieldset>
  );
}

/** A condition under which nobody is moved takes the move away with it. */
function withoutMove(rule: ResultRuleView): ResultRuleView {
  return mayMove(rule) ? rule : { ...rule, does: { ...rule.does, move: false } };
}
