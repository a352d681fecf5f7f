import { type ReactNode, useId } from 'react';

export const INPUT_LOOK =
  'w-full rounded-md border border-edge bg-surface px-2 py-1 text-base text-ink placeholder:text-muted ' +
  'aria-invalid:border-bad focus-visible:outline-offset-0';

export interface FieldProps {
  label: string;
  /** What it is for, or what happens to it. */
  hint?: string;
  /** What is wrong with it; shown in place of the hint. */
  problem?: string | null;
  children: (control: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }) => ReactNode;
}

/** A label, one control and the sentence below it, tied together for screen readers. */
export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  const below = problem ?? hint;
  return (
    <div className="grid grid-cols-1 gap-1">
      <label htmlFor={id} className="text-xs font-medium text-muted">
        {label}
      </label>
      {children({ id, 'aria-describedby': below ? `${id}-below` : undefined, 'aria-invalid': problem ? true : undefined })}
      {below && (
        <p id={`${id}-below`} className={problem ? 'text-xs text-bad' : 'text-xs text-muted'}>
          {below}
        </p>
      )}
    </div>
  );
}
