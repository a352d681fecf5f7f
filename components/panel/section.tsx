import type { ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';

export interface SectionProps {
  label?: string;
  className?: string;
  /** For one that shows a single folded line. */
  isLow?: boolean;
  children: ReactNode;
}

/** One part of the panel: hairline above, the panel's own margins. */
export function Section({ label, className, isLow = false, children }: SectionProps) {
  return (
    <section
      aria-label={label}
      className={classNames('border-t border-line px-3 first:border-t-0', isLow ? 'py-1.5' : 'py-3', className)}
    >
      {children}
    </section>
  );
}
