import { signReport } from './sign-report.ts';
import type { ByteboardReport, ByteboardWorld } from './world.ts';

const ANSWER_WITHIN_MS = 10_000;

/** Sends signed reports, and remembers them to send again. */
export function createReporter(world: ByteboardWorld, fetch: typeof globalThis.fetch) {
  const sent: { id: string; body: string; at: Date; status: number | null }[] = [];
  const underway = new Set<Promise<unknown>>();

  const post = async ({ id, body, at }: { id: string; body: string; at: Date }, secret: string): Promise<number | null> => {
    if (!world.webhook) throw new Error('No webhook is set: nobody to report to');
    try {
      const headers = { 'content-type': 'application/json', ...signReport({ secret, id, at, body }) };
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const answer = await fetch(world.webhook.url, { method: 'POST', redirect: 'manual', headers, body, signal });
      await answer.body?.cancel();
      return answer.status;
    } catch (error) {
      note('report failed', null, { id, error: String(error) });
      return null;
    }
  };

  const note = (what: string, status: number | null, detail: Record<string, unknown>) =>
    world.journal.add({ simulator: 'byteboard', kind: 'webhook', what, status, detail });

  const send = async (report: ByteboardReport, secret: string): Promise<number | null> => {
    const delivery = { id: `msg_${world.newId()}`, body: JSON.stringify(report), at: world.now() };
    const status = await post(delivery, secret);
    sent.push({ ...delivery, status });
    if (status !== null) note(report.state, status, { id: delivery.id, body: report });
    return status;
  };

  const tracked = <T>(run: Promise<T>): Promise<T> => {
    underway.add(run);
    void run.finally(() => underway.delete(run)).catch(() => {});
    return run;
  };

  return {
    /** Answers the receiver's status; null when there was no answer. `secret`: signs with another one. */
    report: (report: ByteboardReport, secret = world.webhook?.secret ?? ''): Promise<number | null> =>
      tracked(send(report, secret)),

    /** The last report once more: same id, same bytes, same signature. */
    async repeatLast(): Promise<number | null> {
      const last = sent.at(-1);
      if (!last) throw new Error('Nothing was sent yet');
      const status = await tracked(post(last, world.webhook?.secret ?? ''));
      note('repeated', status, { id: last.id });
      return status;
    },

    async settle(): Promise<void> {
      while (underway.size > 0) await Promise.allSettled(underway);
    },
  };
}

export type Reporter = ReturnType<typeof createReporter>;
