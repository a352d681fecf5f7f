import type { BackgroundProtocol, FrameMessage, PanelPush } from '../../lib/contract/messages.ts';
import type { AtsKind } from '../../lib/domain/ats.ts';

type PanelMessage =
  | 'getPanelState'
  | 'send'
  | 'sendAll'
  | 'undo'
  | 'takeBack'
  | 'cancelInvitation'
  | 'sendAgain'
  | 'markSent'
  | 'closeReview'
  | 'attach'
  | 'findOutside'
  | 'enterResult'
  | 'move'
  | 'change'
  | 'getChoices'
  | 'resend'
  | 'extend'
  | 'setExtraTime'
  | 'correctEmail'
  | 'getExtraTime'
  | 'checkAgain'
  | 'copyLink'
  | 'resolveOutbox'
  | 'openOptions';

/** What the panel asks the background. A refusal is an answer; a rejected promise means that the background cannot be reached. */
export type PanelBackend = {
  [Name in PanelMessage]: (...args: Parameters<BackgroundProtocol[Name]>) => Promise<ReturnType<BackgroundProtocol[Name]>>;
};

/** Opens the line for live updates. `onConnect` is called after each connection, so that what was missed can be asked for. */
export type ConnectPush = (
  onPush: (push: PanelPush) => void,
  onConnect: () => void,
) => { choose(applicationId: string): void; close(): void };

/** Where on the page the panel sits and whether it is open. `top` in CSS pixels from the window's upper edge. */
export interface Placement {
  isOpen: boolean;
  side: 'left' | 'right';
  top: number;
}

/** Remembers the placement per ATS and tells the page's frame about it. */
export interface PanelPlace {
  load(ats: AtsKind): Promise<Placement | null>;
  save(ats: AtsKind, placement: Placement): Promise<void>;
  /** Size, position and "focus back to the page", for the content script that holds the frame. */
  tellFrame(message: FrameMessage): void;
}
