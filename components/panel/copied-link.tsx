import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { INPUT_LOOK } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { t } from '../ui/t.ts';
import { usePanel } from './panel-context.ts';

export interface CopiedLinkProps {
  link: string;
  onClose(): void;
}

/**
 * The candidate's personal link, in the clipboard and on the screen until it is put away. Where the page forbids the
 * clipboard to frames the link is selected, ready for the keyboard.
 */
export function CopiedLink({ link, onClose }: CopiedLinkProps) {
  const { commands } = usePanel();
  const field = useRef<HTMLInputElement>(null);
  const [isCopied, setIsCopied] = useState<boolean | null>(null);
  const announce = useRef(commands.announce);
  announce.current = commands.announce;

  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.select();
    void copyText(link).then((done) => {
      setIsCopied(done);
      if (done) announce.current(t('panel.copyLink.copied'));
    });
  }, [link]);

  return (
    <div className="grid grid-cols-1 gap-1">
      <div className="flex items-center gap-1">
        <input
          ref={field}
          readOnly
          aria-label={t('panel.copyLink.label')}
          value={link}
          className={`${INPUT_LOOK} h-8 truncate`}
        />
        <IconButton icon={X} label={t('panel.copyLink.close')} onClick={onClose} />
      </div>
      {isCopied !== null && (
        <p className="text-xs text-muted">{isCopied ? t('panel.copyLink.copied') : t('panel.copyLink.byHand')}</p>
      )}
    </div>
  );
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The page's permissions policy may keep the clipboard from frames; the older way copies the selected field.
    return document.execCommand?.('copy') ?? false;
  }
}
