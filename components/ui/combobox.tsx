import { Check, ChevronDown } from 'lucide-react';
import { type Ref, useEffect, useId, useImperativeHandle, useRef } from 'react';
import { classNames } from './class-names.ts';
import { INPUT_LOOK } from './field.tsx';
import type { ComboboxOption } from './filter-options.ts';
import { useCombobox } from './use-combobox.ts';

export interface ComboboxProps {
  label: string;
  options: ComboboxOption[];
  value: string | null;
  onChange(id: string): void;
  placeholder: string;
  /** Shown when nothing fits what was typed. */
  emptyText: string;
  ref?: Ref<HTMLInputElement>;
}

/** Choose one of many: type to search, arrow keys, Enter; unusable options stay visible with their reason. */
export function Combobox({ label, options, value, onChange, placeholder, emptyText, ref }: ComboboxProps) {
  const box = useCombobox({ options, value, onChange });
  const id = useId();
  const listId = `${id}-list`;
  useImperativeHandle(ref, () => box.input.current as HTMLInputElement);
  const chosenDetail = box.typed === null ? box.chosen?.detail : undefined;

  return (
    <div className="grid grid-cols-1 gap-1">
      <label htmlFor={id} className="text-xs font-medium text-muted">
        {label}
      </label>
      <div className="relative">
        <input
          ref={box.input}
          id={id}
          role="combobox"
          type="text"
          dir="auto"
          autoComplete="off"
          spellCheck={false}
          aria-autocomplete="list"
          aria-expanded={box.isOpen}
          aria-controls={listId}
          aria-activedescendant={box.isOpen && box.active ? `${id}-${box.active.id}` : undefined}
          placeholder={placeholder}
          value={box.typed ?? box.chosen?.label ?? ''}
          onChange={(event) => box.type(event.target.value)}
          onClick={box.open}
          onFocus={(event) => event.target.select()}
          onBlur={box.close}
          onKeyDown={box.onKeyDown}
          className={classNames(INPUT_LOOK, 'h-9 truncate', chosenDetail ? 'pe-[45%]' : 'pe-8')}
        />
        <span className="pointer-events-none absolute inset-y-0 end-2 flex max-w-[42%] items-center gap-2 text-muted">
          {chosenDetail && <span className="truncate text-xs">{chosenDetail}</span>}
          <ChevronDown aria-hidden size={14} className="shrink-0" />
        </span>
        {box.isOpen && (
          <div data-overlay className="absolute inset-x-0 top-10 z-10 rounded-md border border-edge bg-surface">
            {box.shown.length === 0 && <p className="p-2 text-muted">{emptyText}</p>}
            <div
              id={listId}
              role="listbox"
              aria-label={label}
              className={classNames('max-h-60 overflow-y-auto overscroll-contain', box.shown.length > 0 && 'p-1')}
            >
              {box.shown.map((option) => (
                <Option
                  key={option.id}
                  id={`${id}-${option.id}`}
                  option={option}
                  isChosen={option.id === value}
                  isActive={option === box.active}
                  onChoose={() => box.choose(option)}
                />
              ))}
            </div>
          </div>
        )}
      </div>
    </div>
  );
}

interface OptionProps {
  id: string;
  option: ComboboxOption;
  isChosen: boolean;
  isActive: boolean;
  onChoose(): void;
}

function Option({ id, option, isChosen, isActive, onChoose }: OptionProps) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) line.current?.scrollIntoView?.({ block: 'nearest' });
  }, [isActive]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input; aria-activedescendant names the option.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the input takes the keys.
    <div
      ref={line}
      id={id}
      role="option"
      aria-selected={isChosen}
      aria-disabled={option.unusableBecause ? true : undefined}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className={classNames(
        'grid grid-cols-[1rem_minmax(0,1fr)_auto] items-baseline gap-x-1.5 rounded-sm px-1.5 py-1',
        isActive && 'bg-hover',
        option.unusableBecause ? 'text-muted' : 'hover:bg-hover',
      )}
    >
      <span className="self-center text-accent">{isChosen && <Check aria-hidden size={14} />}</span>
      <span dir="auto" className="truncate">
        {option.label}
      </span>
      <span className="text-xs text-muted">{option.marker}</span>
      <span className="col-span-2 col-start-2 text-xs text-muted">
        {[option.detail, option.unusableBecause].filter(Boolean).join(' · ')}
      </span>
    </div>
  );
}
