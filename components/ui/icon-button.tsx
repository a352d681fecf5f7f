import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

export interface IconButtonProps extends ComponentProps<'button'> {
  icon: LucideIcon;
  /** What it does, for screen readers and on hover. */
  label: string;
}

/** A button that shows a picture alone; the words are its label. */
export function IconButton({ icon: Icon, label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classNames(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted motion-safe:transition-colors hover:bg-hover hover:text-ink',
        className,
      )}
    >
      <Icon aria-hidden size={16} strokeWidth={2} />
    </button>
  );
}
