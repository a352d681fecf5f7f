import type { ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';

/** One part of the panel: hairline above, the panel's own margins. */
export function Section({ label, className, children }: { label?: string; className?: string; children: ReactNode }) {
  return (
    <section aria-label={label} className={classNames('border-t border-line px-3 py-3 first:border-t-0', className)}>
      {children}
    </section>
  );
}
