import { useId } from 'react';
import { classNames } from '../ui/class-names.ts';
import { t } from '../ui/t.ts';

export interface SwitchRowProps {
  label: string;
  hint: string;
  isOn: boolean;
  onChange(isOn: boolean): void;
}

/** Something that happens by itself, or does not: its name, what it does, and a switch with its state as a word. */
export function SwitchRow({ label, hint, isOn, onChange }: SwitchRowProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-4">
      <div className="grid min-w-0 flex-1 gap-0.5">
        <span id={id} className="font-medium">
          {label}
        </span>
        <span id={`${id}-hint`} className="max-w-[60ch] text-xs text-muted">
          {hint}
        </span>
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        aria-labelledby={id}
        aria-describedby={`${id}-hint`}
        onClick={() => onChange(!isOn)}
        className="flex shrink-0 items-center gap-2 rounded-md text-xs text-muted"
      >
        <span aria-hidden className="w-5 text-end">
          {isOn ? t('admin.switch.on') : t('admin.switch.off')}
        </span>
        <span
          aria-hidden
          className={classNames(
            'flex h-5 w-9 items-center rounded-full border p-0.5 motion-safe:transition-colors',
            isOn ? 'justify-end border-accent bg-accent' : 'border-edge bg-surface',
          )}
        >
          <span className={classNames('size-3.5 rounded-full', isOn ? 'bg-on-accent' : 'bg-edge')} />
        </span>
      </button>
    </div>
  );
}
