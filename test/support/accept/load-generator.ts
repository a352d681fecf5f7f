import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type HookAddress, signDelivery, toRequestBytes } from './signed-deliveries.ts';

/** What a round is to be. Without `perSecond` each connection sends again as soon as it has its answer. */
export interface Round {
  port: number;
  addresses: HookAddress[];
  connections: number;
  ms: number;
  perSecond?: number;
}

/** Latencies in milliseconds, sorted; in an open round they count from the time at which the request was due. */
export interface RoundResult {
  answered: number;
  /** Answers other than 200, by status; 0 stands for a broken connection. */
  others: Record<number, number>;
  tookMs: number;
  /** Of processor time that the sending took. */
  cpuMs: number;
  p50: number;
  p99: number;
  /** All of them, of an open round. */
  latencies: number[];
}

/** Sends as fast as it may: as a process of its own, so that it takes its time from no server. Fresh delivery keys every time. */
const prefix = randomUUID();
let count = 0;

/** For each server, how many in a millisecond are signed before a round begins: somewhat more than it has ever answered. */
const stockRate = new Map<number, number>();
const FIRST_GUESS = 20;
const SPARE = 1.2;

process.on('message', (round: Round) => {
  run(round).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      throw error;
    },
  );
});
process.once('disconnect', () => process.exit());
process.send?.('ready');

/** All lines read into one buffer: what was made anew for each answer would take its time from those who are measured. */
const INCOMING = Buffer.alloc(64 * 1024);

/** One connection, with one request under way at most. Makes nothing anew for each request. */
class Line {
  private readonly socket: Socket;
  private startedAt = 0;
  private isWaiting = false;
  /** Of an answer that came in pieces. */
  private rest: Buffer | null = null;
  /** How many bytes the last whole answer of this line had. */
  private usual = 0;
  /** Told of each answer; status 0 when the connection broke before it. */
  onAnswer: (status: number, ms: number) => void = () => undefined;

  /** https://nodejs.org/api/net.html#socketconnectoptions-connectlistener (`onread`) */
  static open(port: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const onread = {
        buffer: INCOMING,
        callback: (count: number) => {
          line.read(INCOMING.subarray(0, count));
          return true;
        },
      };
      const socket = connect({ port, host: '127.0.0.1', onread }, () => resolve(line));
      const line = new Line(socket);
      socket.once('error', reject);
    });
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('close', () => this.end(0));
    socket.on('error', () => undefined);
  }

  /** `startedAt`: from when its time counts. */
  send(bytes: Buffer, startedAt: number): void {
    this.startedAt = startedAt;
    this.isWaiting = true;
    this.socket.write(bytes);
  }

  /** False once either side has closed it. */
  get isOpen(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  close(): void {
    this.socket.destroy();
  }

  private read(piece: Buffer): void {
    const bytes = this.rest ? Buffer.concat([this.rest, piece]) : piece;
    // The same answer is of the same length; what is of another is read.
    if (bytes.length !== this.usual && !isWhole(bytes)) {
      this.rest = Buffer.from(bytes);
      return;
    }
    this.rest = null;
    this.usual = bytes.length;
    this.end(Number(bytes.toString('latin1', 9, 12)));
  }

  private end(status: number): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.onAnswer(status, performance.now() - this.startedAt);
  }
}

function isWhole(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return length === undefined ? text.endsWith('0\r\n\r\n') : text.length >= end + 4 + Number(length);
}

async function run(round: Round): Promise<RoundResult> {
  const lines = await Promise.all(Array.from({ length: round.connections }, () => Line.open(round.port)));
  // Signed beforehand: the generator must not be what is measured.
  const each = round.perSecond ? round.perSecond / 1_000 : (stockRate.get(round.port) ?? FIRST_GUESS);
  const stock = Array.from({ length: Math.ceil(each * round.ms) }, () => next(round.addresses));
  const tally: Tally = { latencies: [], others: {} };
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  await (round.perSecond ? runOpen(round, { lines, stock, tally }) : runClosed(round, { lines, stock, tally }));
  const tookMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  for (const line of lines) line.close();
  const answeredEach = tally.latencies.length / tookMs;
  stockRate.set(round.port, Math.max(stockRate.get(round.port) ?? 0, answeredEach * SPARE));
  const sorted = tally.latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0;
  return {
    answered: sorted.length,
    others: tally.others,
    tookMs,
    cpuMs: (user + system) / 1_000,
    p50: at(0.5),
    p99: at(0.99),
    latencies: round.perSecond ? sorted : [],
  };
}

interface Tally {
  latencies: number[];
  others: Record<number, number>;
}
interface Means {
  lines: Line[];
  stock: Buffer[];
  tally: Tally;
}

function note({ latencies, others }: Tally, status: number, ms: number): void {
  if (status === 200) latencies.push(ms);
  else others[status] = (others[status] ?? 0) + 1;
}

async function runClosed({ ms, addresses }: Round, { lines, stock, tally }: Means): Promise<void> {
  const until = performance.now() + ms;
  const work = (line: Line) =>
    new Promise<void>((resolve) => {
      const again = () => {
        const now = performance.now();
        if (now >= until) resolve();
        else line.send(stock.pop() ?? next(addresses), now);
      };
      line.onAnswer = (status, took) => {
        note(tally, status, took);
        if (status === 0) resolve();
        else again();
      };
      again();
    });
  await Promise.all(lines.map(work));
}

/** Each request is due at its own time, whether or not the ones before it were answered. */
async function runOpen({ perSecond = 1 }: Round, { lines, stock, tally }: Means): Promise<void> {
  const startedAt = performance.now();
  const total = stock.length;
  const free = [...lines];
  const due: number[] = [];
  let sent = 0;
  let answered = 0;
  await new Promise<void>((resolve) => {
    const dispatch = () => {
      for (let line = free.pop(); line; line = free.pop()) {
        // The server closes one that has long been idle.
        if (!line.isOpen) continue;
        const at = due.shift();
        const bytes = at === undefined ? undefined : stock.pop();
        if (at === undefined || !bytes) {
          free.push(line);
          return;
        }
        line.send(bytes, at);
      }
    };
    for (const line of lines)
      line.onAnswer = (status, took) => {
        note(tally, status, took);
        free.push(line);
        answered += 1;
        if (answered === total) resolve();
        else dispatch();
      };
    const tick = setInterval(() => {
      for (; sent < total && startedAt + (sent * 1000) / perSecond <= performance.now(); sent += 1)
        due.push(startedAt + (sent * 1000) / perSecond);
      if (sent === total) clearInterval(tick);
      dispatch();
    }, 1);
  });
}

function next(addresses: HookAddress[]): Buffer {
  count += 1;
  const address = addresses[count % addresses.length];
  if (!address) throw new Error('no address to send to');
  return toRequestBytes(signDelivery(address, `${prefix}-${count}`));
}
