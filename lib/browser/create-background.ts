import { readCandidateReference } from '../ats-page/read-page.ts';
import type { PanelState, Refusal } from '../contract/messages.ts';
import { type CommandAnswer, panelViewSchema } from '../contract/panel.ts';
import { PATHS } from '../contract/paths.ts';
import { wasTaken } from '../contract/was-taken.ts';
import { createAccount } from './account.ts';
import type { Handlers } from './answer-messages.ts';
import { type CommandName, createCommands } from './commands.ts';
import { createConnection } from './connection.ts';
import { createCopyStore } from './copy-store.ts';
import type { TagalongDatabase } from './database.ts';
import { createErasedCandidates } from './erased-candidates.ts';
import { createLiveUpdates } from './live-updates.ts';
import { createStreamOpener } from './open-event-stream.ts';
import { createOutbox } from './outbox.ts';
import { createPanelPorts, type PanelPorts, reportFailure } from './panel-ports.ts';
import { createPanelStates } from './panel-states.ts';
import { createServerClient } from './server-client.ts';
import { createTabPages } from './tab-pages.ts';
import { createTokenStore } from './token-store.ts';
import type { Sender } from './trusted-page.ts';
import type { Words } from './words.ts';

/** What the background needs of the world; `entrypoints/background` hands in the browser's. */
export interface BackgroundInput {
  database: TagalongDatabase;
  fetch: typeof globalThis.fetch;
  words: Words;
  now(): Date;
  newId(): string;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** The address a tab has at this moment; undefined when it is not ours to know. */
  readTabUrl(tabId: number): Promise<string | undefined>;
  /** Asks a tab's document whom it shows, where the address cannot say it; see tab-pages.ts. */
  askDocument(tabId: number): Promise<unknown>;
  mayReach(origin: string): Promise<boolean>;
  device(): Promise<string>;
  openOptions(section: string | undefined): Promise<void>;
  /** Clicks wait: wake the worker from time to time. */
  onWaiting(): void;
}

export interface Background {
  handlers: Handlers;
  ports: PanelPorts;
  /** Sends the clicks that wait. True when none is left. */
  flush(): Promise<boolean>;
  /** Forgets what is too old to be kept, and who was erased. */
  prune(): Promise<void>;
}

/** A page load closes one port and opens another: the stream outlives the gap. */
const LINGER_MS = 5000;

/** Puts the background together. Nothing in it needs to survive the worker: every part can be made anew from the database. */
export function createBackground(input: BackgroundInput): Background {
  const { database, fetch, words, now, newId, wait } = input;
  const client = createServerClient({ fetch, words });
  const tokens = createTokenStore(database);
  const copies = createCopyStore(database, now);
  const outbox = createOutbox(database, now);
  const connection = createConnection({ client, tokens, words, onEnded: restart });
  const erased = createErasedCandidates({ database, connection, copies, outbox });
  const tabPages = createTabPages(input);
  const states = createPanelStates({ connection, copies, outbox, now });
  const commands = createCommands({ connection, copies, outbox, words, onWaiting: input.onWaiting });
  const account = createAccount({ ...input, client, connection, tokens, onPaired: restart });
  const live = createLiveUpdates({
    open: createStreamOpener({ fetch, connection }),
    wait,
    onOpen: () => reportFailure(catchUp()),
    onLost: () => reportFailure(ports.refreshAll()),
    onEvent(event) {
      if (event.type === 'erased') reportFailure(erased.wipe([event.key]).then(ports.refreshAll));
      if (event.type === 'application') reportFailure(ports.changed(event.key, event.version));
      if (event.type === 'revoked')
        reportFailure(connection.read().then((pairing) => pairing && connection.end(pairing, { isRevoked: true })));
    },
  });
  const ports = createPanelPorts({
    states,
    isLive: live.isOpen,
    readTab: tabPages.of,
    onCount: () => reportFailure(followCount()),
  });

  /** What happened while the line was down is not known: send what waits, then ask for everything that is shown. */
  async function catchUp(): Promise<void> {
    await erased.catchUp();
    await flush();
    await ports.refreshAll();
  }

  async function followCount(): Promise<void> {
    if (!ports.isAnyOpen()) await wait(LINGER_MS, new AbortController().signal);
    live.want(ports.isAnyOpen());
  }

  function restart(): void {
    live.restart();
    reportFailure(ports.refreshAll());
  }

  async function flush(): Promise<boolean> {
    if (!(await outbox.isEmpty()) && (await connection.read())) await outbox.flush(commands.deliver);
    return outbox.isEmpty();
  }

  /** The page now, from the tab itself: the panel is never asked whom it shows. */
  const pageOf = async (sender: Sender) => (await tabPages.ofSender(sender)).reference;

  const command = (name: CommandName) => async (click: { applicationKey: string }, sender: Sender) => {
    const answer = await commands.run(name, click, await pageOf(sender));
    await show([answer], sender);
    return answer;
  };

  async function show(answers: (CommandAnswer | Refusal)[], sender: Sender): Promise<void> {
    if (answers.some(isQueued)) {
      input.onWaiting();
      await ports.repaintOffline();
    }
    for (const answer of answers) if ('view' in answer) ports.note(sender.tab?.id, answer.view);
  }

  /** Kept before anything about the tab is asked: a page that has gone on, or is gone, must not hold it up. */
  const takeBack: Handlers['takeBack'] = async (click, sender) => {
    const wasKept = (await outbox.find(click.sendActionId)) !== undefined;
    const answer = await commands.takeBack(click, () => pageOf(sender));
    await show([answer], sender);
    const isListed = wasKept || (await outbox.find(click.actionId)) !== undefined;
    if (isListed && !isQueued(answer)) reportFailure(ports.refreshAll());
    return answer;
  };

  /** The trouble to be told, if the list does not tell it. The server may have a send whose answer was lost: so it is taken back there too. */
  async function discard(actionId: string, sender: Sender): Promise<PanelState['trouble']> {
    const kept = await outbox.find(actionId);
    if (kept?.path !== PATHS.commands.send) {
      const text = words('error.no-longer-kept');
      return (await outbox.discard(actionId)) ? null : { code: 'too-late', text };
    }
    const { applicationKey } = kept;
    const click = { actionId: newId(), applicationKey, clickedAt: now().toISOString(), sendActionId: actionId };
    const answer = await takeBack(click, sender);
    const isListed = (await outbox.find(click.actionId)) !== undefined;
    return wasTaken(answer) || isListed ? null : { code: 'too-late', text: answer.message };
  }

  const handlers: Handlers = {
    getPanelState: ({ chosenApplicationId }, sender) => ports.answer(sender.tab?.id, chosenApplicationId ?? null),
    send: command('send'),
    async sendAll(click, sender) {
      const answers = await commands.sendAll(click, await pageOf(sender));
      await show(answers, sender);
      return answers;
    },
    undo: command('undo'),
    takeBack,
    cancelInvitation: command('cancelInvitation'),
    sendAgain: command('sendAgain'),
    markSent: command('markSent'),
    closeReview: command('closeReview'),
    attach: command('attach'),
    findOutside: async (question, sender) => commands.findOutside(question, await pageOf(sender)),
    enterResult: command('enterResult'),
    move: command('move'),
    change: command('change'),
    resend: command('resend'),
    extend: command('extend'),
    setExtraTime: command('setExtraTime'),
    correctEmail: command('correctEmail'),
    getExtraTime: (question) => commands.getExtraTime(question),
    getChoices: (question) => commands.getChoices(question),
    copyLink: async (click, sender) => commands.copyLink(click, await pageOf(sender)),
    // The ATS is read for it, which takes seconds: time enough to press "Next".
    checkAgain: ({ applicationKey }, sender) =>
      ports.answerBy(sender.tab?.id, async (page, target) => {
        const shown = (await copies.find(target))?.view;
        if (shown?.kind !== 'application' || shown.key !== applicationKey) return null;
        const question = { method: 'POST', path: PATHS.commands.checkAgain, body: { applicationKey } } as const;
        return states.fromAnswer(page, target, await connection.ask(question, panelViewSchema));
      }),
    async resolveOutbox({ actionId, decision }, sender) {
      const trouble = decision === 'discard' ? await discard(actionId, sender) : null;
      if (decision === 'send') await outbox.confirm(actionId, commands.deliver);
      const state = await ports.answer(sender.tab?.id, null);
      return trouble ? { ...state, trouble } : state;
    },
    getStatus: account.getStatus,
    pair: account.pair,
    unpair: account.unpair,
    getWaiting: account.getWaiting,
    callApi: account.callApi,
    async undoFromPopup({ invitationId, applicationKey }) {
      const page = (await copies.findByApplication(applicationKey))[0]?.page ?? (await pageInWaiting(applicationKey));
      const click = { actionId: newId(), applicationKey, clickedAt: now().toISOString(), invitationId };
      return commands.run('undo', click, page);
    },
    openOptions: ({ section }) => input.openOptions(section),
  };

  /** The popup belongs to no page: the list of what waits says where the candidate is. */
  async function pageInWaiting(applicationKey: string) {
    const waiting = await account.getWaiting();
    const item = 'items' in waiting ? waiting.items.find(({ key }) => key === applicationKey) : undefined;
    return readCandidateReference(item?.url ?? undefined);
  }

  async function prune(): Promise<void> {
    await copies.prune();
    await erased.catchUp();
  }

  return { handlers, ports, flush, prune };
}

function isQueued(answer: CommandAnswer | Refusal): boolean {
  return 'refused' in answer && answer.refused === 'queued';
}
