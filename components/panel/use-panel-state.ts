import { type Dispatch, type SetStateAction, useCallback, useEffect, useRef, useState } from 'react';
import type { PanelState } from '../../lib/contract/messages.ts';
import type { ConnectPush, PanelBackend } from './backend.ts';
import { newerState } from './newer-state.ts';

export interface UsePanelStateInput {
  backend: PanelBackend;
  push: ConnectPush;
  onFocus(): void;
}

export interface PanelStateHandle {
  /** Null until the first answer. */
  state: PanelState | null;
  /** True when the background does not answer: the extension was updated under the page. */
  isCutOff: boolean;
  update: Dispatch<SetStateAction<PanelState | null>>;
  /** Asks for one of several applications of the person on the page. */
  choose(applicationId: string): void;
}

/**
 * What the background knows about the page, kept current by its pushes. No query library: the background already caches,
 * refetches and pushes, so that one state and a version check are all that is left to do here.
 */
export function usePanelState({ backend, push, onFocus }: UsePanelStateInput): PanelStateHandle {
  const [state, setState] = useState<PanelState | null>(null);
  const [isCutOff, setIsCutOff] = useState(false);
  const port = useRef<ReturnType<ConnectPush>>(undefined);
  const focus = useRef(onFocus);
  focus.current = onFocus;

  const accept = useCallback((next: PanelState) => {
    setIsCutOff(false);
    setState((shown) => newerState(shown, next));
  }, []);
  const ask = useCallback(
    (chosenApplicationId?: string) =>
      backend.getPanelState(chosenApplicationId ? { chosenApplicationId } : {}).then(accept, () => setIsCutOff(true)),
    [backend, accept],
  );

  useEffect(() => {
    let isClosed = false;
    const opened = push(
      (message) => {
        if (isClosed) return;
        if (message.type === 'state') accept(message.state);
        else focus.current();
      },
      () => void ask(),
    );
    port.current = opened;
    return () => {
      isClosed = true;
      opened.close();
    };
  }, [push, ask, accept]);

  const choose = useCallback(
    (applicationId: string) => {
      port.current?.choose(applicationId);
      void ask(applicationId);
    },
    [ask],
  );
  return { state, isCutOff, update: setState, choose };
}
