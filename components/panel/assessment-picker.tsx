import type { Ref } from 'react';
import type { AssessmentChoice } from '../../lib/contract/panel.ts';
import { Combobox } from '../ui/combobox.tsx';
import type { ComboboxOption } from '../ui/filter-options.ts';
import { t } from '../ui/t.ts';
import { sortChoices } from './sort-choices.ts';

export interface AssessmentPickerProps {
  choices: AssessmentChoice[];
  defaultId: string | null;
  value: string | null;
  onChange(id: string): void;
  ref?: Ref<HTMLInputElement>;
}

/** Which assessment: searched while typing, the likely ones first, unusable ones grey with their reason. */
export function AssessmentPicker({ choices, defaultId, value, onChange, ref }: AssessmentPickerProps) {
  const options = sortChoices(choices, defaultId).map((choice) => toOption(choice, defaultId));
  return (
    <Combobox
      ref={ref}
      label={t('panel.send.assessment')}
      options={options}
      value={value}
      onChange={onChange}
      placeholder={t('panel.send.choose')}
      emptyText={t('panel.send.noMatch')}
    />
  );
}

function toOption(choice: AssessmentChoice, defaultId: string | null): ComboboxOption {
  const { id, name, vendorName, durationMinutes, unusableBecause } = choice;
  const detail = [vendorName, durationMinutes !== null && t('panel.send.minutes', durationMinutes)].filter(Boolean).join(' · ');
  return { id, label: name, detail, marker: markerOf(choice, defaultId), unusableBecause };
}

function markerOf(choice: AssessmentChoice, defaultId: string | null): string | undefined {
  if (choice.onCandidate) return t('panel.send.tagged');
  if (choice.id === defaultId) return t('panel.send.default');
  return choice.recentlyUsed ? t('panel.send.recent') : undefined;
}
