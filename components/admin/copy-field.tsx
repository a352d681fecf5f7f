import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { INPUT_LOOK } from '../ui/field.tsx';
import { t } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';

const SAY_COPIED_FOR_MS = 2500;

export interface CopyFieldProps {
  /** What it is, for screen readers. */
  label: string;
  text: string;
}

/** Text to be taken elsewhere, with a button that copies it; selected where the clipboard is closed to us. */
export function CopyField({ label, text }: CopyFieldProps) {
  const { announce } = useAdmin();
  const field = useRef<HTMLInputElement>(null);
  const [isCopied, setIsCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SAY_COPIED_FOR_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
      announce(t('admin.copy.copied'));
    } catch {
      // The browser keeps the clipboard closed: the text is selected, so that the keyboard can take it.
      announce(t('admin.copy.byHand'));
    }
  };
  return (
    <div className="flex items-center gap-2">
      <input
        ref={field}
        readOnly
        dir="ltr"
        aria-label={label}
        value={text}
        onFocus={(event) => event.target.select()}
        className={`${INPUT_LOOK} h-8 min-w-0 flex-1 truncate bg-sunken font-mono text-xs`}
      />
      <Button icon={isCopied ? Check : Copy} aria-label={t('admin.copy.named', label)} onClick={() => void copy()}>
        {isCopied ? t('admin.copy.done') : t('admin.copy.copy')}
      </Button>
    </div>
  );
}
