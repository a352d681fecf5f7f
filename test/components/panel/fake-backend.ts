import type { ConnectPush, PanelBackend, PanelPlace, Placement } from '../../../components/panel/backend.ts';
import type { FrameMessage, PanelPush, PanelState } from '../../../lib/contract/messages.ts';
import type { CommandAnswer, PanelView } from '../../../lib/contract/panel.ts';

export type Call = {
  [Name in keyof PanelBackend]: { name: Name; command: Parameters<PanelBackend[Name]>[0] };
}[keyof PanelBackend];

/** A background that answers what a test tells it to and remembers what it was asked. */
export interface FakeBackend {
  backend: PanelBackend;
  push: ConnectPush;
  calls: Call[];
  /** Sends a push down the panel's port. */
  emit(message: PanelPush): void;
  /** The state that is answered from now on, without a push. */
  setState(state: PanelState): void;
  chosen: string[];
}

export const answer = (part: Partial<CommandAnswer> = {}): CommandAnswer => ({
  outcome: 'done',
  message: 'Taken.',
  mend: null,
  view: null,
  ...part,
});

export const answerWith = (view: PanelView): CommandAnswer => answer({ view });

export function createFakeBackend(first: PanelState, answers: Partial<PanelBackend> = {}): FakeBackend {
  let state = first;
  const listeners = new Set<(message: PanelPush) => void>();
  const calls: Call[] = [];
  const chosen: string[] = [];
  const record = <Name extends keyof PanelBackend>(name: Name, reply: PanelBackend[Name]): PanelBackend[Name] =>
    // The call list is typed by its own union; one generic function cannot say which member it adds.
    ((command: never) => {
      calls.push({ name, command } as Call);
      return (reply as (command: never) => unknown)(command);
    }) as PanelBackend[Name];

  const plain: PanelBackend = {
    getPanelState: async () => state,
    checkAgain: async () => state,
    resolveOutbox: async () => state,
    send: async () => answer(),
    sendAll: async ({ sends }) => sends.map(() => answer()),
    undo: async () => answer(),
    takeBack: async () => answer(),
    cancelInvitation: async () => answer(),
    sendAgain: async () => answer(),
    markSent: async () => answer(),
    closeReview: async () => answer(),
    attach: async () => answer(),
    findOutside: async () => ({ found: [], elsewhere: [] }),
    enterResult: async () => answer(),
    move: async () => answer(),
    change: async () => answer(),
    resend: async () => answer(),
    extend: async () => answer(),
    setExtraTime: async () => answer(),
    correctEmail: async () => answer(),
    getExtraTime: async () => ({ percent: null, reaches: 'this', vendorName: 'Coderbyte' }),
    getChoices: async () => ({
      of: 'reason',
      choices: [
        { id: 'underqualified', name: 'Underqualified' },
        { id: 'withdrew', name: 'Withdrew' },
      ],
      isNeeded: true,
    }),
    copyLink: async () => ({ link: 'https://byteboard.dev/take/abc' }),
    openOptions: async () => {},
  };
  const all = { ...plain, ...answers };
  const backend: PanelBackend = {
    getPanelState: record('getPanelState', all.getPanelState),
    checkAgain: record('checkAgain', all.checkAgain),
    resolveOutbox: record('resolveOutbox', all.resolveOutbox),
    send: record('send', all.send),
    sendAll: record('sendAll', all.sendAll),
    undo: record('undo', all.undo),
    takeBack: record('takeBack', all.takeBack),
    cancelInvitation: record('cancelInvitation', all.cancelInvitation),
    sendAgain: record('sendAgain', all.sendAgain),
    markSent: record('markSent', all.markSent),
    closeReview: record('closeReview', all.closeReview),
    attach: record('attach', all.attach),
    findOutside: record('findOutside', all.findOutside),
    enterResult: record('enterResult', all.enterResult),
    move: record('move', all.move),
    change: record('change', all.change),
    resend: record('resend', all.resend),
    extend: record('extend', all.extend),
    setExtraTime: record('setExtraTime', all.setExtraTime),
    correctEmail: record('correctEmail', all.correctEmail),
    getExtraTime: record('getExtraTime', all.getExtraTime),
    getChoices: record('getChoices', all.getChoices),
    copyLink: record('copyLink', all.copyLink),
    openOptions: record('openOptions', all.openOptions),
  };
  return {
    backend,
    calls,
    chosen,
    push(onPush, onConnect) {
      listeners.add(onPush);
      onConnect();
      return { choose: (id) => chosen.push(id), close: () => listeners.delete(onPush) };
    },
    emit: (message) => {
      for (const listener of listeners) listener(message);
    },
    setState: (next) => {
      state = next;
    },
  };
}

/** Remembers the placement as the browser would and keeps what the frame was told. */
export function createFakePlace(first: Placement | null) {
  let kept = first;
  const told: FrameMessage[] = [];
  const place: PanelPlace = {
    load: async () => kept,
    save: async (_ats, placement) => {
      kept = placement;
    },
    tellFrame: (message) => {
      told.push(message);
    },
  };
  return { place, told, kept: () => kept };
}
