import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ENDPOINT_FIELDS, ENDPOINT_GAPS, type EndpointName } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Field, INPUT_LOOK } from '../ui/field.tsx';
import { t } from '../ui/t.ts';
import type { MapProblems } from './check-endpoint-map.ts';
import { bodyValue, type EndpointDraft } from './endpoint-map-draft.ts';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';

export interface EndpointEditorProps {
  name: EndpointName;
  endpoint: EndpointDraft;
  problems: MapProblems;
  onChange(endpoint: EndpointDraft): void;
  onRemove(): void;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((value) => ({ value, label: value }));

/** One endpoint of the map: how it is called, what is sent, and where in the answer our values stand. */
export function EndpointEditor({ name, endpoint, problems, onChange, onRemove }: EndpointEditorProps) {
  const [isOpen, setIsOpen] = useState(false);
  const problemAt = (part: string) => problems.get(`endpoints.${name}.${part}`);
  const gaps = ENDPOINT_GAPS[name].map((gap) => `{${gap}}`).join(' ');
  const own: readonly string[] = ENDPOINT_FIELDS[name];
  const known = [...own, ...Object.keys(endpoint.fields).filter((field) => !own.includes(field))];
  const title = t(`admin.map.name.${name}`);
  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-3 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">{title}</legend>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <p className="max-w-[48ch] text-xs text-muted">{t(`admin.map.purpose.${name}`)}</p>
        <Button look="quiet" icon={Trash2} aria-label={t('admin.map.removeNamed', title)} onClick={onRemove}>
          {t('admin.map.remove')}
        </Button>
      </div>
      <div className="grid items-start gap-3 sm:grid-cols-[7rem_1fr]">
        <SelectField
          label={t('admin.map.method')}
          problem={problemAt('method')}
          options={METHODS}
          value={endpoint.method}
          onChange={(method) => onChange({ ...endpoint, method })}
        />
        <TextField
          label={t('admin.map.path')}
          hint={t('admin.map.gapsOf', gaps)}
          problem={problemAt('path')}
          dir="ltr"
          value={endpoint.path}
          onChange={(path) => onChange({ ...endpoint, path: path.trim() })}
        />
      </div>
      {endpoint.method !== 'GET' && (
        <BodyField value={endpoint.body} problem={problemAt('body')} onChange={(body) => onChange({ ...endpoint, body })} />
      )}
      {known.length > 0 && (
        <Disclosure label={t('admin.map.fields', title)} isOpen={isOpen} onToggle={setIsOpen}>
          <div className="grid grid-cols-1 gap-3">
            <p className="max-w-[60ch] text-xs text-muted">{t('admin.map.fieldsHint')}</p>
            {known.map((field) => (
              <TextField
                key={field}
                label={field}
                hint={own.includes(field) ? t(`admin.map.field.${asField(field)}`) : undefined}
                problem={problemAt(`fields.${field}`)}
                dir="ltr"
                value={endpoint.fields[field] ?? ''}
                onChange={(path) => onChange({ ...endpoint, fields: { ...endpoint.fields, [field]: path } })}
              />
            ))}
          </div>
        </Disclosure>
      )}
    </fieldset>
  );
}

type KnownField = (typeof ENDPOINT_FIELDS)[EndpointName][number];

/** Only asked for names of ENDPOINT_FIELDS. */
function asField(field: string): KnownField {
  return field as KnownField;
}

/** The body keeps the blanks that somebody typed, as long as it means what is in the map. */
function BodyField({ value, problem, onChange }: { value: string; problem: string | undefined; onChange(value: string): void }) {
  const [typed, setTyped] = useState(value);
  const isSame = JSON.stringify(bodyValue(typed)) === JSON.stringify(bodyValue(value));
  const shown = isSame ? typed : value;
  return (
    <Field label={t('admin.map.body')} hint={t('admin.map.bodyHint')} problem={problem}>
      {(control) => (
        <textarea
          {...control}
          dir="ltr"
          rows={Math.min(12, Math.max(3, shown.split('\n').length))}
          spellCheck={false}
          autoComplete="off"
          value={shown}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(event.target.value);
          }}
          className={`${INPUT_LOOK} resize-y font-mono text-xs whitespace-pre`}
        />
      )}
    </Field>
  );
}
