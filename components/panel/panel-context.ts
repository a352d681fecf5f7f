import { createContext, useContext } from 'react';
import type { ChangeKind } from '../../lib/domain/application-change.ts';
import type { PanelCommands } from './panel-commands.ts';

export interface PanelContextValue {
  /** Where notices stand; null for the moment before it is there. */
  foot: HTMLElement | null;
  commands: PanelCommands;
  /** How far the server's clock is ahead of the browser's. */
  serverLeadMs: number;
  mayAdminister: boolean;
  isOffline: boolean;
  /** Sends it, or opens the form where something is missing. Null takes what the form holds. */
  sendNow(assessmentId: string | null): void;
  /** Opens the question of a change. */
  openChange(kind: ChangeKind): void;
  /** Puts this assessment into the send form and the focus on it. Null takes what is there. */
  prepareSend(assessmentId: string | null, focusOn: 'email' | 'picker'): void;
}

export const PanelContext = createContext<PanelContextValue | null>(null);

/** The panel's commands and facts, below PanelApp. Throws elsewhere: that is a mistake in our code. */
export function usePanel(): PanelContextValue {
  const value = useContext(PanelContext);
  if (!value) throw new Error('usePanel needs a PanelContext above it');
  return value;
}
