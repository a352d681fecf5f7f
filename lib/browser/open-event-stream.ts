import { apiErrorSchema } from '../contract/error.ts';
import { PATHS } from '../contract/paths.ts';
import type { Connection } from './connection.ts';

/**
 * Opens the server's event stream with the token (EventSource cannot send one). Null when it cannot be had now; when the
 * server says that the token has ended, everything is forgotten.
 */
export function createStreamOpener({ fetch, connection }: { fetch: typeof globalThis.fetch; connection: Connection }) {
  return async (lastEventId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null> => {
    const pairing = await connection.read();
    if (!pairing) return null;
    const response = await fetch(new URL(PATHS.stream, pairing.serverUrl), {
      headers: {
        Accept: 'text/event-stream',
        Authorization: `Bearer ${pairing.token}`,
        ...(lastEventId && { 'Last-Event-ID': lastEventId }),
      },
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal,
    });
    if (response.ok) return response.body;
    const { data } = apiErrorSchema.safeParse(await response.json().catch(() => null));
    if (data?.error.code === 'unauthorised') await connection.end(pairing, { isRevoked: true });
    return null;
  };
}
