import { type ReactNode, useId } from 'react';
import { DisclosureButton } from './disclosure-button.tsx';

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
    <div className="grid grid-cols-1 gap-2">
      <DisclosureButton label={label} isOpen={isOpen} controls={id} onToggle={onToggle} />
      {isOpen && <div id={id}>{children}</div>}
    </div>
  );
}
