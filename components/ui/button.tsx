import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const SHAPE =
  'inline-flex items-center justify-center gap-1.5 rounded-md font-medium select-none motion-safe:transition-colors ' +
  'disabled:cursor-default aria-disabled:cursor-default';

const LOOKS = {
  /** At most one on a screen. */
  primary:
    'h-8 px-3 bg-accent text-on-accent hover:bg-accent-strong aria-disabled:bg-hover aria-disabled:text-muted disabled:bg-hover disabled:text-muted',
  secondary:
    'h-8 px-3 border border-edge bg-surface text-ink hover:bg-hover aria-disabled:text-muted aria-disabled:hover:bg-surface disabled:text-muted',
  /** Looks like a link until the mouse comes near. */
  quiet: '-mx-1.5 h-7 px-1.5 text-accent hover:bg-accent-soft aria-disabled:text-muted disabled:text-muted',
  danger: 'h-8 px-3 border border-bad bg-surface text-bad hover:bg-bad-soft disabled:text-muted',
} as const;

export interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof LOOKS;
  icon?: LucideIcon;
  /** Something is on its way: further clicks do nothing, focus stays. */
  isBusy?: boolean;
}

/** A button with words; `isBusy` keeps it focusable so that keyboard users do not lose their place. */
export function Button({ look = 'secondary', icon: Icon, isBusy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={isBusy || rest['aria-disabled'] || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      className={classNames(SHAPE, LOOKS[look], className)}
    >
      {Icon && <Icon aria-hidden size={14} strokeWidth={2} className="shrink-0" />}
      {children}
    </button>
  );
}
