import type { AtsKind } from '../domain/ats.ts';
import type { CandidateReference } from '../domain/candidate-reference.ts';
import type { Member } from '../domain/member.ts';
import type { ErrorCode } from './error.ts';
import type {
  AttachCommand,
  ChangeChoices,
  ChangeCommand,
  CommandAnswer,
  CorrectEmailCommand,
  EnterResultCommand,
  ExtendCommand,
  ExtraTime,
  ExtraTimeCommand,
  FindOutside,
  InvitationCommand,
  MoveCommand,
  OutsideFound,
  PanelView,
  SendCommand,
  TakeBackCommand,
  Waiting,
} from './panel.ts';

/**
 * What the extension's own pages may ask the background. None of it is answered to a content script: the background checks
 * the sender's origin. Types only, so that this may be imported anywhere without weight.
 */

/** Everything the panel shows, with how fresh it is. */
export interface PanelState {
  link: LinkState;
  /** Read from the tab's own address by the background. Null: this page shows no candidate, or more than one. */
  page: CandidateReference | null;
  /** The address does not name `page`, the document does (Application Review): buttons that act name the person. */
  isHint: boolean;
  /** At which ATS the page names two candidates at once. Then nothing is shown and nothing can be done. */
  contradiction: AtsKind | null;
  view: PanelView | null;
  /** When `view` was fetched; older than this session means it is the last known copy. ISO 8601. */
  viewAt: string | null;
  /** True while `view` is the last known copy and no fresh one could be had. */
  stale: boolean;
  member: Member | null;
  /** Clicks that wait for the server to be reachable again. */
  outbox: OutboxItem[];
  /** The last thing that could not be done, as a sentence. */
  trouble: { code: ErrorCode | 'offline' | 'revoked' | 'server-outdated'; text: string } | null;
}

export type LinkState = 'live' | 'offline' | 'not-connected' | 'connecting';

export interface OutboxItem {
  actionId: string;
  applicationKey: string;
  /** A send is discarded by taking it back: the server may have it although its answer was lost. A way back is not discarded at all. */
  kind: 'send' | 'way back' | 'other';
  text: string;
  clickedAt: string;
  /** Older than an hour when the server came back, or refused: asks again instead of sending. */
  needsConfirmation: boolean;
}

/** Commands as the panel gives them; the background adds the page from the tab's own address. */
export type Ask<Command> = Omit<Command, 'page'>;

/** Several sends of one click. */
export interface SendAllCommand {
  applicationKey: string;
  clickedAt: string;
  sends: Omit<Ask<SendCommand>, 'applicationKey' | 'clickedAt'>[];
}

export interface BackgroundProtocol {
  getPanelState(message: { chosenApplicationId?: string }): PanelState;
  send(command: Ask<SendCommand>): CommandAnswer | Refusal;
  /** Answered in the same order. The first that is refused is the last; the page is looked at once, for all of them. */
  sendAll(command: SendAllCommand): (CommandAnswer | Refusal)[];
  undo(command: Ask<InvitationCommand>): CommandAnswer | Refusal;
  /**
   * Takes back a send, whatever has become of it: kept here, on its way, taken, or its answer lost. From the moment of this message on it
   * is carried by the background, through page loads and restarts, until the server has decided it; `queued` or `pending` until then. What
   * the server would not do stays in the list under this action id, with the reason, until it is discarded. The same id may be given again.
   */
  takeBack(command: Ask<TakeBackCommand>): CommandAnswer | Refusal;
  cancelInvitation(command: Ask<InvitationCommand>): CommandAnswer | Refusal;
  sendAgain(command: Ask<InvitationCommand>): CommandAnswer | Refusal;
  /** The recruiter looked at the vendor: it was sent. */
  markSent(command: Ask<InvitationCommand>): CommandAnswer | Refusal;
  /** Somebody has looked at what was done by itself on an older result. */
  closeReview(command: Ask<InvitationCommand>): CommandAnswer | Refusal;
  enterResult(command: Ask<EnterResultCommand>): CommandAnswer | Refusal;
  move(command: Ask<MoveCommand>): CommandAnswer | Refusal;
  /** Next stage, another job, reject or archive, bring back, hire. */
  change(command: Ask<ChangeCommand>): CommandAnswer | Refusal;
  /** The same invitation once more, to the same address. */
  resend(command: Ask<InvitationCommand>): CommandAnswer | Refusal;
  extend(command: Ask<ExtendCommand>): CommandAnswer | Refusal;
  setExtraTime(command: Ask<ExtraTimeCommand>): CommandAnswer | Refusal;
  correctEmail(command: Ask<CorrectEmailCommand>): CommandAnswer | Refusal;
  /** Extra time of the invited person, on a click only; never kept. */
  getExtraTime(message: { applicationKey: string; invitationId?: string }): ExtraTime | Refusal;
  /** What the ATS lets one choose from for such a change. */
  getChoices(message: { applicationKey: string; change: 'transfer' | 'reject' | 'hire' }): ChangeChoices | Refusal;
  /** Invitations that were made at the vendor by hand; asked on a click only. */
  findOutside(question: Ask<FindOutside>): OutsideFound | Refusal;
  attach(command: Ask<AttachCommand>): CommandAnswer | Refusal;
  checkAgain(command: { applicationKey: string }): PanelState;
  /** The candidate's personal link, on a click only; never kept. */
  copyLink(command: Ask<InvitationCommand>): { link: string } | Refusal;
  /** To discard a send is to take it back; of any other click only this browser's copy goes. */
  resolveOutbox(message: { actionId: string; decision: 'send' | 'discard' }): PanelState;

  /** `pageHosts`: the company's own Greenhouse addresses, which each browser has to allow once. */
  getStatus(): { link: LinkState; serverUrl: string | null; member: Member | null; pageHosts: string[] };
  pair(message: { serverUrl: string; code: string; name: string }): { member: Member } | Refusal;
  unpair(): void;
  getWaiting(): Waiting | Refusal;
  undoFromPopup(message: { invitationId: string; applicationKey: string }): CommandAnswer | Refusal;
  /** The options page's calls of the admin API: the token stays in the background. */
  callApi(message: {
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    path: string;
    body?: unknown;
  }): { status: number; body: unknown } | Refusal;
  openOptions(message: { section?: string }): void;
}

export interface Refusal {
  refused: ErrorCode | 'offline' | 'not-connected' | 'revoked' | 'queued';
  message: string;
}

/** Pushed by the background over the panel's port. */
export type PanelPush = { type: 'state'; state: PanelState } | { type: 'focus' };

/** All that a content script says by itself: look again. */
export interface PageChanged {
  tagalong: 'page';
}

/**
 * All that a content script is told, by the panel's page through the background or by the background itself. `whom` alone is a
 * question: answered with the link by which Application Review names the candidate, see lib/ats-page/read-page.ts.
 */
export type FrameMessage =
  | { tagalong: 'whom' }
  | { tagalong: 'size'; width: number; height: number; open: boolean }
  | { tagalong: 'place'; side: 'left' | 'right'; top: number }
  | { tagalong: 'focus' }
  | { tagalong: 'blur' };
