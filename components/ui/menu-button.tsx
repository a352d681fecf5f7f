import type { LucideIcon } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react';
import { IconButton } from './icon-button.tsx';

export interface MenuItem {
  label: string;
  icon: LucideIcon;
  onSelect(): void;
}

export interface MenuButtonProps {
  icon: LucideIcon;
  label: string;
  items: MenuItem[];
  /** Shown below the items, e.g. who is connected. */
  footer?: ReactNode;
  /** The button itself, to give it the focus back. */
  ref?: Ref<HTMLButtonElement>;
}

/**
 * A few seldom used actions behind one button: a disclosure of plain buttons, which Tab reaches in order. Escape and a click
 * elsewhere close it; Escape gives the focus back to the button.
 */
export function MenuButton({ icon, label, items, footer, ref }: MenuButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const listId = useId();

  useEffect(() => {
    if (!isOpen) return;
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setIsOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, [isOpen]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    setIsOpen(false);
    box.current?.querySelector('button')?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens for Escape on its way up from the buttons inside.
    <div ref={box} className="relative" onKeyDown={onKeyDown}>
      <IconButton
        ref={ref}
        icon={icon}
        label={label}
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        onClick={() => setIsOpen(!isOpen)}
      />
      {isOpen && (
        <div
          id={listId}
          data-overlay
          className="absolute end-0 top-8 z-20 w-56 max-w-[calc(100vw-5.5rem)] rounded-md border border-edge bg-surface p-1"
        >
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              className="flex w-full items-center gap-2 rounded-sm px-2 py-1.5 text-start break-words hover:bg-hover focus-visible:outline-offset-0"
              onClick={() => {
                setIsOpen(false);
                item.onSelect();
              }}
            >
              <item.icon aria-hidden size={14} className="shrink-0 text-muted" />
              {item.label}
            </button>
          ))}
          {footer && <div className="mt-1 border-t border-line px-2 pt-1.5 pb-1 text-xs text-muted">{footer}</div>}
        </div>
      )}
    </div>
  );
}
