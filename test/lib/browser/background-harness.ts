import { IDBFactory } from 'fake-indexeddb';
import { vi } from 'vitest';
import { type Background, createBackground } from '../../../lib/browser/create-background.ts';
import { PANEL_PORT, type PortMessage } from '../../../lib/browser/panel-port.ts';
import type { Port } from '../../../lib/browser/panel-ports.ts';
import { waitFor } from '../../../lib/browser/wait-for.ts';
import type { PanelPush, PanelState } from '../../../lib/contract/messages.ts';
import type { PanelView } from '../../../lib/contract/panel.ts';
import { type CandidateReference, candidateReferenceKey } from '../../../lib/domain/candidate-reference.ts';
import { words } from './catalogue-words.ts';
import { memoryDatabase } from './memory-database.ts';
import { json, refusal, StubServer } from './stub-server.ts';
import { urlOf } from './views.ts';

const SERVER_URL = 'https://tagalong.acme.com';
const RAE = { id: 'rae', name: 'Rae', role: 'admin' } as const;

/** A panel's end of its port, with everything that was pushed to it. */
export class OpenPort implements Port {
  name = PANEL_PORT;
  sender: { tab: { id: number } };
  pushes: PanelPush[] = [];
  say: (message: PortMessage) => void = () => {};
  leave: () => void = () => {};
  constructor(tabId: number) {
    this.sender = { tab: { id: tabId } };
  }
  postMessage(push: PanelPush): void {
    this.pushes.push(push);
  }
  onMessage = {
    addListener: (listener: (message: PortMessage) => void) => {
      this.say = listener;
    },
  };
  onDisconnect = {
    addListener: (listener: () => void) => {
      this.leave = listener;
    },
  };
  get states(): PanelState[] {
    return this.pushes.flatMap((push) => (push.type === 'state' ? [push.state] : []));
  }
}

/** The background with a server, tabs, a clock and a database that a test moves by hand. */
export class World {
  server = new StubServer();
  tabs = new Map<number, string>();
  time = new Date('2025-11-21T14:00:00.000Z');
  waitingWasTold = 0;
  openedOptions: (string | undefined)[] = [];
  /** What the document of a tab names, by the link in Application Review's head. */
  documents = new Map<number, unknown>();
  mayReach = true;
  background: Background;
  readonly idb = new IDBFactory();
  private ports = new Map<number, OpenPort>();
  private views = new Map<string, PanelView>();
  private stream?: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  private actions = 0;

  constructor() {
    this.server
      .on('POST', '/api/pair', () => json({ token: 'token-1', member: RAE, company: 'Acme', publicUrl: null }))
      .on('GET', '/api/me', () => json({ member: RAE, company: 'Acme', publicUrl: null }))
      .on('DELETE', '/api/me', () => new Response(null, { status: 204 }))
      .on('GET', '/api/panel', (_body, url) => this.answerPanel(url))
      .on('GET', '/api/stream', () => this.openStream());
    this.background = this.wake();
  }

  /** A worker that starts with an empty memory and the same database, as after the browser has stopped it. */
  wake(): Background {
    this.background = createBackground({
      database: memoryDatabase(this.idb),
      fetch: this.server.fetch,
      words,
      now: () => this.time,
      newId: () => this.actionId(),
      // Seconds become milliseconds: the order stays, nobody waits.
      wait: (ms, signal) => waitFor(ms / 100, signal),
      readTabUrl: async (tabId) => this.tabs.get(tabId),
      askDocument: async (tabId) => {
        if (!this.documents.has(tabId)) throw new Error('Could not establish connection. Receiving end does not exist.');
        return this.documents.get(tabId);
      },
      mayReach: async () => this.mayReach,
      device: async () => 'Firefox on Linux',
      openOptions: async (section) => {
        this.openedOptions.push(section);
      },
      onWaiting: () => {
        this.waitingWasTold += 1;
      },
    });
    return this.background;
  }

  pair() {
    return this.background.handlers.pair({ serverUrl: SERVER_URL, code: 'ABCD-EFGH', name: 'Rae' }, {});
  }

  /** What the server says about a page from now on. */
  knows(page: CandidateReference, view: PanelView): void {
    this.views.set(candidateReferenceKey(page), view);
  }

  /** Opens a candidate's page in a tab, with its panel. */
  open(tabId: number, page: CandidateReference | null): OpenPort {
    this.go(tabId, page);
    const port = new OpenPort(tabId);
    this.ports.set(tabId, port);
    this.background.ports.accept(port);
    return port;
  }

  /** What the panel of a tab shows once it has asked: the first answer, or what follows when that was only "wait". */
  async ask(tabId: number, message: { chosenApplicationId?: string } = {}): Promise<PanelState> {
    const seen = this.ports.get(tabId)?.states.length;
    const first = await this.background.handlers.getPanelState(message, this.sender(tabId));
    if (first.view || first.link !== 'connecting') return first;
    return await vi.waitFor(() => {
      const next = this.ports.get(tabId)?.states.slice(seen).at(-1);
      if (!next) throw new Error('nothing was pushed yet');
      return next;
    });
  }

  go(tabId: number, page: CandidateReference | null): void {
    this.tabs.set(tabId, page ? urlOf(page) : 'https://hire.lever.co/candidates');
  }

  sender(tabId: number) {
    return { tab: { id: tabId, url: this.tabs.get(tabId) } };
  }

  click(applicationKey: string) {
    return { actionId: this.actionId(), applicationKey, clickedAt: this.time.toISOString() };
  }

  tell(event: object): void {
    this.stream?.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`));
  }

  async streaming(): Promise<void> {
    await vi.waitFor(() => {
      if (!this.stream) throw new Error('no stream yet');
    });
  }

  private actionId(): string {
    this.actions += 1;
    return `00000000-0000-4000-8000-${String(this.actions).padStart(12, '0')}`;
  }

  private answerPanel(url: URL): Response {
    const { ats = '', host = '', applicationId, candidateId } = Object.fromEntries(url.searchParams);
    const key = applicationId ? `${ats}:${host}:a:${applicationId}` : `${ats}:${host}:p:${candidateId}`;
    const view = this.views.get(key);
    return view ? json(view) : refusal(404, 'not-found', 'That is not there.');
  }

  private openStream(): Response {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        this.stream = controller;
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }
}
