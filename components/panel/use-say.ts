import { type RefObject, useEffect, useRef, useState } from 'react';
import type { PanelState } from '../../lib/contract/messages.ts';
import { t } from '../ui/t.ts';
import { type About, named, noticeElsewhere } from './about.ts';
import type { PanelNotice } from './panel-commands.ts';

/** The notice that stands now. */
interface Standing {
  notice: PanelNotice;
  /** Whom it is about without saying so; null where it names them itself, or is about nobody. */
  about: About | null;
  /** Whoever waits for "Try again": false once that is not offered any more. */
  settle?: (goOn: boolean) => void;
}

export interface Say {
  notice: PanelNotice | null;
  announcement: string;
  announce(text: string): void;
  dismiss(): void;
  /** A notice for the page that is shown, or with the name of whom it is about where that is somebody else. */
  tell(about: About | null, notice: PanelNotice): void;
  /** Reads it out, with the name where somebody else is shown. */
  speak(about: About, text: string): void;
  /**
   * Says that there was no answer. True once "Try again" is clicked; false when that cannot be clicked any more. `barredBy` may
   * have a sentence why it cannot be tried at that moment; then it stays offered.
   */
  askAgain(about: About | null, barredBy: () => string | null): Promise<boolean>;
}

/**
 * What is said of a click, which may be about somebody who is not shown any more. A notice ends with the page that it is about, once it
 * could be seen: while the panel is closed it stays, and names whom it means from the next page on.
 */
export function useSay(shown: RefObject<PanelState | null>, isVisible: boolean, onNextPage: () => void): Say {
  const [notice, setNotice] = useState<PanelNotice | null>(null);
  const [announcement, announce] = useState('');
  const stands = useRef<Standing | null>(null);
  const key = keyIn(shown.current);
  const page = useRef(key);

  const put = (next: Standing | null) => {
    const before = stands.current;
    stands.current = next;
    setNotice(next?.notice ?? null);
    before?.settle?.(false);
  };

  const turnPage = () => {
    const kept = stands.current;
    if (!kept) return;
    if (kept.notice.outlivesPage) put({ ...kept, notice: { ...kept.notice, outlivesPage: false } });
    else if (isVisible) put(null);
    else if (kept.about) put({ about: null, notice: noticeElsewhere(kept.about, kept.notice) });
  };

  const isNext = useRef({ turnPage, onNextPage });
  isNext.current = { turnPage, onNextPage };
  useEffect(() => {
    if (key === null || page.current === key) return;
    const isFirst = page.current === null;
    page.current = key;
    if (isFirst) return;
    isNext.current.onNextPage();
    isNext.current.turnPage();
  }, [key]);

  const isShown = (about: About | null) => about === null || keyIn(shown.current) === about.key;

  const tell = (about: About | null, said: PanelNotice) => {
    if (about === null || isShown(about)) return put({ about, notice: said });
    // The next one is on their way in, and what is said on the page before does not outlive it.
    const outlivesPage = page.current !== keyIn(shown.current);
    put({ about: null, notice: { ...noticeElsewhere(about, said), outlivesPage } });
  };

  const askAgain = (about: About | null, barredBy: () => string | null): Promise<boolean> => {
    const said: PanelNotice = { tone: 'bad', text: t('panel.noAnswer'), mend: null, retry: null };
    return new Promise((settle) => {
      const retry = () => {
        const barred = barredBy();
        if (barred === null) return settle(true);
        if (barred === '') return;
        // The same notice with other words: whoever waits goes on waiting.
        const now = stands.current;
        if (!now) return;
        stands.current = { ...now, notice: { ...now.notice, text: barred } };
        setNotice(stands.current.notice);
      };
      if (isShown(about)) return put({ about, notice: { ...said, retry }, settle });
      tell(about, said);
      settle(false);
    });
  };

  return {
    notice,
    announcement,
    announce,
    dismiss: () => put(null),
    tell,
    speak: (about, text) => announce(isShown(about) ? text : named(about, text)),
    askAgain,
  };
}

function keyIn(state: PanelState | null): string | null {
  return state?.view?.kind === 'application' ? state.view.key : null;
}
