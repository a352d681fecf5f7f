import type { Context } from 'hono';

export interface PlannedFailure {
  /** Upper case; any when absent. */
  method?: string;
  /** A regular expression over the path, such as "/v3/notes$". */
  path: string;
  times?: number;
  /**
   * `status`: that status with `body`. `html`: an HTML page with that status (503). `hang`: no answer until the caller gives up
   * or `releaseHangs()`. `reset`: the connection is cut.
   */
  kind: 'status' | 'html' | 'hang' | 'reset';
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** `after`: the call is carried out and only its answer is lost. Default `before`. */
  when?: 'before' | 'after';
}

/** Failures planned for the next calls, each used up by the calls it matches. */
export class Failures {
  private planned: (PlannedFailure & { left: number })[] = [];
  private readonly hanging = new Set<() => void>();

  plan(failure: PlannedFailure): void {
    this.planned.push({ ...failure, left: failure.times ?? 1 });
  }

  clear(): void {
    this.planned = [];
    this.releaseHangs();
  }

  /** Lets every hanging call go, with a 504. */
  releaseHangs(): void {
    for (const release of this.hanging) release();
  }

  take(method: string, path: string): PlannedFailure | undefined {
    const fits = (one: PlannedFailure) => (!one.method || one.method === method) && new RegExp(one.path).test(path);
    const failure = this.planned.find((one) => one.left > 0 && fits(one));
    if (failure) failure.left -= 1;
    return failure;
  }

  async answer(c: Context, failure: PlannedFailure): Promise<Response> {
    const { headers, body } = failure;
    if (failure.kind === 'reset') return cutConnection(c);
    if (failure.kind === 'hang') await this.hang(c.req.raw.signal);
    if (failure.kind === 'status')
      return Response.json(body ?? { message: 'Planned failure' }, { status: failure.status ?? 500, headers });
    const page = '<!doctype html><html><head><title>We will be right back</title></head><body><h1>503</h1></body></html>';
    const status = failure.kind === 'hang' ? 504 : (failure.status ?? 503);
    return new Response(page, { status, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers } });
  }

  private hang(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const release = () => {
        this.hanging.delete(release);
        resolve();
      };
      this.hanging.add(release);
      signal.addEventListener('abort', release, { once: true });
    });
  }
}

/** Only a served simulator has a socket to cut; asked in process, it answers 502. */
function cutConnection(c: Context): Response {
  const incoming: unknown = c.env?.incoming;
  if (typeof incoming !== 'object' || incoming === null || !('socket' in incoming)) return new Response(null, { status: 502 });
  const { socket } = incoming;
  if (typeof socket === 'object' && socket && 'destroy' in socket && typeof socket.destroy === 'function') socket.destroy();
  return new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
}
