import { useRef, useState } from 'react';
import { t } from '../ui/t.ts';
import type { About } from './about.ts';
import { busyWord } from './busy-words.ts';
import type { Say } from './use-say.ts';

/** Something that was clicked and has no answer yet. */
export interface Doing {
  /** The button that waits for it. */
  name: string;
  /** Commands go one at a time. A way back waits for nothing, and a question neither waits nor bars anything. */
  kind: 'command' | 'way back' | 'question';
  /** Two clicks of which the second means nothing: a double click. The name, where it says enough. */
  sameAs?: string;
  /** True once nobody wants it any more: then it is not offered again when it gets no answer. */
  isOver?(): boolean;
}

export interface Guard {
  busy: string | null;
  /** True when it can begin now. Otherwise it was said why, unless it is what is under way already. */
  mayBegin(doing: Doing): boolean;
  /**
   * One call with its busy sign. A call that gets no answer is offered again, and whoever waits for this gets the answer of then. Null when it
   * could not begin, or nobody tried again.
   */
  guard<Result>(doing: Doing, about: About | null, call: () => Promise<Result>): Promise<Result | null>;
  /** It bars nothing any more, though its answer is still to come. */
  release(doing: Doing): void;
}

/** Lets one command through at a time, and loses no click in silence. */
export function useGuard(say: Say): Guard {
  const [busy, setBusy] = useState<string | null>(null);
  // Read at the time of the click: two clicks may come before React has drawn the first one's state.
  const underWay = useRef<Doing[]>([]);

  const change = (next: Doing[]) => {
    underWay.current = next;
    setBusy(next.at(-1)?.name ?? null);
  };
  const release = (doing: Doing) => change(underWay.current.filter((each) => each !== doing));

  /** Null when nothing bars it, else the sentence; empty for a double click. */
  const barredBy = (doing: Doing): string | null => {
    if (underWay.current.some((each) => sameAs(each) === sameAs(doing))) return '';
    const other = doing.kind === 'command' && underWay.current.find(({ kind }) => kind !== 'question');
    return other ? t('panel.stillWorking', busyWord(other.name)) : null;
  };

  const mayBegin = (doing: Doing): boolean => {
    const text = barredBy(doing);
    if (text) say.tell(null, { tone: 'warn', text, mend: null, retry: null });
    return text === null;
  };

  const guard = async <Result>(doing: Doing, about: About | null, call: () => Promise<Result>): Promise<Result | null> => {
    do {
      if (!mayBegin(doing)) return null;
      change([...underWay.current, doing]);
      say.dismiss();
      try {
        return await call();
      } catch (error) {
        console.error('the background did not answer', error);
      } finally {
        release(doing);
      }
    } while (!doing.isOver?.() && (await say.askAgain(about, () => barredBy(doing))));
    return null;
  };

  return { busy, mayBegin, guard, release };
}

function sameAs({ name, sameAs = name }: Doing): string {
  return sameAs;
}
