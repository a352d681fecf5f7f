import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLiveUpdates } from '../../../lib/browser/live-updates.ts';
import { waitFor } from '../../../lib/browser/wait-for.ts';
import type { StreamEvent } from '../../../lib/contract/panel.ts';

class Line {
  private to?: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  bytes = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      this.to = controller;
    },
  });
  lastEventId: string;
  signal: AbortSignal;
  constructor(lastEventId: string, signal: AbortSignal) {
    this.lastEventId = lastEventId;
    this.signal = signal;
    signal.addEventListener('abort', () => this.to?.error(new Error('aborted')));
  }
  say(text: string): void {
    this.to?.enqueue(new TextEncoder().encode(text));
  }
  drop(): void {
    this.to?.error(new Error('network'));
  }
}

let lines: Line[];
let isServerThere: boolean;
let tries: number;
const seen: { events: StreamEvent[]; opened: number; lost: number } = { events: [], opened: 0, lost: 0 };
const start = () =>
  createLiveUpdates({
    async open(lastEventId, signal) {
      tries += 1;
      if (!isServerThere) return null;
      const line = new Line(lastEventId, signal);
      lines.push(line);
      return line.bytes;
    },
    onEvent: (event) => seen.events.push(event),
    onOpen: () => {
      seen.opened += 1;
    },
    onLost: () => {
      seen.lost += 1;
    },
    wait: waitFor,
  });
const change = (version: number) => `id: ${version}\ndata: ${JSON.stringify({ type: 'application', key: 'ada', version })}\n\n`;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(seen, { events: [], opened: 0, lost: 0 });
  lines = [];
  tries = 0;
  isServerThere = true;
});
afterEach(() => {
  vi.useRealTimers();
});

test('changes are heard while the line is wanted, and it is opened once however often that is said', async () => {
  const live = start();
  live.want(true);
  live.want(true);
  await pass(0);
  lines[0]?.say(': hello\n\n');
  lines[0]?.say(change(4));
  lines[0]?.say('data: {"type":"something-new"}\n\ndata: not json\n\n');
  await pass(0);
  expect(seen.events).toEqual([{ type: 'application', key: 'ada', version: 4 }]);
  expect([lines.length, seen.opened, live.isOpen()]).toEqual([1, 1, true]);
  live.want(false);
  await pass(120_000);
  expect([lines[0]?.signal.aborted, lines.length, seen.lost, live.isOpen()]).toEqual([true, 1, 0, false]);
});

test('a lost line comes back soon and says which change was heard last', async () => {
  const live = start();
  live.want(true);
  await pass(0);
  lines[0]?.say(change(9));
  await pass(0);
  lines[0]?.drop();
  await pass(0);
  expect([seen.lost, live.isOpen()]).toEqual([1, false]);
  await pass(600);
  expect([lines.length, lines[1]?.lastEventId, seen.opened]).toEqual([2, '9', 2]);
  live.want(false);
});

test('while the server is away it is tried less and less often, and the loss is told once', async () => {
  isServerThere = false;
  const live = start();
  live.want(true);
  await pass(10 * 60_000);
  expect(tries).toBeGreaterThan(20);
  expect(tries).toBeLessThan(30);
  expect(seen.lost).toBe(1);
  isServerThere = true;
  await pass(30_000);
  expect([seen.opened, live.isOpen()]).toEqual([1, true]);
  live.want(false);
});

test('a line that falls silent is dead, though it looks open', async () => {
  const live = start();
  live.want(true);
  await pass(0);
  await pass(50_000);
  lines[0]?.say(': still here\n\n');
  await pass(50_000);
  expect(seen.lost).toBe(0);
  await pass(11_000);
  expect([seen.lost, lines.length]).toEqual([1, 2]);
  live.want(false);
});

test('after pairing with another server the old line is dropped and its last change forgotten', async () => {
  const live = start();
  live.want(true);
  await pass(0);
  lines[0]?.say(change(9));
  await pass(0);
  live.restart();
  await pass(0);
  expect([lines[0]?.signal.aborted, lines[1]?.lastEventId]).toEqual([true, '']);
  live.want(false);
  live.restart();
  await pass(60_000);
  expect(lines).toHaveLength(2);
});
