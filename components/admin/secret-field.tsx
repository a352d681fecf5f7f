import { KeyRound } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { TextField } from './text-field.tsx';

export interface SecretFieldProps {
  label: string;
  hint?: string;
  problem?: string | null;
  /** Of the stored one, empty where it is too short to show any of it; null while none is stored. */
  lastFour: string | null;
  /** What replaces it; empty: the stored one stays. */
  value: string;
  onChange(value: string): void;
}

/** A secret: pasted once, known afterwards by its last four characters, replaced but never shown. */
export function SecretField({ label, hint, problem, lastFour, value, onChange }: SecretFieldProps) {
  const [isReplacing, setIsReplacing] = useState(false);
  const id = useId();
  const isInput = lastFour === null || isReplacing || value !== '';
  if (!isInput) {
    return (
      <div className="grid gap-1">
        <span id={id} className="text-xs font-medium text-muted">
          {label}
        </span>
        <div className="flex h-8 items-center gap-3">
          <span className="inline-flex items-center gap-1.5">
            <KeyRound aria-hidden size={14} className="text-muted" />
            {lastFour ? t('admin.secret.stored', lastFour) : t('admin.secret.storedShort')}
          </span>
          <Button look="quiet" aria-label={t('admin.secret.replaceNamed', label)} onClick={() => setIsReplacing(true)}>
            {t('admin.secret.replace')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="flex items-start gap-3">
      <div className="min-w-0 flex-1">
        <TextField
          label={label}
          hint={lastFour === null ? hint : t('admin.secret.replaces')}
          problem={problem}
          type="password"
          autoComplete="new-password"
          dir="ltr"
          autoFocus={isReplacing}
          value={value}
          onChange={onChange}
        />
      </div>
      {lastFour !== null && (
        <Button
          look="quiet"
          className="mt-5"
          aria-label={t('admin.secret.keepNamed', label)}
          onClick={() => {
            setIsReplacing(false);
            onChange('');
          }}
        >
          {t('admin.secret.keep')}
        </Button>
      )}
    </div>
  );
}
