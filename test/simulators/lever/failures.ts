import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { LeverApiEnv } from './api/api-env.ts';

/** What the next matching API calls are answered with instead of the truth. */
export const failureSchema = z.strictObject({
  method: z.string().optional(),
  /** A regular expression, tried on the path. */
  path: z.string().default(''),
  times: z.number().int().positive().default(1),
  /** `after`: the call is carried out first and its answer is lost. */
  when: z.enum(['before', 'after']).default('before'),
  answer: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('status'),
      status: z.number().int().min(200).max(599),
      body: z.unknown().optional(),
      headers: z.record(z.string(), z.string()).default({}),
    }),
    z.strictObject({ kind: z.literal('html'), status: z.number().int().min(200).max(599).default(502) }),
    z.strictObject({ kind: z.literal('hang') }),
    z.strictObject({ kind: z.literal('reset') }),
  ]),
});
type Failure = z.output<typeof failureSchema>;

export interface Failures {
  middleware: MiddlewareHandler<LeverApiEnv>;
  failNext(failure: z.input<typeof failureSchema>): void;
  /** Forgets what was ordered and lets go of the calls that hang. */
  clear(): void;
}

/** Plays a Lever that is broken, slow or gone. */
export function createFailures(): Failures {
  let ordered: (Failure & { left: number })[] = [];
  const hanging = new Set<() => void>();

  const take = (method: string, path: string): Failure | undefined => {
    const found = ordered.find(
      (failure) => (!failure.method || failure.method.toUpperCase() === method) && new RegExp(failure.path).test(path),
    );
    if (!found) return undefined;
    found.left -= 1;
    if (found.left === 0) ordered = ordered.filter((failure) => failure !== found);
    return found;
  };

  const hang = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const finish = () => {
        hanging.delete(finish);
        resolve();
      };
      hanging.add(finish);
      signal.addEventListener('abort', finish);
    });

  const answerWith = async (answer: Failure['answer'], signal: AbortSignal, env: Partial<HttpBindings>): Promise<Response> => {
    if (answer.kind === 'status') {
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
      return new Response(text, { status: answer.status, headers: { 'content-type': 'application/json', ...answer.headers } });
    }
    if (answer.kind === 'html') {
      const page = '<!doctype html><title>Bad gateway</title><h1>We will be right back</h1>';
      return new Response(page, { status: answer.status, headers: { 'content-type': 'text/html' } });
    }
    if (answer.kind === 'hang') await hang(signal);
    if (!env.incoming) return brokenAnswer();
    env.incoming.socket.resetAndDestroy();
    return new Response(null, { status: 500 });
  };

  return {
    middleware: async (c, next) => {
      const failure = take(c.req.method, new URL(c.req.url).pathname);
      if (!failure) return next();
      if (failure.when === 'after') await next();
      c.set('lost', failure.answer.kind === 'hang' || failure.answer.kind === 'reset');
      c.res = undefined;
      c.res = await answerWith(failure.answer, c.req.raw.signal, c.env ?? {});
    },
    failNext: (failure) => {
      const parsed = failureSchema.parse(failure);
      ordered.push({ ...parsed, left: parsed.times });
    },
    clear: () => {
      ordered = [];
      for (const finish of hanging) finish();
    },
  };
}

/** An answer that breaks off while it is read: what a caller without a socket (app.request) sees of a lost connection. */
function brokenAnswer(): Response {
  const body = new ReadableStream({ start: (controller) => controller.error(new Error('socket hang up')) });
  return new Response(body, { status: 200, headers: { 'content-type': 'application/json' } });
}
