import { type KeyboardEvent, useRef, useState } from 'react';
import { type ComboboxOption, filterOptions } from './filter-options.ts';

export interface UseComboboxInput {
  options: ComboboxOption[];
  value: string | null;
  onChange(id: string): void;
}

/**
 * The behaviour of a combobox with a list that filters while typing (WAI-ARIA Authoring Practices, "combobox, list
 * autocomplete": https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). The arrow keys also reach options that cannot be chosen, so that
 * a screen reader can say why.
 *
 * Hand-written because the headless libraries do not fit the panel's 100 kB: with Base UI's combobox React alone comes to 131 kB gzip.
 */
export function useCombobox({ options, value, onChange }: UseComboboxInput) {
  const input = useRef<HTMLInputElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const [activeId, setActiveId] = useState<string | null>(null);
  const chosen = options.find((option) => option.id === value) ?? null;
  const shown = filterOptions(options, typed ?? '');
  const active = shown.find((option) => option.id === activeId) ?? null;

  const open = () => {
    setIsOpen(true);
    setActiveId(value);
  };
  const close = () => {
    setIsOpen(false);
    setTyped(null);
    setActiveId(null);
  };
  const choose = (option: ComboboxOption) => {
    if (option.unusableBecause) return;
    onChange(option.id);
    close();
  };
  const type = (text: string) => {
    setTyped(text);
    setIsOpen(true);
    const found = filterOptions(options, text);
    setActiveId((found.find((option) => !option.unusableBecause) ?? found[0])?.id ?? null);
  };
  const step = (by: 1 | -1) => {
    if (!isOpen) return open();
    const at = active ? shown.indexOf(active) : by > 0 ? -1 : shown.length;
    setActiveId(shown[(at + by + shown.length) % shown.length]?.id ?? null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      step(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      if (active) choose(active);
    } else if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      close();
    }
  };

  return { input, isOpen, typed, chosen, shown, active, open, close, choose, type, onKeyDown };
}
