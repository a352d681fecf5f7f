import { ChevronRight } from 'lucide-react';
import { classNames } from './class-names.ts';

export interface DisclosureButtonProps {
  label: string;
  isOpen: boolean;
  /** Of what it unfolds. */
  controls: string;
  onToggle(isOpen: boolean): void;
}

/** Unfolds more of the same; the arrow turns, and screen readers hear "expanded". */
export function DisclosureButton({ label, isOpen, controls, onToggle }: DisclosureButtonProps) {
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls={isOpen ? controls : undefined}
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
  );
}
