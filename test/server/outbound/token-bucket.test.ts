import { describe, expect, it } from 'vitest';
import { type CallPriority, createTokenBucket } from '../../../server/outbound/token-bucket.ts';

function bucketAt(perSecond: number, burst: number) {
  let now = 0;
  const timers: { at: number; run: () => void }[] = [];
  const bucket = createTokenBucket({
    perSecond,
    burst,
    nowMs: () => now,
    schedule: (ms, run) => timers.push({ at: now + ms, run }),
  });
  const went: { name: string; at: number }[] = [];
  const settle = () => new Promise<void>((done) => setImmediate(done));
  return {
    bucket,
    went,
    call: (name: string, priority: CallPriority = 'event') => void bucket.take(priority).then(() => went.push({ name, at: now })),
    async passTo(ms: number) {
      for (;;) {
        await settle();
        const due = timers.sort((a, b) => a.at - b.at)[0];
        if (!due || due.at > ms) break;
        timers.shift();
        now = Math.max(now, due.at);
        due.run();
      }
      now = ms;
      await settle();
    },
  };
}

describe('the allowance of a connection', () => {
  it('lets a burst out at once and the rest at the steady pace', async () => {
    const { call, went, passTo } = bucketAt(10, 3);
    for (let i = 0; i < 8; i++) call(`${i}`);
    await passTo(0);
    expect(went).toHaveLength(3);
    await passTo(1_000);
    expect(went.map(({ at }) => at)).toEqual([0, 0, 0, 100, 200, 300, 400, 500]);
  });

  it('uses at least 95 percent of what is allowed and never more', async () => {
    const { call, went, passTo } = bucketAt(10, 10);
    for (let i = 0; i < 500; i++) call(`${i}`);
    await passTo(30_000);
    expect(went.length).toBeGreaterThanOrEqual(300 * 0.95);
    expect(went.length).toBeLessThanOrEqual(310);
  });

  it('serves a waiting person before events, and the sweep last', async () => {
    const { call, went, passTo } = bucketAt(1, 1);
    call('first');
    call('sweep', 'sweep');
    call('event', 'event');
    call('person', 'person');
    await passTo(5_000);
    expect(went.map(({ name }) => name)).toEqual(['first', 'person', 'event', 'sweep']);
  });

  it('lets nothing out inside a pause', async () => {
    const { bucket, call, went, passTo } = bucketAt(10, 10);
    bucket.pause(5_000);
    bucket.pause(1_000);
    call('a');
    await passTo(4_999);
    expect(went).toEqual([]);
    expect(bucket.pausedForMs()).toBe(1);
    await passTo(5_100);
    expect(went).toEqual([{ name: 'a', at: 5_000 }]);
    expect(bucket.pausedForMs()).toBe(0);
  });
});
