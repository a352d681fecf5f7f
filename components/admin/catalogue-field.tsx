import { Combobox } from '../ui/combobox.tsx';
import { t } from '../ui/t.ts';
import type { AssessmentValues } from './assessment-values.ts';
import { kindWord } from './assessment-words.ts';
import { TextField } from './text-field.tsx';
import { useCatalogue, type VendorCatalogue } from './use-settings.ts';

export interface CatalogueFieldProps {
  vendorId: string;
  values: AssessmentValues;
  onChange(part: Partial<AssessmentValues>): void;
  problem: string | undefined;
}

/** Which of the vendor's assessments: chosen where the vendor lists them, else its id is typed in. */
export function CatalogueField({ vendorId, values, onChange, problem }: CatalogueFieldProps) {
  const { data, error, isLoading } = useCatalogue(vendorId);
  if (data?.listed && data.assessments.length > 0) {
    return <Choice offers={data.assessments} values={values} onChange={onChange} problem={problem} />;
  }
  const hint = error ? t('admin.assessments.externalIdFailed', error.message) : t('admin.assessments.externalIdHint');
  return (
    <TextField
      label={t('admin.assessments.externalId')}
      hint={isLoading ? t('admin.assessments.externalIdAsking') : hint}
      problem={problem}
      maxLength={300}
      dir="ltr"
      value={values.externalId}
      onChange={(externalId) => onChange({ externalId })}
    />
  );
}

interface ChoiceProps extends Pick<CatalogueFieldProps, 'values' | 'onChange' | 'problem'> {
  offers: VendorCatalogue['assessments'];
}

/** Choosing also fills in what is still empty: the names are the vendor's and mostly right. */
function Choice({ offers, values, onChange, problem }: ChoiceProps) {
  const choose = (externalId: string) => {
    const offer = offers.find((it) => it.externalId === externalId);
    if (!offer) return;
    onChange({
      externalId,
      kind: offer.kind,
      name: values.name || offer.name,
      tag: values.tag || offer.name,
      durationMinutes: values.durationMinutes || (offer.durationMinutes?.toString() ?? ''),
    });
  };
  return (
    <div className="grid gap-1">
      <Combobox
        label={t('admin.assessments.offer')}
        placeholder={t('admin.assessments.offerChoose')}
        emptyText={t('admin.assessments.offerNone')}
        options={offers.map(({ externalId, name, kind }) => ({ id: externalId, label: name, detail: kindWord(kind) }))}
        value={values.externalId || null}
        onChange={choose}
      />
      {problem && <p className="text-xs text-bad">{problem}</p>}
    </div>
  );
}
