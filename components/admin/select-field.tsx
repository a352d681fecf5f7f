import { classNames } from '../ui/class-names.ts';
import { Field, INPUT_LOOK } from '../ui/field.tsx';

export interface SelectFieldProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange(value: string): void;
  hint?: string;
  problem?: string | null;
}

/** One of a few. */
export function SelectField({ label, value, options, onChange, hint, problem }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(control) => (
        <select
          {...control}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={classNames(INPUT_LOOK, 'h-8')}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
