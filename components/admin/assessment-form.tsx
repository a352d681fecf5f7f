import { type FormEvent, useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import { type AssessmentView, assessmentViewSchema, type ConnectionView } from '../../lib/contract/settings.ts';
import { ASSESSMENT_KINDS } from '../../lib/domain/assessment.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { type TextKey, t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { problemsByPath } from './api-failure.ts';
import {
  type AssessmentValues,
  canHandOver,
  checkAssessment,
  HANDOVERS,
  hasOwnIds,
  needsLink,
  newAssessment,
  toAssessmentInput,
  toAssessmentValues,
  withPossibleHandover,
} from './assessment-values.ts';
import { handoverWord, kindWord } from './assessment-words.ts';
import { CatalogueField } from './catalogue-field.tsx';
import { focusFirstProblem } from './focus-first-problem.ts';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';
import { useDraft } from './use-draft.ts';
import { useSave } from './use-save.ts';

export interface AssessmentFormProps {
  /** Null: a new one. */
  assessment: AssessmentView | null;
  vendors: ConnectionView[];
  onDone(): void;
  onCancel: (() => void) | null;
}

/** What is sent under a tag: at which vendor, how it reaches the candidate, and when it counts as passed. */
export function AssessmentForm({ assessment, vendors, onDone, onCancel }: AssessmentFormProps) {
  const { api } = useAdmin();
  const [wasTried, setWasTried] = useState(false);
  const [fresh] = useState(() => newAssessment(vendors.find(({ enabled }) => enabled) ?? vendors[0]));
  const draft = useDraft<AssessmentValues>(assessment ? toAssessmentValues(assessment) : fresh);
  const { values, changed } = draft;
  const vendorOf = ({ vendorConnectionId }: AssessmentValues) => vendors.find(({ id }) => id === vendorConnectionId);
  const vendor = vendorOf(values);
  const set = (part: Partial<AssessmentValues>) =>
    draft.set(withPossibleHandover(vendorOf({ ...values, ...part }), values, part));
  const saving = useSave({
    save: (body: ReturnType<typeof toAssessmentInput>) =>
      assessment
        ? api.write('PATCH', fillPath(PATHS.assessment, { id: assessment.id }), body, assessmentViewSchema)
        : api.write('POST', PATHS.assessments, body, assessmentViewSchema),
    said: ({ name }) => t('admin.assessments.saved', name),
  });
  const all = checkAssessment(values, vendor);
  const refused: Partial<Record<string, string>> = problemsByPath(saving.failure);
  const field = (name: keyof AssessmentValues) => ({
    value: values[name],
    problem: (wasTried || changed.includes(name) ? all[name] : undefined) ?? refused[name],
    onChange: (value: string) => set({ [name]: value }),
  });

  const save = async (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    setWasTried(true);
    if (Object.keys(all).length > 0) return focusFirstProblem(event.currentTarget);
    if (!(await saving.run(toAssessmentInput(values, vendor)))) return;
    draft.reset();
    setWasTried(false);
    onDone();
  };
  const isByLink = vendor !== undefined && needsLink(vendor);
  return (
    <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-4">
      <div className="grid max-w-2xl items-start gap-4 sm:grid-cols-2">
        <SelectField
          label={t('admin.assessments.vendor')}
          options={vendors.map(({ id, name }) => ({ value: id, label: name }))}
          {...field('vendorConnectionId')}
        />
        <SelectField
          label={t('admin.assessments.kind')}
          options={ASSESSMENT_KINDS.map((value) => ({ value, label: kindWord(value) }))}
          {...field('kind')}
        />
        {vendor && hasOwnIds(vendor) && (
          <CatalogueField vendorId={vendor.id} values={values} onChange={set} problem={field('externalId').problem} />
        )}
        <TextField label={t('admin.assessments.name')} maxLength={120} {...field('name')} />
        <TextField label={t('admin.assessments.tag')} hint={t('admin.assessments.tagHint')} maxLength={200} {...field('tag')} />
        <TextField
          label={t('admin.assessments.durationMinutes')}
          unit={t('admin.unit.minutes')}
          inputMode="numeric"
          {...field('durationMinutes')}
        />
        <TextField
          label={t('admin.assessments.deadlineDays')}
          unit={t('admin.unit.days')}
          inputMode="numeric"
          {...field('deadlineDays')}
        />
        <TextField
          label={t('admin.assessments.remindDays')}
          hint={t('admin.assessments.remindDaysHint')}
          unit={t('admin.assessments.remindDaysUnit')}
          inputMode="numeric"
          maxLength={20}
          {...field('remindDays')}
        />
        <TextField
          label={t('admin.assessments.passMark')}
          hint={t('admin.assessments.passMarkHint')}
          inputMode="decimal"
          className="max-w-24"
          {...field('passMark')}
        />
        <SelectField
          label={t('admin.assessments.handover')}
          options={HANDOVERS.filter((value) => values.handover === value || canHandOver(vendor, values, value)).map((value) => ({
            value,
            label: handoverWord(value),
          }))}
          {...field('handover')}
        />
        {isByLink && (
          <div className="sm:col-span-2">
            <SelectField
              label={t('admin.assessments.linkFrom')}
              options={[
                { value: 'template', label: t('admin.assessments.linkFromTemplate') },
                { value: 'pool', label: t('admin.assessments.linkFromPool') },
              ]}
              {...field('linkFrom')}
            />
            {values.linkFrom === 'pool' && !assessment && (
              <p className="mt-1 text-xs text-muted">{t('admin.assessments.poolLater')}</p>
            )}
          </div>
        )}
        {(isByLink ? values.linkFrom === 'template' : values.linkTemplate !== '') && (
          <div className="sm:col-span-2">
            <TextField
              label={t('admin.assessments.linkTemplate')}
              hint={t('admin.assessments.linkTemplateHint', '{email}', '{name}', '{invitation}')}
              dir="ltr"
              placeholder="https://"
              maxLength={2000}
              {...field('linkTemplate')}
            />
          </div>
        )}
      </div>
      {saving.failure && (
        <Notice tone="bad" isUrgent>
          {saving.failure.message}
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" type="submit" isBusy={saving.isBusy} aria-disabled={(assessment && !draft.isChanged) || undefined}>
          {assessment ? t('admin.save.save') : t('admin.assessments.add')}
        </Button>
        {onCancel && (
          <Button
            onClick={() => {
              draft.reset();
              onCancel();
            }}
          >
            {t('common.cancel')}
          </Button>
        )}
        {assessment && changed.length > 0 && (
          <p className="text-xs text-muted">{t('admin.save.changed', changed.map((name) => t(LABELS[name])).join(', '))}</p>
        )}
      </div>
    </form>
  );
}

const LABELS: Record<keyof AssessmentValues, TextKey> = {
  vendorConnectionId: 'admin.assessments.vendor',
  externalId: 'admin.assessments.externalId',
  name: 'admin.assessments.name',
  kind: 'admin.assessments.kind',
  durationMinutes: 'admin.assessments.durationMinutes',
  tag: 'admin.assessments.tag',
  passMark: 'admin.assessments.passMark',
  deadlineDays: 'admin.assessments.deadlineDays',
  remindDays: 'admin.assessments.remindDays',
  linkTemplate: 'admin.assessments.linkTemplate',
  linkFrom: 'admin.assessments.linkFrom',
  handover: 'admin.assessments.handover',
};
