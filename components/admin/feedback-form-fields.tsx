import { useState } from 'react';
import type { FeedbackFormsView } from '../../lib/contract/write-back.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { QueryView } from './query-view.tsx';
import { SelectField } from './select-field.tsx';
import { useFeedbackForms } from './use-settings.ts';
import { choicesWith, type WriteBackValues } from './write-back-values.ts';

interface FeedbackFormFieldsProps {
  id: string;
  ats: string;
  /** Whether the connection names a user to act as, for invitations that no mapped recruiter sent. */
  hasAuthor: boolean;
  values: Pick<WriteBackValues, 'feedbackForm' | 'passed' | 'notPassed'>;
  onChange(part: Partial<WriteBackValues>): void;
}

/** The feedback form that is filled in, and which of its scores stands for what. Read as the fields are (see WrittenFields). */
export function FeedbackFormFields(props: FeedbackFormFieldsProps) {
  const { id, ats, values } = props;
  const [isAsked, setIsAsked] = useState(false);
  const isWanted = isAsked || values.feedbackForm !== '';
  const query = useFeedbackForms(id, isWanted);
  if (!isWanted) {
    return (
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button onClick={() => setIsAsked(true)}>{t('admin.writeBack.chooseForm')}</Button>
        <p className="text-muted">{t('admin.writeBack.noFormYet')}</p>
      </div>
    );
  }
  return (
    <QueryView query={query}>
      {({ forms }) =>
        forms.length === 0 && values.feedbackForm === '' ? (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <p className="max-w-[60ch] text-muted">{t('admin.writeBack.noForms', ats)}</p>
            <Button isBusy={query.isFetching} onClick={() => void query.refetch()}>
              {t('admin.writeBack.formsAgain')}
            </Button>
          </div>
        ) : (
          <Pickers {...props} forms={forms} />
        )
      }
    </QueryView>
  );
}

function Pickers({ ats, hasAuthor, values, onChange, forms }: FeedbackFormFieldsProps & FeedbackFormsView) {
  const chosen = forms.find(({ formId }) => formId === values.feedbackForm);
  const scores = (value: string) =>
    choicesWith(
      value,
      (chosen?.scores ?? []).map((score) => ({ value: score, label: score })),
      t('admin.writeBack.noScore'),
    );
  return (
    <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-2">
      <div className="md:col-span-2">
        <SelectField
          label={t('admin.writeBack.form')}
          hint={t('admin.writeBack.formHint')}
          value={values.feedbackForm}
          options={choicesWith(
            values.feedbackForm,
            forms.map(({ formId, name }) => ({ value: formId, label: name })),
            t('admin.writeBack.noForm'),
          )}
          // The scores of one form are not those of another.
          onChange={(feedbackForm) => onChange({ feedbackForm, passed: '', notPassed: '' })}
        />
      </div>
      {chosen && chosen.scores.length > 0 && (
        <>
          <SelectField
            label={t('admin.writeBack.passed')}
            hint={t('admin.writeBack.scoresHint')}
            value={values.passed}
            options={scores(values.passed)}
            onChange={(passed) => onChange({ passed })}
          />
          <SelectField
            label={t('admin.writeBack.notPassed')}
            value={values.notPassed}
            options={scores(values.notPassed)}
            onChange={(notPassed) => onChange({ notPassed })}
          />
        </>
      )}
      {values.feedbackForm !== '' && !hasAuthor && (
        <p className="max-w-[68ch] font-medium text-warn md:col-span-2">{t('admin.writeBack.noAuthor', ats)}</p>
      )}
    </div>
  );
}
