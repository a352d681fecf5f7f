import { useEffect, useState } from 'react';
import type { ChangeChoices } from '../../lib/contract/panel.ts';
import type { ChangeKind } from '../../lib/domain/application-change.ts';
import type { ChoosingKind } from './panel-commands.ts';
import { usePanel } from './panel-context.ts';

/** What there is to choose for a change, asked for when its question opens. `answer`: a sentence where it cannot be had, null while asked. */
export function useChangeChoices(applicationKey: string, kind: ChangeKind) {
  const { commands } = usePanel();
  const [answer, setAnswer] = useState<ChangeChoices | string | null>(null);
  const [tries, setTries] = useState(0);
  const isNeeded = isChoosing(kind);
  const { choicesFor } = commands;

  // Asked once for each question, and again when somebody says so.
  useEffect(() => {
    if (!isChoosing(kind)) return;
    let isWanted = true;
    void choicesFor(applicationKey, kind).then((heard) => isWanted && setAnswer(heard));
    return () => {
      isWanted = false;
    };
  }, [applicationKey, kind, tries]);

  const again = () => {
    setAnswer(null);
    setTries(tries + 1);
  };
  return { isNeeded, answer, again };
}

function isChoosing(kind: ChangeKind): kind is ChoosingKind {
  return kind === 'transfer' || kind === 'reject' || kind === 'hire';
}
