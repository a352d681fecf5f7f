import { useState } from 'react';
import { Disclosure } from '../ui/disclosure.tsx';
import { Field, INPUT_LOOK } from '../ui/field.tsx';
import { t } from '../ui/t.ts';

/** Only shows the shape: the host cannot exist, and no path is claimed to be Coderbyte's. */
const EXAMPLE = `{
  "baseUrl": "https://api.vendor.example",
  "authHeader": { "name": "Authorization", "value": "Bearer {key}" },
  "endpoints": {
    "invite": {
      "method": "POST",
      "path": "/path/from/the/documentation/{assessmentId}",
      "body": { "email": "{email}" },
      "fields": { "id": "data.id", "link": "data.url" }
    }
  }
}`;

export interface EndpointMapFieldProps {
  label: string;
  hint?: string;
  problem?: string | null;
  value: string;
  onChange(value: string): void;
}

/** The paths of a vendor whose API is not public, as JSON, checked while it is typed. */
export function EndpointMapField({ label, hint, problem, value, onChange }: EndpointMapFieldProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="grid grid-cols-1 gap-1">
      <Field label={label} hint={hint} problem={problem}>
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
      <Disclosure label={t('admin.map.how')} isOpen={isOpen} onToggle={setIsOpen}>
        <div className="grid grid-cols-1 gap-2 text-xs text-muted">
          <p>{t('admin.map.endpoints')}</p>
          <p>{t('admin.map.gaps')}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to reach what scrolls. */}
          <pre tabIndex={0} dir="ltr" className="overflow-x-auto rounded-md bg-sunken p-2 font-mono">
            {EXAMPLE}
          </pre>
        </div>
      </Disclosure>
    </div>
  );
}
