import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

export interface DisclosureProps {
  label: string;
  isOpen: boolean;
  onToggle(isOpen: boolean): void;
  children: ReactNode;
}

/** More of the same, folded away behind its name. */
export function Disclosure({ label, isOpen, onToggle, children }: DisclosureProps) {
  const id = useId();
  return (
    <div className="grid gap-2">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => onToggle(!isOpen)}
        className="-mx-1.5 inline-flex h-7 items-center gap-1 justify-self-start rounded-md px-1.5 font-medium text-accent hover:bg-accent-soft"
      >
        <ChevronRight
          aria-hidden
          size={14}
          className={classNames('motion-safe:transition-transform', isOpen ? 'rotate-90' : 'rtl:rotate-180')}
        />
        {label}
      </button>
      {isOpen && <div id={id}>{children}</div>}
    </div>
  );
}
