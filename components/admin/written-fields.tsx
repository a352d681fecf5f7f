import { useState } from 'react';
import type { FieldsView } from '../../lib/contract/write-back.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { QueryView } from './query-view.tsx';
import { SelectField } from './select-field.tsx';
import { useFields } from './use-settings.ts';
import { type Choice, choicesWith, type WriteBackValues } from './write-back-values.ts';

type Field = FieldsView['fields'][number];

interface WrittenFieldsProps {
  id: string;
  ats: string;
  values: Pick<WriteBackValues, 'statusField' | 'scoreField'>;
  onChange(part: Partial<WriteBackValues>): void;
}

/**
 * The fields of the ATS that take status and score. They are read only where one is chosen or somebody wants to choose: reading takes
 * a right that nothing else needs.
 */
export function WrittenFields(props: WrittenFieldsProps) {
  const { id, ats, values } = props;
  const [isAsked, setIsAsked] = useState(false);
  const isWanted = isAsked || values.statusField !== '' || values.scoreField !== '';
  const query = useFields(id, isWanted);
  if (!isWanted) {
    return (
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button onClick={() => setIsAsked(true)}>{t('admin.writeBack.chooseFields')}</Button>
        <p className="text-muted">{t('admin.writeBack.noFieldYet')}</p>
      </div>
    );
  }
  return (
    <QueryView query={query}>
      {({ fields }) =>
        fields.length === 0 && values.statusField === '' && values.scoreField === '' ? (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <p className="max-w-[60ch] text-muted">{t('admin.writeBack.noFields', ats)}</p>
            <Button isBusy={query.isFetching} onClick={() => void query.refetch()}>
              {t('admin.writeBack.again')}
            </Button>
          </div>
        ) : (
          <Pickers {...props} fields={fields} />
        )
      }
    </QueryView>
  );
}

function Pickers({ values, onChange, fields }: WrittenFieldsProps & { fields: readonly Field[] }) {
  const none = t('admin.writeBack.noField');
  const ofStatus = fields.filter(({ type }) => type !== 'number').map(toChoice);
  return (
    <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-2">
      <SelectField
        label={t('admin.writeBack.statusField')}
        hint={t('admin.writeBack.statusHint')}
        value={values.statusField}
        options={choicesWith(values.statusField, ofStatus, none)}
        onChange={(statusField) => onChange({ statusField })}
      />
      <SelectField
        label={t('admin.writeBack.scoreField')}
        hint={t('admin.writeBack.scoreHint')}
        value={values.scoreField}
        options={choicesWith(values.scoreField, fields.map(toChoice), none)}
        onChange={(scoreField) => onChange({ scoreField })}
      />
    </div>
  );
}

function toChoice({ fieldId, name, on, type }: Field): Choice {
  const whose = t(on === 'application' ? 'admin.writeBack.onApplication' : 'admin.writeBack.onCandidate');
  return { value: fieldId, label: `${name} (${whose}, ${t(`admin.writeBack.type.${type}`)})` };
}
