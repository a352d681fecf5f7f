import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Loop, startLoop } from '../../../server/jobs/loop.ts';

let loop: Loop | undefined;
afterEach(() => loop?.stop());

const log = pino({ level: 'silent' });

describe('how a loop fares', () => {
  it('tells for how long a run has not come back, and since when none ended well', async () => {
    let now = 1000;
    let finish = (_done: number) => {};
    const chore = () =>
      new Promise<number>((resolve) => {
        finish = resolve;
      });
    loop = startLoop({ name: 'relay', everyMs: 60_000, chore, log, steadyMs: () => now });
    now = 5000;
    expect(loop.state()).toEqual({ name: 'relay', runningForMs: 4000, quietForMs: 4000 });
    const quiet = loop;
    finish(0);
    await vi.waitFor(() => expect(quiet.state()).toEqual({ name: 'relay', runningForMs: 0, quietForMs: 0 }));
    now = 7000;
    expect(loop.state()).toEqual({ name: 'relay', runningForMs: 0, quietForMs: 2000 });
  });

  it('a run that fails is over, but did not end well', async () => {
    let now = 0;
    let runs = 0;
    const chore = async () => {
      runs += 1;
      throw new Error('no');
    };
    loop = startLoop({ name: 'polls', everyMs: 1, chore, log, steadyMs: () => now });
    await vi.waitFor(() => expect(runs).toBeGreaterThan(2));
    now = 9000;
    expect(loop.state().quietForMs).toBe(9000);
  });
});
