import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import { ENDPOINT_NAMES, type EndpointName } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Field, INPUT_LOOK } from '../ui/field.tsx';
import { t } from '../ui/t.ts';
import { findMapProblems } from './check-endpoint-map.ts';
import { EndpointEditor } from './endpoint-editor.tsx';
import { type EndpointDraft, type MapDraft, readDraft, writeDraft } from './endpoint-map-draft.ts';
import { TextField } from './text-field.tsx';

export interface EndpointMapFieldProps {
  label: string;
  hint?: string;
  problem?: string | null;
  /** The map as JSON. */
  value: string;
  onChange(value: string): void;
}

/** The paths of a vendor whose API is not public: field by field, or as JSON to copy and paste. Checked while it is typed. */
export function EndpointMapField({ label, hint, problem, value, onChange }: EndpointMapFieldProps) {
  const id = useId();
  const [isJsonOpen, setIsJsonOpen] = useState(false);
  const draft = readDraft(value);
  return (
    <section aria-labelledby={id} className="grid grid-cols-1 gap-3">
      <div className="grid gap-0.5">
        <h3 id={id} className="text-xs font-medium text-muted">
          {t('admin.map.title')}
        </h3>
        {hint && <p className="text-xs text-muted">{hint}</p>}
      </div>
      {draft && <MapFields draft={draft} json={value} onChange={(changed) => onChange(writeDraft(changed))} />}
      <Disclosure label={t('admin.map.asJson')} isOpen={isJsonOpen || !draft} onToggle={setIsJsonOpen}>
        <Field label={label} hint={t('admin.map.asJsonHint')} problem={problem}>
          {(control) => (
            <textarea
              {...control}
              dir="ltr"
              rows={Math.min(18, Math.max(5, value.split('\n').length))}
              spellCheck={false}
              autoComplete="off"
              value={value}
              onChange={(event) => onChange(event.target.value)}
              className={`${INPUT_LOOK} resize-y font-mono text-xs whitespace-pre`}
            />
          )}
        </Field>
      </Disclosure>
      {problem && !isJsonOpen && draft && (
        <p role="status" className="text-xs text-bad">
          {problem}
        </p>
      )}
    </section>
  );
}

interface MapFieldsProps {
  draft: MapDraft;
  json: string;
  onChange(draft: MapDraft): void;
}

const EMPTY: EndpointDraft = { method: 'GET', path: '', body: '', fields: {} };
const WRITES: ReadonlySet<EndpointName> = new Set(['invite', 'cancel', 'resend', 'extend', 'extraTime']);

function MapFields({ draft, json, onChange }: MapFieldsProps) {
  const problems = findMapProblems(json);
  const { baseUrl, header, endpoints } = draft;
  const missing = ENDPOINT_NAMES.filter((name) => !endpoints[name]);
  const setEndpoint = (name: EndpointName, endpoint: EndpointDraft | undefined) => {
    const { [name]: _, ...others } = endpoints;
    onChange({ ...draft, endpoints: endpoint ? { ...endpoints, [name]: endpoint } : others });
  };
  return (
    <div className="grid grid-cols-1 gap-3">
      <TextField
        label={t('admin.map.baseUrl')}
        hint={t('admin.map.baseUrlHint')}
        problem={problems.get('baseUrl')}
        dir="ltr"
        inputMode="url"
        value={baseUrl}
        onChange={(changed) => onChange({ ...draft, baseUrl: changed.trim() })}
      />
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <TextField
          label={t('admin.map.headerName')}
          hint={t('admin.map.headerNameHint')}
          problem={problems.get('authHeader.name')}
          dir="ltr"
          value={header.name}
          onChange={(name) => onChange({ ...draft, header: { ...header, name: name.trim() } })}
        />
        <TextField
          label={t('admin.map.headerValue')}
          hint={t('admin.map.headerValueHint', '{key}')}
          problem={problems.get('authHeader.value')}
          dir="ltr"
          value={header.value}
          onChange={(value) => onChange({ ...draft, header: { ...header, value } })}
        />
      </div>
      {ENDPOINT_NAMES.map((name) => {
        const endpoint = endpoints[name];
        return endpoint ? (
          <EndpointEditor
            key={name}
            name={name}
            endpoint={endpoint}
            problems={problems}
            onChange={(changed) => setEndpoint(name, changed)}
            onRemove={() => setEndpoint(name, undefined)}
          />
        ) : null;
      })}
      {missing.length > 0 && (
        <ul aria-label={t('admin.map.missing')} className="grid grid-cols-1 gap-1">
          {missing.map((name) => (
            <li key={name} className="flex flex-wrap items-baseline gap-x-2">
              <Button
                look="quiet"
                icon={Plus}
                className="ms-0"
                onClick={() => setEndpoint(name, { ...EMPTY, method: WRITES.has(name) ? 'POST' : 'GET' })}
              >
                {t(`admin.map.add.${name}`)}
              </Button>
              <span className="text-xs text-muted">{t(`admin.map.without.${name}`)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
