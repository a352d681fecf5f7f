import type { OutboxItem, Refusal } from '../../lib/contract/messages.ts';
import type {
  ChangeChoices,
  ChangeCommand,
  CommandAnswer,
  EnterResultCommand,
  ExtraTime,
  OutsideFound,
  PanelView,
  SendCommand,
} from '../../lib/contract/panel.ts';
import type { FollowUpWish } from './follow-ups.ts';

export type Mend = NonNullable<CommandAnswer['mend']>;
export type ApplicationView = Extract<PanelView, { kind: 'application' }>;
/** Changes that take a choice from what the ATS lists. */
export type ChoosingKind = 'transfer' | 'reject' | 'hire';
export type Answer = CommandAnswer | Refusal;

/** What every command carries; made anew for each click and kept when the same click is tried again. */
export interface ClickStamp {
  actionId: string;
  applicationKey: string;
  clickedAt: string;
}

export type SendChoice = Pick<SendCommand, 'assessmentId' | 'email' | 'onlyTag' | 'retake' | 'options'>;
export type EnteredResult = Omit<EnterResultCommand, 'page' | keyof ClickStamp | 'invitationId'>;

/** A sentence above the content: what could not be done, and what can be done about it. */
export interface PanelNotice {
  tone: 'info' | 'warn' | 'bad';
  text: string;
  mend: Mend | null;
  /** The same click once more, under the same action id: whoever waits for the first answer gets this one. */
  retry: (() => void) | null;
  /** "The page has moved on" is said about the candidate before: it stays when the next one appears, once. */
  outlivesPage?: boolean;
  /** The kept click that would say the same, as it is kept now: the list leaves it out while this stands. */
  says?: Pick<OutboxItem, 'actionId' | 'needsConfirmation'>;
}

/** A send that was clicked and not yet answered: shown as held at once, since Undo is safe either way. */
export interface JustClicked {
  assessmentId: string;
  dueAtMs: number;
  wantsUndo: boolean;
}

/** Everything a click in the panel can do. `busy` names the button that waits for its answer. */
export interface PanelCommands {
  busy: string | null;
  notice: PanelNotice | null;
  announcement: string;
  justClicked: JustClicked | null;
  dismissNotice(): void;
  /** False when it did not begin, which was said where it is not a second click on the same. */
  send(choice: SendChoice): boolean;
  /**
   * One after the other, each held, undone and answered by itself; all for the one who is shown at the click. Ends at the first
   * that is refused, and says which were not sent. False when it did not begin.
   */
  sendAll(choices: readonly SendChoice[]): boolean;
  undo(invitationId: string): void;
  /** Takes back the send that has no answer yet; the background carries that on, whatever becomes of the panel. */
  undoJustClicked(): void;
  cancel(invitationId: string): void;
  sendAgain(invitationId: string): void;
  markSent(invitationId: string): void;
  closeReview(invitationId: string): void;
  /** Null when it could not be had; the notice says why. */
  findOutside(assessmentId: string): Promise<OutsideFound | null>;
  /** True when it was taken. */
  attach(assessmentId: string, ref: string): Promise<boolean>;
  enterResult(invitationId: string, result: EnteredResult): Promise<boolean>;
  move(toStageId: string): void;
  /** True when it was taken. */
  change(change: ChangeCommand['change']): Promise<boolean>;
  /** Sent again, another deadline or address, extra time; the last also without an invitation, beforehand. True when it was taken. */
  followUp(invitationId: string | null, wish: FollowUpWish): Promise<boolean>;
  /** Extra time of the invited person as it is set now, or a sentence why it cannot be had. */
  extraTimeOf(invitationId: string | null): Promise<ExtraTime | string>;
  /** What there is to choose, or a sentence why it cannot be had. */
  choicesFor(applicationKey: string, change: ChoosingKind): Promise<ChangeChoices | string>;
  checkAgain(): void;
  /** The link, or null when it could not be had (the notice says why). */
  copyLink(invitationId: string): Promise<string | null>;
  resolveOutbox(actionId: string, decision: 'send' | 'discard'): void;
  openOptions(section?: string): void;
  announce(text: string): void;
}
