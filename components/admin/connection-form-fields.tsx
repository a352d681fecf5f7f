import { useState } from 'react';
import { PARTNER_PRESET_VALUES } from '../../lib/contract/partner-settings.ts';
import type { ConnectionKind } from '../../lib/contract/settings.ts';
import { BRAND_NAMES, CODERBYTE_BRANDS } from '../../lib/domain/assessment.ts';
import { Disclosure } from '../ui/disclosure.tsx';
import { t } from '../ui/t.ts';
import { type ConnectionValues, type FieldKind, type FieldName, fieldsFor } from './connection-fields.ts';
import { EndpointMapField } from './endpoint-map-field.tsx';
import { SecretField } from './secret-field.tsx';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';

export interface ConnectionFormFieldsProps {
  kind: ConnectionKind;
  values: ConnectionValues;
  onChange(part: ConnectionValues): void;
  /** See ConnectionForm: a secret that was being replaced is shown as stored again. */
  version: number;
  /** What is shown below each field; see connectionProblems. */
  problems: Partial<Record<FieldName, string>>;
  /** Of the stored secrets, by name. */
  lastFour: Record<string, string | null>;
}

/** The fields of a connection: those everybody needs, and the advanced ones folded away. */
export function ConnectionFormFields({ kind, problems, ...rest }: ConnectionFormFieldsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const fields = fieldsFor(kind, rest.values);
  const advanced = fields.filter(({ isAdvanced }) => isAdvanced);
  const hasHiddenProblem = advanced.some(({ name }) => problems[name]);
  const show = (field: FieldKind) => <ConnectionField key={field.name} field={field} problem={problems[field.name]} {...rest} />;
  return (
    <div className="grid max-w-xl grid-cols-1 gap-4">
      {fields.filter(({ isAdvanced }) => !isAdvanced).map(show)}
      {advanced.length > 0 && (
        <Disclosure label={t('admin.field.advanced')} isOpen={isOpen || hasHiddenProblem} onToggle={setIsOpen}>
          <div className="grid grid-cols-1 gap-4">{advanced.map(show)}</div>
        </Disclosure>
      )}
    </div>
  );
}

interface ConnectionFieldProps extends Pick<ConnectionFormFieldsProps, 'values' | 'onChange' | 'lastFour' | 'version'> {
  field: FieldKind;
  problem: string | undefined;
}

function ConnectionField({ field, problem, values, onChange, lastFour, version }: ConnectionFieldProps) {
  const shared = {
    label: t(field.label),
    hint: field.hint && t(field.hint),
    problem,
    value: values[field.name] ?? '',
    onChange: (value: string) => onChange({ [field.name]: value }),
  };
  switch (field.type) {
    case 'secret':
      return <SecretField key={version} {...shared} lastFour={lastFour[field.name] ?? null} />;
    case 'map':
      return <EndpointMapField {...shared} />;
    case 'stage-id-space':
      return <SelectField {...shared} options={stageIdSpaces()} />;
    case 'greenhouse-api':
      return <SelectField {...shared} options={greenhouseApis()} />;
    case 'lever-auth':
      return <SelectField {...shared} options={leverAuths()} />;
    case 'attribution':
      return <SelectField {...shared} options={attributions()} />;
    case 'brand':
      return <SelectField {...shared} options={CODERBYTE_BRANDS.map((value) => ({ value, label: BRAND_NAMES[value] }))} />;
    case 'preset':
      return <SelectField {...shared} options={presets()} />;
    case 'yes-no':
      return <SelectField {...shared} options={noOrYes()} />;
    case 'text':
      return <TextField {...shared} />;
  }
}

function greenhouseApis() {
  return [
    { value: 'v3', label: t('admin.field.apiV3') },
    { value: 'v1', label: t('admin.field.apiV1') },
  ];
}

function leverAuths() {
  return [
    { value: 'key', label: t('admin.field.authKey') },
    { value: 'oauth', label: t('admin.field.authOauth') },
  ];
}

function attributions() {
  return [
    { value: 'service', label: t('admin.field.attributionService') },
    { value: 'recruiter', label: t('admin.field.attributionRecruiter') },
  ];
}

function presets() {
  return [
    { value: 'adaface', label: PARTNER_PRESET_VALUES.adaface.name },
    { value: 'own', label: t('admin.field.presetOwn') },
  ];
}

function noOrYes() {
  return [
    { value: 'no', label: t('admin.field.no') },
    { value: 'yes', label: t('admin.field.yes') },
  ];
}

function stageIdSpaces() {
  return [
    { value: 'application-stage', label: t('admin.field.spaceApplication') },
    { value: 'job-stage', label: t('admin.field.spaceJob') },
  ];
}
