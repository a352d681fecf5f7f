import type { Logger } from 'pino';
import { loggableError } from '../loggable-error.ts';
import type { AppContext } from './app-env.ts';

/**
 * Answers with a text that is made while it is sent. What fails before the first piece is thrown, and thus refused as anything else is.
 * What fails later breaks the connection: hono's stream() would end the body as if it were whole, and print the error as it came,
 * names among the parameters of a query included.
 */
export async function sendText(c: AppContext, pieces: AsyncGenerator<string>, log: Logger): Promise<Response> {
  const encoder = new TextEncoder();
  let piece = await pieces.next();
  const breakOff = (error: unknown): never => {
    log.error(
      { error: error instanceof Error ? loggableError(error) : 'unknown', requestId: c.get('requestId') },
      'answer broke off',
    );
    // The HTTP server prints what it is given here, so it is given nothing of the error.
    throw new Error('The answer broke off; the log says why.');
  };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (piece.done) return controller.close();
      controller.enqueue(encoder.encode(piece.value));
      piece = await pieces.next().catch(breakOff);
    },
    // Whoever asked is gone.
    cancel: async () => void (await pieces.return(undefined)),
  });
  return c.body(body);
}
