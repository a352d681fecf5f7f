import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';

/** What the next matching call of the API is answered with instead of the truth. */
export const failureSchema = z.strictObject({
  method: z.string().optional(),
  /** A regular expression, tried on the path. */
  path: z.string().default(''),
  /** The same, tried on the text of the body: for APIs of one path. */
  text: z.string().default(''),
  times: z.coerce.number().int().positive().default(1),
  /** `after`: the call is carried out first and its answer is lost. */
  when: z.enum(['before', 'after']).default('before'),
  /** `slow`: the true answer, but only when `releaseHangs` lets it go. */
  kind: z.enum(['status', 'html', 'hang', 'reset', 'slow']),
  status: z.coerce.number().int().min(200).max(599).default(503),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).default({}),
});
type Failure = z.output<typeof failureSchema>;

/** Plays a vendor that is broken, slow or gone. `toBody`: how this vendor words an error. */
export function createFailures(toBody: (message: string) => unknown = (error) => ({ error })) {
  let ordered: (Failure & { left: number })[] = [];
  const hanging = new Set<() => void>();

  const take = (call: { method: string; path: string; text: string }): Failure | undefined => {
    const fits = ({ method, path, text }: Failure) =>
      (!method || method.toUpperCase() === call.method) && new RegExp(path).test(call.path) && new RegExp(text).test(call.text);
    const found = ordered.find(fits);
    if (found) found.left -= 1;
    ordered = ordered.filter(({ left }) => left > 0);
    return found;
  };

  const hang = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const finish = () => {
        hanging.delete(finish);
        resolve();
      };
      hanging.add(finish);
      signal.addEventListener('abort', finish, { once: true });
    });

  const answer = async (failure: Failure, signal: AbortSignal, env: Partial<HttpBindings>): Promise<Response> => {
    const { kind, status, body, headers } = failure;
    if (kind === 'status') return Response.json(body ?? toBody('planned failure'), { status, headers });
    if (kind === 'html') {
      const page = '<!doctype html><title>Bad gateway</title><h1>We will be right back</h1>';
      return new Response(page, { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } });
    }
    if (kind === 'hang') await hang(signal);
    if (!env.incoming) return brokenAnswer();
    env.incoming.socket.resetAndDestroy();
    return new Response(null, { status: 500 });
  };

  const middleware: MiddlewareHandler<{ Bindings: Partial<HttpBindings>; Variables: { lost?: boolean } }> = async (c, next) => {
    const { method, path } = c.req;
    const failure = take({ method, path, text: ordered.some(({ text }) => text !== '') ? await c.req.text() : '' });
    if (!failure) return next();
    if (failure.when === 'after') await next();
    if (failure.kind === 'slow') {
      await hang(c.req.raw.signal);
      return failure.when === 'before' ? next() : undefined;
    }
    c.set('lost', failure.kind === 'hang' || failure.kind === 'reset');
    c.res = undefined;
    c.res = await answer(failure, c.req.raw.signal, c.env ?? {});
  };

  return {
    middleware,
    plan: (failure: Failure) => void ordered.push({ ...failure, left: failure.times }),
    /** Forgets what was ordered; calls that hang go on hanging. */
    clear: () => {
      ordered = [];
    },
    /** Breaks the calls that hang off, and lets the slow ones be answered. Answers how many. */
    releaseHangs: () => {
      const count = hanging.size;
      for (const finish of hanging) finish();
      return count;
    },
  };
}

export type Failures = ReturnType<typeof createFailures>;

/** What a caller without a socket (app.request) sees of a lost connection: an answer that breaks off while it is read. */
function brokenAnswer(): Response {
  const body = new ReadableStream({ start: (controller) => controller.error(new Error('socket hang up')) });
  return new Response(body, { status: 200, headers: { 'content-type': 'application/json' } });
}
