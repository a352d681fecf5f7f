import type { PanelPush, PanelState } from '../contract/messages.ts';
import type { PanelView } from '../contract/panel.ts';
import { type CandidateReference, candidateReferenceKey } from '../domain/candidate-reference.ts';
import { PANEL_PORT, type PortMessage } from './panel-port.ts';
import type { PanelStates } from './panel-states.ts';
import type { TabPage } from './tab-pages.ts';

/** As much of the browser's port as is used. */
export interface Port {
  name: string;
  sender?: { tab?: { id?: number } };
  postMessage(message: PanelPush): void;
  onMessage: { addListener(listener: (message: PortMessage) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

interface OpenPanel {
  port: Port;
  tabId: number | undefined;
  chosen: string | null;
  /** The page whose copy or view the panel has; null before the first. */
  painted: string | null;
  shown: { key: string; version: number } | null;
  /** Only the newest state may be pushed: answers overtake each other. */
  turn: number;
}

export interface PanelPorts {
  /** Listens to a new port; to be called for every one, right away. */
  accept(port: Port): void;
  /** The state for a panel that asks by message. The copy first, when it shows nothing yet and a push can follow. */
  answer(tabId: number | undefined, chosenApplicationId: string | null): Promise<PanelState>;
  /**
   * The same, asked in another way: `ask` is told the page and what it asks about, and may have nothing to ask. When the
   * tab or the choice has gone on meanwhile, the answer is about where they are now.
   */
  answerBy(tabId: number | undefined, ask: AskState): Promise<PanelState>;
  /** Notes what a command's answer has put on the screen: nothing, where somebody else is shown by now. */
  note(tabId: number | undefined, view: PanelView | null): void;
  /** The tab went to another address, or its document to another candidate. */
  follow(tabId: number): Promise<void>;
  /** Something changed about an application: asks again where an older version of it is shown. */
  changed(key: string, version: number): Promise<void>;
  /** Asks again for every panel. */
  refreshAll(): Promise<void>;
  /** Shows what is known, without asking: the server is away. */
  repaintOffline(): Promise<void>;
  focus(tabId: number): void;
  isAnyOpen(): boolean;
}

type AskState = (page: CandidateReference, target: CandidateReference) => Promise<PanelState | null>;

export interface PanelPortsInput {
  states: PanelStates;
  /** Whom the tab shows at this moment. */
  readTab(tabId: number | undefined): Promise<TabPage>;
  isLive(): boolean;
  /** The first port came or the last one went. */
  onCount(): void;
}

/** The panels and popups that are open now. Lost with the worker on purpose: each of them connects again. */
export function createPanelPorts({ states, readTab, isLive, onCount }: PanelPortsInput): PanelPorts {
  const open = new Set<OpenPanel>();
  const ofTab = (tabId: number | undefined) => [...open].filter((panel) => tabId !== undefined && panel.tabId === tabId);

  function accept(port: Port): void {
    if (port.name !== PANEL_PORT) return;
    const panel: OpenPanel = { port, tabId: port.sender?.tab?.id, chosen: null, painted: null, shown: null, turn: 0 };
    open.add(panel);
    port.onMessage.addListener((message) => {
      if (message.tagalong === 'choose') panel.chosen = message.applicationId;
    });
    port.onDisconnect.addListener(() => {
      open.delete(panel);
      onCount();
    });
    onCount();
  }

  function remember(panel: OpenPanel, state: PanelState, painted: string): void {
    panel.painted = painted;
    panel.shown = shownIn(state.view);
  }

  async function push(panel: OpenPanel, make: () => Promise<{ state: PanelState; painted: string } | null>): Promise<void> {
    panel.turn += 1;
    const { turn } = panel;
    const made = await make();
    if (!made || turn !== panel.turn || !open.has(panel)) return;
    remember(panel, made.state, made.painted);
    panel.port.postMessage({ type: 'state', state: made.state });
  }

  /** Where the panel is now, and what its page asks about. */
  async function locate(tabId: number | undefined, chosen: string | null) {
    const { reference: page, isHint, contradiction } = await readTab(tabId);
    const target = page && (await states.target(page, chosen));
    const painted = target ? candidateReferenceKey(target) : (contradiction ?? '');
    return { page, isHint, contradiction, target, painted };
  }

  async function freshState(tabId: number | undefined, chosen: string | null): Promise<{ state: PanelState; painted: string }> {
    const { page, target, painted, isHint, contradiction } = await locate(tabId, chosen);
    if (!page || !target) return { state: await states.nobody(isLive() ? 'live' : 'connecting', { contradiction }), painted };
    const state = { ...(await states.fresh(page, target)), isHint };
    // The tab may have gone on while the server was asked: never an answer about the person before.
    const after = await locate(tabId, chosen);
    return after.painted === painted ? { state, painted } : freshState(tabId, chosen);
  }

  const refresh = (panel: OpenPanel) => push(panel, () => freshState(panel.tabId, panel.chosen));

  async function knownState(panel: OpenPanel, link: 'offline' | 'connecting') {
    const { page, target, painted, isHint, contradiction } = await locate(panel.tabId, panel.chosen);
    if (!page || !target) return { state: await states.nobody(link, { contradiction }), painted };
    return { state: { ...(await states.lastKnown(page, target, link)), isHint }, painted };
  }

  async function answer(tabId: number | undefined, chosenApplicationId: string | null): Promise<PanelState> {
    // While a page gives way to the next one the tab has two: the newer one asks.
    const panel = ofTab(tabId).at(-1);
    if (panel && chosenApplicationId) panel.chosen = chosenApplicationId;
    const chosen = chosenApplicationId ?? panel?.chosen ?? null;
    const known = panel && (await knownState(panel, 'connecting'));
    if (panel && known && panel.painted !== known.painted) {
      remember(panel, known.state, known.painted);
      reportFailure(refresh(panel));
      return known.state;
    }
    const { state, painted } = await freshState(tabId, chosen);
    if (panel) remember(panel, state, painted);
    return state;
  }

  function note(tabId: number | undefined, view: PanelView | null): void {
    const next = shownIn(view);
    // Answers come late: a panel that shows somebody else by now would no longer hear of their changes.
    for (const panel of ofTab(tabId)) if (next && panel.shown?.key === next.key) panel.shown = next;
  }

  async function answerBy(tabId: number | undefined, ask: AskState): Promise<PanelState> {
    const here = () => locate(tabId, ofTab(tabId).at(-1)?.chosen ?? null);
    const { page, target, painted, isHint } = await here();
    const state = page && target && (await ask(page, target));
    if (!state || (await here()).painted !== painted) return answer(tabId, null);
    note(tabId, state.view);
    return { ...state, isHint };
  }

  return {
    accept,
    answer,
    answerBy,
    note,
    async follow(tabId) {
      for (const panel of ofTab(tabId)) {
        const { painted } = await locate(tabId, panel.chosen);
        if (painted === panel.painted) continue;
        await push(panel, () => knownState(panel, 'connecting'));
        await refresh(panel);
      }
    },
    async changed(key, version) {
      const behind = [...open].filter(({ shown }) => shown?.key === key && shown.version < version);
      await Promise.all(behind.map(refresh));
    },
    async refreshAll() {
      await Promise.all([...open].map(refresh));
    },
    async repaintOffline() {
      await Promise.all([...open].map((panel) => push(panel, () => knownState(panel, 'offline'))));
    },
    focus(tabId) {
      for (const panel of ofTab(tabId)) panel.port.postMessage({ type: 'focus' });
    },
    isAnyOpen: () => open.size > 0,
  };
}

function shownIn(view: PanelView | null): OpenPanel['shown'] {
  return view?.kind === 'application' ? { key: view.key, version: view.version } : null;
}

/** For work that nobody waits for: a failure there must at least be found in the log. */
export function reportFailure(work: Promise<unknown>): void {
  work.catch((error) => console.error('tagalong: background work failed', error));
}
