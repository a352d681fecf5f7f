import { useQueryClient } from '@tanstack/react-query';
import { PATHS } from '../../lib/contract/paths.ts';
import { vendorCatalogueSchema } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import type { AssessmentValues } from './assessment-values.ts';
import { kindWord } from './assessment-words.ts';
import { TextField } from './text-field.tsx';
import { useSave } from './use-save.ts';
import { outsideKey, useCatalogue, type VendorCatalogue } from './use-settings.ts';

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
    return (
      <div className="grid gap-1.5">
        <Choice offers={offersOf(data, values)} values={values} onChange={onChange} problem={problem} />
        <Freshness vendorId={vendorId} trouble={data.trouble ?? null} />
      </div>
    );
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

/** What can be sent, and what is chosen already, whatever became of it. */
function offersOf({ assessments }: VendorCatalogue, { externalId }: AssessmentValues): VendorCatalogue['assessments'] {
  return assessments.filter((offer) => (offer.state ?? 'active') === 'active' || offer.externalId === externalId);
}

/** The list is as the vendor told it last; whoever misses something asks again. */
function Freshness({ vendorId, trouble }: { vendorId: string; trouble: string | null }) {
  const { api } = useAdmin();
  const client = useQueryClient();
  const asking = useSave({
    save: async () => {
      const path = fillPath(PATHS.catalogue, { id: vendorId });
      const fresh = await api.write('POST', path, undefined, vendorCatalogueSchema);
      client.setQueryData(outsideKey(PATHS.catalogue, vendorId), fresh);
    },
    said: t('admin.assessments.refreshed'),
  });
  const problem = asking.failure?.message ?? trouble;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button isBusy={asking.isBusy} onClick={() => void asking.run(undefined)}>
        {t('admin.assessments.refresh')}
      </Button>
      {problem && <p className="text-xs text-muted">{problem}</p>}
    </div>
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
        options={offers.map((offer) => ({ id: offer.externalId, label: offer.name, detail: detailOf(offer) }))}
        value={values.externalId || null}
        onChange={choose}
      />
      {problem && <p className="text-xs text-bad">{problem}</p>}
    </div>
  );
}

function detailOf({ kind, state = 'active' }: VendorCatalogue['assessments'][number]): string {
  return state === 'active' ? kindWord(kind) : `${kindWord(kind)} · ${t(`admin.assessments.catalogueState.${state}`)}`;
}
