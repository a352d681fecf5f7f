import { createServer, type IncomingMessage, type RequestListener, type ServerOptions, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { loggableError } from '../loggable-error.ts';
import type { Meter } from '../metrics/meter.ts';
import { type Accept, RETRY_AFTER_SECONDS } from '../webhooks/accept.ts';
import { toApiError } from './answer-error.ts';
import { ApiError } from './api-error.ts';
import { HOOK_BODY_BYTES, HOOK_TOKEN, RECEIVED, refuseUnaccepted, toWebhookRequest } from './webhook-exchange.ts';

/** Of all bodies that are just being received; who comes when that is used up is asked to come again. */
const RECEIVING_BYTES = 16 * 1024 * 1024;
/** Whoever sends a body bit by bit holds a part of that room: after this it is taken back, with 408. ATSs wait less for their answer. */
const RECEIVING_MS = 30_000;
const LOOK_EVERY_MS = 5_000;
const PREFIX = '/hooks/';

const RECEIVED_TEXT = JSON.stringify(RECEIVED);
const RECEIVED_HEADERS = {
  'content-type': 'application/json',
  'content-length': String(RECEIVED_TEXT.length),
  'x-content-type-options': 'nosniff',
};

/** Takes a request if it is a webhook, and says whether it did. */
export type HookListener = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

export interface HookParts {
  accept: Accept;
  publicUrl: string | null;
  log: Logger;
  /** Told of those that are turned away before anybody looks at them. */
  meter: Pick<Meter, 'webhook'>;
}

/**
 * The way of a webhook through node:http alone: half of the time of an accepted one went into the objects and the layers that all other
 * requests need (measured by `npm run bench -- --only P5`). Answers what the route of the same path answers.
 */
export function createHookListener(parts: HookParts): HookListener {
  const room: Room = { left: RECEIVING_BYTES };
  return (incoming, outgoing) => {
    if (incoming.method !== 'POST' || !incoming.url?.startsWith(PREFIX)) return false;
    receive(parts, room, incoming, outgoing);
    return true;
  };
}

/**
 * Makes the servers of node:http in which webhooks are taken first; for the `createServer` of @hono/node-server. Of a header that was sent
 * twice both values count: node would keep only the first of some.
 * https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener
 */
export function withHooks(hooks: HookListener): typeof createServer {
  const create = (options: ServerOptions, listener: RequestListener) =>
    createServer({ ...PATIENCE, ...options, joinDuplicateHeaders: true }, (incoming, outgoing) => {
      if (!hooks(incoming, outgoing)) listener(incoming, outgoing);
    });
  return create as typeof createServer;
}

/** https://nodejs.org/api/http.html#serverrequesttimeout */
const PATIENCE = { requestTimeout: RECEIVING_MS, connectionsCheckingInterval: LOOK_EVERY_MS };

interface Room {
  left: number;
}

/** Of one request: what it holds of the room for bodies is given back once, whatever becomes of it. */
interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  held: number;
}

/** Takes the exact bytes in, then answers. A sender that goes away before gets no answer. */
function receive(parts: HookParts, room: Room, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const exchange: Exchange = { incoming, outgoing, held: 0 };
  const release = () => {
    room.left += exchange.held;
    exchange.held = 0;
  };
  const turnAway = (error: ApiError) => {
    incoming.removeAllListeners('data');
    incoming.removeAllListeners('end');
    incoming.pause();
    parts.meter.webhook(null, error.code === 'too-large' ? 'too-large' : 'busy');
    refuse(exchange, error, parts.log);
    release();
  };
  if (Number(incoming.headers['content-length'] ?? 0) > HOOK_BODY_BYTES) {
    turnAway(new ApiError('too-large'));
    return;
  }
  const chunks: Buffer[] = [];
  let isWhole = false;
  incoming.on('data', (chunk: Buffer) => {
    if (exchange.held + chunk.length > HOOK_BODY_BYTES) return turnAway(new ApiError('too-large'));
    if (chunk.length > room.left) {
      return turnAway(new ApiError('store-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }));
    }
    room.left -= chunk.length;
    exchange.held += chunk.length;
    chunks.push(chunk);
  });
  incoming.on('end', () => {
    isWhole = true;
    const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    void answer(parts, exchange, body, release);
  });
  // Comes after each end, and alone when the sender went away. Without a listener for errors node keeps them to itself.
  incoming.on('close', () => {
    if (!isWhole) release();
  });
}

/** Never rejects. */
async function answer(
  { accept, publicUrl, log }: HookParts,
  exchange: Exchange,
  body: Buffer,
  release: () => void,
): Promise<void> {
  const { incoming, outgoing } = exchange;
  try {
    const path = incoming.url ?? '';
    const token = tokenIn(path);
    if (!HOOK_TOKEN.test(token)) throw new ApiError('not-found');
    const headers = incoming.headers as Record<string, string>;
    refuseUnaccepted(await accept(token, toWebhookRequest({ headers, body, publicUrl, host: headers.host ?? '', path })));
    outgoing.writeHead(200, RECEIVED_HEADERS);
    outgoing.end(RECEIVED_TEXT, 'latin1');
  } catch (thrown) {
    refuse(exchange, thrown instanceof Error ? thrown : new Error(String(thrown)), log);
  } finally {
    release();
  }
}

function tokenIn(path: string): string {
  const query = path.indexOf('?');
  return path.slice(PREFIX.length, query < 0 ? undefined : query);
}

function refuse({ incoming, outgoing }: Exchange, thrown: Error, log: Logger): void {
  const error = toApiError(thrown);
  if (!(thrown instanceof ApiError) && error.status >= 500) {
    log.error({ error: loggableError(thrown), code: error.code }, 'request failed');
  }
  // The address is a secret, and its pattern says as much.
  log.info({ method: 'POST', route: `${PREFIX}:token`, status: error.status, code: error.code }, 'a webhook was not accepted');
  const text = JSON.stringify(error.body);
  outgoing.writeHead(error.status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    'x-content-type-options': 'nosniff',
    ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
    // The rest is not read: a sender that kept the connection would have its next request fall into that rest.
    ...(incoming.complete ? {} : { connection: 'close' }),
  });
  outgoing.end(text);
}
