import { streamSSE } from 'hono/streaming';
import type { StreamEvent } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import type { Change } from '../jobs/announce.ts';
import type { Changes } from '../jobs/changes.ts';
import { loggableError } from '../loggable-error.ts';
import type { Services } from '../services.ts';
import { isTokenLive } from '../storage/tokens.repository.ts';
import type { App } from './app-env.ts';
import { needs } from './needs.ts';
import { createViewer, isLimited, sightOfKey } from './sight.ts';

/** Proxies close what is silent for longer, and a reader whose token was revoked learns it within this time. */
const BEAT_MS = 10_000;

/**
 * The event stream of one browser. Each line only says that something changed; the browser asks for it. What was missed while not
 * connected is not replayed, so a reader asks again for what it shows whenever it (re)connects.
 */
export function addStreamRoutes(app: App, { services, changes }: { services: Services; changes: Changes }): void {
  const { middleware, ...described } = needs('viewer');
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: PATHS.stream,
    summary: 'Changes as they happen, as text/event-stream',
    ...described,
    responses: {
      200: {
        description: 'A stream of { type, key, version } lines',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
    },
  });
  app.get(PATHS.stream, middleware, (c) =>
    streamSSE(c, async (stream) => {
      const tokenId = c.get('tokenId');
      const tell = (event: StreamEvent, id?: string) => stream.writeSSE({ data: JSON.stringify(event), ...(id ? { id } : {}) });
      const member = c.get('member');
      // Until that is known, each change is looked at.
      let limited = true;
      const pass = async ({ key, version, erased }: Change) => {
        // For everybody: who may not see the candidate now may have seen them before. The key alone says nothing.
        if (erased) return await tell({ type: 'erased', key });
        if (limited && (await sightOfKey(services, createViewer(services, member), key)) === 'nothing') return;
        await tell({ type: 'application', key, version }, `${key}:${version}`);
      };
      const stop = changes.subscribe({
        onChange(change) {
          pass(change).catch(() => stream.abort());
        },
        // Its reader comes back within a second, and asks again for what it shows.
        onGap: () => void stream.close(),
      });
      stream.onAbort(stop);
      try {
        while (!stream.aborted && !stream.closed) {
          if (!(await isTokenLive(services.db, tokenId))) {
            await tell({ type: 'revoked' });
            return;
          }
          await stream.write(': \n\n');
          limited = await isLimited(services, member);
          await stream.sleep(BEAT_MS);
        }
      } catch (error) {
        // Here and not in an onError of streamSSE, which sends its reader the message: a query with all its parameters. Its reader comes back.
        services.log.error(
          { error: error instanceof Error ? loggableError(error) : 'unknown', requestId: c.get('requestId') },
          'stream broke off',
        );
      } finally {
        stop();
      }
    }),
  );
}
