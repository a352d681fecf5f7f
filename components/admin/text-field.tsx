import type { ComponentProps } from 'react';
import { classNames } from '../ui/class-names.ts';
import { Field, INPUT_LOOK } from '../ui/field.tsx';

export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  label: string;
  value: string;
  onChange(value: string): void;
  hint?: string;
  problem?: string | null;
  /** Stands behind the input: seconds, days. */
  unit?: string;
}

/** One line of text, or a number with its unit. */
export function TextField({ label, hint, problem, unit, value, onChange, className, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(control) => (
        <span className="flex items-center gap-2">
          <input
            type="text"
            autoComplete="off"
            spellCheck={false}
            dir="auto"
            {...rest}
            {...control}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            className={classNames(INPUT_LOOK, 'h-8', unit && 'max-w-24 tabular-nums', className)}
          />
          {unit && <span className="text-muted">{unit}</span>}
        </span>
      )}
    </Field>
  );
}
