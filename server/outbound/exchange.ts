import http from 'node:http';
import https from 'node:https';
import { createCheckedLookup, ForbiddenAddress, type Resolve } from './checked-lookup.ts';
import type { Target } from './target.ts';

/** No answer of an ATS or a vendor that we ask for comes near it; a hostile one must not fill the memory. */
const MAX_BODY_BYTES = 5 * 1024 * 1024;
/** A write that may be made leaves within this, or not at all. */
export const CONNECT_TIMEOUT_MS = 5_000;

export interface ExchangeRequest {
  method: string;
  target: Target;
  headers: Record<string, string>;
  body: Buffer | undefined;
  write: boolean;
  timeoutMs: number;
  resolve: Resolve;
  agents: Agents;
  /** Milliseconds that only ever grow; while the machine sleeps they may stand still. */
  steadyMs?: () => number;
  /** Milliseconds of the time of day: they go on while the machine sleeps, and somebody may set them. */
  wallMs?: () => number;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
}

export type ExchangeResult =
  | { kind: 'answered'; answer: RawAnswer }
  /** Nothing was sent yet: surely not done. */
  | { kind: 'not-sent'; detail: string }
  /** Sent, and then silence. */
  | { kind: 'lost'; detail: string }
  | { kind: 'too-large'; detail: string }
  | { kind: 'not-allowed'; detail: string };

/** One set per client: a pooled connection has passed this client's checks and no other's. */
export interface Agents {
  read: Record<'http:' | 'https:', http.Agent>;
  write: Record<'http:' | 'https:', http.Agent>;
}

/**
 * Reads share connections. Writes get a fresh one each: a kept connection that the other side closes at the same moment
 * looks exactly like a write that was done and whose answer was lost, and would be shown as "unconfirmed" for no reason.
 */
export function createAgents(): Agents {
  return {
    read: { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) },
    write: { 'http:': new http.Agent({ keepAlive: false }), 'https:': new https.Agent({ keepAlive: false }) },
  };
}

/**
 * One request and its answer, without redirects. Never rejects. A write leaves within the time for connecting, by the clocks and not by a timer,
 * or not at all: a process that stood still in between, or whose machine slept, may have lost the right to it (write-guard.ts), and whoever took
 * over has looked whether it was done, and has done it.
 */
export async function exchange(request: ExchangeRequest): Promise<ExchangeResult> {
  const from = performance.now();
  const first = await attempt(request);
  const leftMs = request.timeoutMs - (performance.now() - from);
  // A read on a kept connection that had just been closed: not the other side's failure, so once more, in what is left of the time.
  const isAgain = first.kind === 'lost' && first.wasStale && !request.write && leftMs > 0;
  return isAgain ? await attempt({ ...request, timeoutMs: Math.ceil(leftMs) }) : first;
}

type AttemptResult = ExchangeResult & { wasStale?: boolean };

function attempt(request: ExchangeRequest): Promise<AttemptResult> {
  return new Promise((done) => {
    const timers: NodeJS.Timeout[] = [];
    const finish = (result: AttemptResult) => {
      for (const timer of timers) clearTimeout(timer);
      done(result);
    };
    const connectMs = Math.min(CONNECT_TIMEOUT_MS, request.timeoutMs);
    const passedMs = startWatch(request);
    try {
      let isAnswered = false;
      const outgoing = start(request, (incoming) => {
        isAnswered = true;
        void readAnswer(incoming).then(finish);
      });
      const state = watchConnection(outgoing, request.target, () => {
        if (!request.write) return true;
        // What woke us may be the connection, before the timers that ran out meanwhile.
        const isInTime = passedMs() < connectMs;
        if (isInTime) outgoing.end(request.body);
        else giveUpConnecting();
        return isInTime;
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => finish(toFailure(error, state.connected, outgoing.reusedSocket)));
      // An answer that goes over to another protocol (101) is closed by Node without any other word.
      outgoing.once(
        'close',
        () => isAnswered || finish({ kind: 'lost', detail: 'The connection was closed without an answer.' }),
      );
      const give = (what: string) => () => outgoing.destroy(new Error(what));
      const giveUpConnecting = give(`no connection within ${connectMs} ms`);
      timers.push(setTimeout(give(`no answer within ${request.timeoutMs} ms`), request.timeoutMs));
      timers.push(setTimeout(() => state.connected || giveUpConnecting(), connectMs));
      if (!request.write) outgoing.end(request.body);
    } catch (error) {
      // Node refuses header values with line breaks and the like before anything is sent; it names the header, not the value.
      finish({ kind: 'not-allowed', detail: error instanceof Error ? error.message : 'The request cannot be built.' });
    }
  });
}

/**
 * What has passed since, by the clock that shows more: the steady one may stand still with the machine, the other one may be set. One that is set
 * forward stops a write for nothing; it is tried again.
 */
function startWatch({ steadyMs = () => performance.now(), wallMs = Date.now }: ExchangeRequest): () => number {
  const from = { steady: steadyMs(), wall: wallMs() };
  return () => Math.max(steadyMs() - from.steady, wallMs() - from.wall);
}

function start(request: ExchangeRequest, onAnswer: (incoming: http.IncomingMessage) => void): http.ClientRequest {
  const { url } = request.target;
  const isHttps = url.protocol === 'https:';
  const options: https.RequestOptions = {
    method: request.method,
    headers: request.headers,
    lookup: createCheckedLookup(request.target, request.resolve),
    agent: request.agents[request.write ? 'write' : 'read'][isHttps ? 'https:' : 'http:'],
  };
  return isHttps ? https.request(url, options, onAnswer) : http.request(url, options, onAnswer);
}

/**
 * Before the connection stands (with TLS: before the handshake is done) not one byte of the request has left. `onStands`: whether one may
 * leave now.
 */
function watchConnection(outgoing: http.ClientRequest, target: Target, onStands: () => boolean): { connected: boolean } {
  const state = { connected: false };
  const stands = () => {
    state.connected = onStands();
  };
  outgoing.once('socket', (socket) => {
    if (outgoing.reusedSocket) stands();
    else socket.once(target.url.protocol === 'https:' ? 'secureConnect' : 'connect', stands);
  });
  return state;
}

function toFailure(error: NodeJS.ErrnoException, connected: boolean, reused: boolean): AttemptResult {
  if (error instanceof ForbiddenAddress) return { kind: 'not-allowed', detail: error.message };
  const detail = error.code ? `${error.code}` : error.message;
  if (!connected) return { kind: 'not-sent', detail };
  return { kind: 'lost', detail, wasStale: reused && error.code === 'ECONNRESET' };
}

/** By its events: an async iterator makes several promises for each piece. */
function readAnswer(incoming: http.IncomingMessage): Promise<ExchangeResult> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const lost = (why: string) => done({ kind: 'lost', detail: `The answer broke off: ${why}` });
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) return void chunks.push(chunk);
      done({ kind: 'too-large', detail: `The answer is larger than ${MAX_BODY_BYTES} bytes.` });
      incoming.destroy();
    });
    incoming.once('end', () => {
      const answer = { status: incoming.statusCode ?? 0, headers: toHeaders(incoming), bytes: Buffer.concat(chunks) };
      done({ kind: 'answered', answer });
    });
    incoming.once('error', (error: NodeJS.ErrnoException) => lost(error.message));
    incoming.once('close', () => lost('the connection was closed'));
  });
}

function toHeaders(incoming: http.IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')]));
}
