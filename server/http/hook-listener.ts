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
    void answer(parts, room, incoming, outgoing);
    return true;
  };
}

/** Makes the servers of node:http in which webhooks are taken first; for the `createServer` of @hono/node-server. */
export function withHooks(hooks: HookListener): typeof createServer {
  const create = (options: ServerOptions, listener: RequestListener) =>
    createServer(options, (incoming, outgoing) => {
      if (!hooks(incoming, outgoing)) listener(incoming, outgoing);
    });
  return create as typeof createServer;
}

interface Room {
  left: number;
}

async function answer(
  { accept, publicUrl, log, meter }: HookParts,
  room: Room,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const path = incoming.url ?? '';
  const token = path.slice(PREFIX.length).split('?', 1)[0] ?? '';
  let held = 0;
  try {
    const headers = headersOf(incoming);
    const body = await receive(incoming, { announced: Number(headers['content-length'] ?? 0), room }, (bytes) => {
      held += bytes;
    }).catch((error: unknown) => {
      const isTooLarge = error instanceof ApiError && error.code === 'too-large';
      meter.webhook(null, isTooLarge ? 'too-large' : 'busy');
      throw error;
    });
    if (!body) return;
    if (!HOOK_TOKEN.test(token)) throw new ApiError('not-found');
    refuseUnaccepted(await accept(token, toWebhookRequest({ headers, body, publicUrl, host: headers.host ?? '', path })));
    outgoing.writeHead(200, RECEIVED_HEADERS);
    outgoing.end(RECEIVED_TEXT, 'latin1');
  } catch (thrown) {
    refuse(outgoing, thrown instanceof Error ? thrown : new Error(String(thrown)), { log, isWhole: incoming.complete });
  } finally {
    room.left += held;
  }
}

/** The exact bytes; null when the sender went away. Throws an ApiError when it is too much, for this request or in all. */
function receive(
  incoming: IncomingMessage,
  { announced, room }: { announced: number; room: Room },
  hold: (bytes: number) => void,
): Promise<Buffer | null> {
  if (announced > HOOK_BODY_BYTES) return Promise.reject(new ApiError('too-large'));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (error: ApiError) => {
      incoming.removeAllListeners('data');
      incoming.pause();
      reject(error);
    };
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > HOOK_BODY_BYTES) return stop(new ApiError('too-large'));
      if (chunk.length > room.left) return stop(new ApiError('store-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }));
      room.left -= chunk.length;
      hold(chunk.length);
      chunks.push(chunk);
    });
    incoming.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    incoming.on('error', () => resolve(null));
    incoming.on('close', () => resolve(null));
  });
}

/** Lower-case names. Of one that was sent twice both values count, joined: node would keep only the first of some. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    const value = rawHeaders[at + 1] ?? '';
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

function refuse(outgoing: ServerResponse, thrown: Error, { log, isWhole }: { log: Logger; isWhole: boolean }): void {
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
    ...(isWhole ? {} : { connection: 'close' }),
  });
  outgoing.end(text);
}
