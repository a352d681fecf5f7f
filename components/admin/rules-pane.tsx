import { type FormEvent, useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import { type RulesView, rulesSchema } from '../../lib/contract/settings.ts';
import { type TextKey, t } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { problemsByPath } from './api-failure.ts';
import { Question } from './ask-first.tsx';
import { Card } from './card.tsx';
import { focusFirstProblem } from './focus-first-problem.ts';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import { ResultRules } from './result-rules.tsx';
import { checkResultRule } from './result-rules-values.ts';
import { checkRules, type RulesValues, toRules, toRulesValues } from './rules-values.ts';
import { SaveBar } from './save-bar.tsx';
import { SwitchRow } from './switch-row.tsx';
import { TextField } from './text-field.tsx';
import { useDraft } from './use-draft.ts';
import { useSave } from './use-save.ts';
import { useRules } from './use-settings.ts';

/** What happens by itself, and how long it waits before it does. */
export function RulesPane() {
  const rules = useRules();
  return (
    <Pane title={t('admin.section.rules')} intro={t('admin.rules.intro')}>
      <QueryView query={rules}>{(saved) => <RulesForm saved={saved} />}</QueryView>
    </Pane>
  );
}

const NUMBERS = [
  { name: 'holdSeconds', unit: 'admin.unit.seconds' },
  { name: 'automaticHoldSeconds', unit: 'admin.unit.seconds' },
  { name: 'leavingGraceMinutes', unit: 'admin.unit.minutes' },
  { name: 'tagRecheckSeconds', unit: 'admin.unit.seconds' },
] as const satisfies { name: keyof RulesView; unit: TextKey }[];

function RulesForm({ saved }: { saved: RulesView }) {
  const { api } = useAdmin();
  const [isAsking, setIsAsking] = useState(false);
  const [wasTried, setWasTried] = useState(false);
  const draft = useDraft(toRulesValues(saved));
  const { values, set } = draft;
  const saving = useSave({
    save: (rules: RulesView) => api.write('PUT', PATHS.rules, rules, rulesSchema),
    said: t('admin.save.saved'),
  });
  const problems: Partial<Record<keyof RulesValues, string>> = { ...problemsByPath(saving.failure), ...checkRules(values) };

  const save = async (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    setWasTried(true);
    if (values.onResult.some((rule) => checkResultRule(rule) !== null)) return;
    if (Object.keys(checkRules(values)).length > 0) return focusFirstProblem(event.currentTarget);
    if (!(await saving.run(toRules(values)))) return;
    setWasTried(false);
    draft.reset();
  };
  const discard = () => {
    saving.forget();
    setIsAsking(false);
    setWasTried(false);
    draft.reset();
  };
  const setAdvance = (isOn: boolean) => {
    if (isOn && !saved.advanceOnPass) setIsAsking(true);
    else set({ advanceOnPass: isOn });
  };
  const row = (name: 'sendOnStageEntry' | 'cancelOnLeaving' | 'inheritedTagsCount') => (
    <SwitchRow
      label={t(`admin.rules.${name}`)}
      hint={t(`admin.rules.${name}Hint`)}
      isOn={values[name]}
      onChange={(isOn) => set({ [name]: isOn })}
    />
  );
  return (
    <Card title={t('admin.rules.title')}>
      <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-4">
        {row('sendOnStageEntry')}
        {row('cancelOnLeaving')}
        <SwitchRow
          label={t('admin.rules.advanceOnPass')}
          hint={t('admin.rules.advanceOnPassHint')}
          isOn={values.advanceOnPass}
          onChange={setAdvance}
        />
        {isAsking && (
          <Question
            label={t('admin.rules.advanceOnPass')}
            confirm={t('admin.rules.advanceConfirm')}
            onConfirm={() => {
              set({ advanceOnPass: true });
              setIsAsking(false);
            }}
            onKeep={() => setIsAsking(false)}
          >
            {t('admin.rules.advanceMeans')}
          </Question>
        )}
        {row('inheritedTagsCount')}
        <ResultRules rules={values.onResult} isTried={wasTried} onChange={(onResult) => set({ onResult })} />
        <div className="grid items-start gap-4 border-t border-line pt-4 sm:grid-cols-2">
          {NUMBERS.map(({ name, unit }) => (
            <TextField
              key={name}
              label={t(`admin.rules.${name}`)}
              hint={t(`admin.rules.${name}Hint`)}
              problem={problems[name]}
              unit={t(unit)}
              inputMode="numeric"
              value={values[name]}
              onChange={(value) => set({ [name]: value })}
            />
          ))}
        </div>
        <SaveBar
          changed={draft.changed.map((name) => t(`admin.rules.${name}`))}
          isBusy={saving.isBusy}
          failure={saving.failure}
          isDone={saving.isDone}
          onDiscard={discard}
        />
      </form>
    </Card>
  );
}
