import { describe, expect, it } from 'vitest';
import { LEVER_ALLOWANCE } from '../../../server/ats/lever/client.ts';
import type { AnswerHead } from '../../../server/outbound/rate-limiter.ts';
import { createLimiterWorld, fixedWindows, leverLimits } from './limiter-world.ts';

const WINDOW = { kind: 'window' } as const;
const many = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

describe('the allowance of Greenhouse, shared by two processes', () => {
  it.each([
    { limit: 75, seconds: 30, skewMs: 0 },
    { limit: 50, seconds: 10, skewMs: 180_000 },
    { limit: 60, seconds: 3, skewMs: -95_400 },
    { limit: 200, seconds: 60, skewMs: 700 },
  ])(
    'is used to 95 % at least, without a 429: $limit in $seconds s, clocks $skewMs ms apart',
    async ({ limit, seconds, skewMs }) => {
      const greenhouse = fixedWindows({ limit: () => limit, seconds });
      const world = createLimiterWorld(WINDOW, greenhouse.ats, { latencyMs: 60, skewMs });
      const processes = [world.process('a'), world.process('bb')];
      const windows = 8;
      // Always somebody who asks, as the backlog's feeder sees to it.
      const until = seconds * 1000 * windows;
      const worker = async (index: number) => {
        while (world.now() < until) {
          const { result } = await world.call(processes[index % 2] ?? world.process('c'), `${index}`);
          if (result === 'refused') await world.sleep(100);
        }
      };
      for (let index = 0; index < 40; index += 1) void worker(index);
      await world.passTo(until);
      expect(greenhouse.refused()).toBe(0);
      const perWindow = Map.groupBy(greenhouse.seen, ({ window }) => window);
      const whole = [...perWindow.values()].slice(1, -1).map((calls) => calls.length);
      expect(whole.length).toBeGreaterThanOrEqual(windows - 2);
      expect(whole.reduce((sum, count) => sum + count, 0) / (whole.length * limit)).toBeGreaterThanOrEqual(0.95);
    },
  );

  it('that shrinks and grows from one window to the next costs no 429', async () => {
    const limits = [60, 20, 90, 1, 60, 40];
    const greenhouse = fixedWindows({ limit: (at) => limits[Math.floor(at / 5000) % limits.length] ?? 60, seconds: 5 });
    const world = createLimiterWorld(WINDOW, greenhouse.ats);
    const processes = [world.process('a'), world.process('bb')];
    const worker = async (index: number) => {
      while (world.now() < 60_000) {
        const { result } = await world.call(processes[index % 2] ?? world.process('c'), `${index}`);
        if (result === 'refused') await world.sleep(100);
      }
    };
    for (let index = 0; index < 30; index += 1) void worker(index);
    await world.passTo(60_000);
    expect(greenhouse.refused()).toBe(0);
    const whole = [...Map.groupBy(greenhouse.seen, ({ window }) => window).values()].slice(1, -1);
    const allowed = whole.reduce((sum, calls) => sum + (calls[0]?.limit ?? 0), 0);
    expect(whole.flat().length / allowed).toBeGreaterThanOrEqual(0.95);
  });

  it('is asked about one call at a time until the first answer has told', async () => {
    const arrivals: number[] = [];
    const greenhouse = fixedWindows({ limit: () => 75, seconds: 30 });
    const world = createLimiterWorld(
      WINDOW,
      (at) => {
        arrivals.push(at);
        return greenhouse.ats(at);
      },
      { latencyMs: 1_000 },
    );
    const limiter = world.process('a');
    for (const name of many(5)) void world.call(limiter, name);
    await world.passTo(750);
    expect(arrivals).toHaveLength(1);
    await world.passTo(4_000);
    expect(arrivals).toHaveLength(5);
  });

  it('of which others take their part is obeyed as it is told', async () => {
    const greenhouse = fixedWindows({ limit: () => 60, seconds: 10 });
    const world = createLimiterWorld(WINDOW, greenhouse.ats);
    const limiter = world.process('a');
    void world.call(limiter, 'first');
    await world.passTo(1_000);
    greenhouse.useElsewhere(greenhouse.seen[0]?.at ?? 0, 40);
    void world.call(limiter, 'second');
    await world.passTo(2_000);
    for (const name of many(40)) void world.call(limiter, name, 'person');
    await world.passTo(4_000);
    expect(greenhouse.seen).toHaveLength(20);
    expect(greenhouse.refused()).toBe(0);
  });

  it.each([
    { limit: 50, seconds: 10, everyMs: 700, calls: 1 },
    { limit: 50, seconds: 30, everyMs: 2_600, calls: 2 },
    { limit: 75, seconds: 30, everyMs: 700, calls: 1 },
  ])(
    'of which others take theirs all the time costs no 429, and little of ours: $calls each $everyMs ms of $limit in $seconds s',
    async ({ limit, seconds, everyMs, calls }) => {
      const greenhouse = fixedWindows({ limit: () => limit, seconds });
      const world = createLimiterWorld(WINDOW, greenhouse.ats, { latencyMs: 120 });
      const processes = [world.process('a'), world.process('bb')];
      const until = seconds * 1000 * 8;
      const worker = async (index: number) => {
        while (world.now() < until) {
          const { result } = await world.call(processes[index % 2] ?? world.process('c'), `${index}`);
          if (result === 'refused') await world.sleep(100);
        }
      };
      const others = async () => {
        while (world.now() < until) {
          await world.sleep(everyMs);
          greenhouse.useElsewhere(Date.parse('2026-11-21T12:00:00Z') + world.now(), calls);
        }
      };
      void others();
      for (let index = 0; index < 6; index += 1) void worker(index);
      await world.passTo(until);
      const whole = [...Map.groupBy(greenhouse.seen, ({ window }) => window).values()].slice(1, -1);
      expect(whole.flat().filter(({ status }) => status === 429)).toEqual([]);
      const theirs = Math.ceil((seconds * 1000) / everyMs) * calls;
      const ours = whole.flat().length / (whole.length * Math.max(limit - theirs, 1));
      expect(ours).toBeGreaterThanOrEqual(0.6);
    },
  );

  it('is asked anew when our clock was set back, instead of waiting for an end that is as much later', async () => {
    const greenhouse = fixedWindows({ limit: () => 10, seconds: 10 });
    const world = createLimiterWorld(WINDOW, greenhouse.ats);
    const limiter = world.process('a');
    for (const name of many(10)) void world.call(limiter, name, 'person');
    await world.passTo(2_000);
    expect(greenhouse.seen).toHaveLength(10);
    world.setClock(-600_000);
    // Another process knows no time but the one that the store shows.
    const other = world.process('bb');
    await world.passTo(11_000);
    void world.call(other, 'later', 'person');
    await world.passTo(14_000);
    expect(world.outcomes.find(({ name }) => name === 'later')?.result).toBe(200);
  });

  it.each([
    ['no headers at all', ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'date']],
    ['no reset', ['x-ratelimit-reset']],
  ])('that is not told (%s) is used carefully: a 429 is a pause for as long as it says', async (_, without) => {
    const greenhouse = fixedWindows({ limit: () => 50, seconds: 10, without });
    const world = createLimiterWorld(WINDOW, greenhouse.ats);
    const limiter = world.process('a');
    for (let at = 0; at < 60_000; at += 100) {
      for (const name of many(3)) void world.call(limiter, name);
      await world.passTo(at);
    }
    const first = greenhouse.seen.filter(({ status }) => status === 429);
    // At most what was on its way when the first 429 came, in each window.
    expect(first.length).toBeLessThanOrEqual(6 * 8);
    for (const { at, window } of first) {
      const inside = greenhouse.seen.filter((call) => call.at > at + 50 && call.window === window);
      expect(inside).toEqual([]);
    }
  });

  it('is told to be short where it is used up, and not where many only wait for the first answer', async () => {
    const greenhouse = fixedWindows({ limit: () => 40, seconds: 100 });
    const world = createLimiterWorld(WINDOW, greenhouse.ats);
    const limiter = world.process('a');
    const calls = many(20).map((name) => world.call(limiter, name));
    await world.passTo(1_000);
    expect((await Promise.all(calls)).filter(({ result }) => result === 'refused').length).toBeGreaterThan(0);
    expect(limiter.shortAt()).toBe(Number.NEGATIVE_INFINITY);
    for (const name of many(60)) void world.call(limiter, name);
    await world.passTo(3_000);
    expect(greenhouse.refused()).toBe(0);
    expect(limiter.shortAt()).toBeGreaterThan(1e6);
  });

  it('refuses who waits when its process ends, and whoever asks after that', async () => {
    const greenhouse = fixedWindows({ limit: () => 4, seconds: 100 });
    const world = createLimiterWorld(WINDOW, greenhouse.ats);
    const limiter = world.process('a');
    for (const name of many(6)) void world.call(limiter, name, 'sweep');
    await world.passTo(1_000);
    const before = world.outcomes.filter(({ result }) => result === 'refused').length;
    void world.call(limiter, 'waits', 'sweep');
    limiter.stop();
    void world.call(limiter, 'late', 'person');
    await world.passTo(1_010);
    const refused = world.outcomes.filter(({ result }) => result === 'refused').slice(before);
    expect(refused.map(({ name }) => name).toSorted()).toEqual(['late', 'waits']);
  });

  it.each([
    ['reads what there is', 0],
    ['takes its part', 1],
  ])('goes to those for whom it is taken while the process ends (it just %s), and the others are refused', async (_what, at) => {
    const lever = leverLimits({ perSecond: 1e6, burst: 1e6 });
    const world = createLimiterWorld({ kind: 'bucket', perSecond: 0.1, burst: 3, spare: 0 }, lever.ats);
    const limiter = world.process('a');
    for (const name of many(5)) void world.call(limiter, name, 'sweep');
    await world.passTo(at);
    limiter.stop();
    void world.call(limiter, 'late', 'person');
    await world.passTo(1_000);
    const results = world.outcomes.toSorted((a, b) => a.name.localeCompare(b.name)).map(({ result }) => result);
    expect(results).toEqual([200, 200, 'refused', 'refused', 'refused', 'refused']);
    expect(lever.seen).toHaveLength(2);
    const next = world.process('bb').left();
    await world.passTo(1_100);
    // As many as were used, and no more.
    expect(await next).toMatchObject({ kind: 'bucket', remaining: 3 - lever.seen.length });
  });

  it('is not given to a call of a killed process for ever', async () => {
    const greenhouse = fixedWindows({ limit: () => 10, seconds: 100 });
    const world = createLimiterWorld(WINDOW, greenhouse.ats);
    const killed = world.process('killed');
    await Promise.all([world.call(killed, 'first'), world.passTo(100)]);
    for (const _ of many(4)) void killed.ask();
    await world.passTo(200);
    killed.stop();
    const limiter = world.process('a');
    for (const name of many(9)) void world.call(limiter, name, 'person');
    await world.passTo(1_000);
    // Four may have been counted.
    expect(greenhouse.seen).toHaveLength(1 + 5);
    await world.passTo(40_000);
    for (const name of many(9)) void world.call(limiter, name, 'person');
    await world.passTo(41_000);
    expect(greenhouse.seen).toHaveLength(10);
    expect(greenhouse.refused()).toBe(0);
  });
});

describe('the allowance of Lever, shared by two processes', () => {
  it('is used to 95 % at least, without a 429 however Lever counts', async () => {
    const lever = leverLimits();
    const world = createLimiterWorld(LEVER_ALLOWANCE, lever.ats, { latencyMs: 150 });
    const processes = [world.process('a'), world.process('bb')];
    const worker = async (index: number) => {
      while (world.now() < 60_000) {
        const { result } = await world.call(processes[index % 2] ?? world.process('c'), `${index}`);
        if (result === 'refused') await world.sleep(100);
      }
    };
    for (let index = 0; index < 30; index += 1) void worker(index);
    await world.passTo(60_000);
    expect(lever.refused()).toBe(0);
    const start = lever.seen[0]?.at ?? 0;
    const counted = lever.seen.filter(({ at }) => at >= start + 5_000 && at < start + 55_000);
    expect(counted.length / 500).toBeGreaterThanOrEqual(0.95);
  });

  it('is not blamed on Lever where people wait only for each other', async () => {
    const lever = leverLimits();
    const world = createLimiterWorld(LEVER_ALLOWANCE, lever.ats, { latencyMs: 150 });
    const processes = [world.process('a'), world.process('bb')];
    for (const [index, name] of many(120).entries()) void world.call(processes[index % 2] ?? world.process('c'), name, 'person');
    await world.passTo(30_000);
    const refused = world.outcomes.filter(({ result }) => result === 'refused');
    expect(lever.refused()).toBe(0);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused.filter(({ inOurQueue }) => !inOurQueue)).toEqual([]);
  });

  it('pauses longer with each 429 that says nothing', async () => {
    const times: number[] = [];
    const answer: AnswerHead = { status: 429, headers: {} };
    const world = createLimiterWorld(LEVER_ALLOWANCE, (at) => {
      times.push(at);
      return answer;
    });
    const limiter = world.process('a');
    void world.workOff(limiter, 'stubborn');
    await world.passTo(60_000);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(pauses.length).toBeGreaterThanOrEqual(3);
    for (const [index, pause] of pauses.slice(1).entries()) expect(pause).toBeGreaterThan((pauses[index] ?? 0) * 1.05);
  });

  it('stays away as long as Lever says, in seconds or as a date', async () => {
    const arrivals: number[] = [];
    const world = createLimiterWorld(LEVER_ALLOWANCE, (at) => {
      arrivals.push(at);
      const asked: AnswerHead = { status: 429, headers: { 'retry-after': '30' } };
      return arrivals.length === 1 ? asked : { status: 200, headers: {} };
    });
    const [first, second] = [world.process('a'), world.process('bb')];
    void world.call(first, 'one');
    await world.passTo(1_000);
    void world.call(second, 'two');
    await world.passTo(29_000);
    expect(arrivals).toHaveLength(1);
    expect(world.outcomes.find(({ name }) => name === 'two')).toMatchObject({ result: 'refused' });
    expect(world.outcomes.find(({ name }) => name === 'two')?.retryAfterMs).toBeGreaterThan(28_000);
    expect(world.outcomes.find(({ name }) => name === 'two')?.inOurQueue).toBe(false);
    await world.passTo(33_000);
    void world.call(second, 'three');
    await world.passTo(34_000);
    expect(arrivals).toHaveLength(2);
  });
});

describe('who goes first', () => {
  it('a person never waits behind automatic work, in whichever process', async () => {
    const lever = leverLimits();
    const world = createLimiterWorld(LEVER_ALLOWANCE, lever.ats);
    const [busy, other] = [world.process('a'), world.process('bb')];
    const worker = async (name: string) => {
      while (world.now() < 20_000) {
        const { result } = await world.call(busy, name);
        if (result === 'refused') await world.sleep(50);
      }
    };
    for (const name of many(40)) void worker(name);
    await world.passTo(10_000);
    for (const name of ['click 1', 'click 2', 'click 3']) void world.call(other, name, 'person');
    await world.passTo(10_000 + 250);
    const clicks = world.outcomes.filter(({ name }) => name.startsWith('click'));
    expect(clicks.map(({ result }) => result)).toEqual([200, 200, 200]);
    expect(lever.refused()).toBe(0);
  });

  it('while people wait in one process, automatic work of another takes nothing', async () => {
    const lever = leverLimits({ perSecond: 1e6, burst: 1e6 });
    const world = createLimiterWorld({ kind: 'bucket', perSecond: 10, burst: 1, spare: 0 }, lever.ats, { latencyMs: 2 });
    const [busy, other] = [world.process('a'), world.process('bb')];
    const worker = async (name: string) => {
      while (world.now() < 20_000) {
        const { result } = await world.call(busy, name);
        if (result === 'refused') await world.sleep(50);
      }
    };
    for (const name of many(20)) void worker(name);
    await world.passTo(10_000);
    for (const name of many(10)) void world.call(other, `click ${name}`, 'person');
    await world.passTo(11_150);
    const served = world.outcomes.filter(({ at, result }) => at > 10_000 && result === 200).map(({ name }) => name);
    expect(served.filter((name) => name.startsWith('click'))).toHaveLength(10);
    // One may have been on its way when the first of them began to wait.
    expect(served.length).toBeLessThanOrEqual(12);
    await world.passTo(15_000);
    expect(world.outcomes.filter(({ at, result }) => at > 12_000 && result === 200).length).toBeGreaterThan(25);
  });

  it('people who waited in a process that was killed hold nobody up for long', async () => {
    const lever = leverLimits({ perSecond: 1e6, burst: 1e6 });
    const world = createLimiterWorld({ kind: 'bucket', perSecond: 1, burst: 1, spare: 0 }, lever.ats, { latencyMs: 2 });
    const [killed, other] = [world.process('killed'), world.process('a')];
    for (const _ of many(3)) void world.call(killed, 'gone', 'person');
    await world.passTo(500);
    killed.stop();
    await world.passTo(2_100);
    void world.call(other, 'work');
    await world.passTo(3_200);
    expect(world.outcomes.filter(({ name }) => name === 'work')).toMatchObject([{ result: 200 }]);
  });

  it('a window that automatic work has used has something left for people until it nears its end, and then for everybody', async () => {
    const greenhouse = fixedWindows({ limit: () => 75, seconds: 30 });
    const world = createLimiterWorld(WINDOW, greenhouse.ats);
    const [busy, other] = [world.process('a'), world.process('bb')];
    const worker = async (name: string) => {
      while (world.now() < 29_900) {
        const { result } = await world.call(busy, name);
        if (result === 'refused') await world.sleep(50);
      }
    };
    for (const name of many(40)) void worker(name);
    await world.passTo(21_000);
    expect(greenhouse.seen).toHaveLength(60);
    for (const name of many(5)) void world.call(other, `click ${name}`, 'person');
    await world.passTo(21_500);
    expect(world.outcomes.filter(({ name, result }) => name.startsWith('click') && result === 200)).toHaveLength(5);
    await world.passTo(29_900);
    expect(greenhouse.seen).toHaveLength(75);
    expect(greenhouse.refused()).toBe(0);
  });

  it('automatic work goes before the sweep', async () => {
    const lever = leverLimits();
    const world = createLimiterWorld(LEVER_ALLOWANCE, lever.ats);
    const [sweeping, working] = [world.process('a'), world.process('bb')];
    for (const name of many(40)) void world.call(sweeping, `sweep ${name}`, 'sweep');
    await world.passTo(500);
    const swept = world.outcomes.length;
    for (const name of many(8)) void world.call(working, `work ${name}`);
    await world.passTo(1_300);
    const worked = world.outcomes.filter(({ name, result }) => name.startsWith('work') && result === 200);
    expect(worked).toHaveLength(8);
    expect(world.outcomes.filter(({ name }) => name.startsWith('sweep')).length).toBeLessThanOrEqual(swept + 2);
    await world.passTo(8_000);
    expect(world.outcomes.filter(({ result }) => result === 200)).toHaveLength(48);
  });

  it('those that are told to come back come back one after another, not all at once', async () => {
    const greenhouse = fixedWindows({ limit: () => 10, seconds: 30 });
    const world = createLimiterWorld(WINDOW, greenhouse.ats);
    const limiter = world.process('a');
    for (const name of many(60)) void world.call(limiter, name);
    await world.passTo(5_000);
    const told = world.outcomes.filter(({ result }) => result === 'refused').map(({ at, retryAfterMs }) => at + retryAfterMs);
    expect(told.length).toBeGreaterThan(40);
    expect(new Set(told.map((at) => Math.floor(at / 1_000))).size).toBeGreaterThan(told.length * 0.8);
  });
});

it('a call costs about one round trip to the store', async () => {
  const lever = leverLimits({ perSecond: 1e6, burst: 1e6 });
  const world = createLimiterWorld({ kind: 'bucket', perSecond: 1e5, burst: 1e5, spare: 10 }, lever.ats);
  const limiter = world.process('a');
  for (let at = 0; at < 10_000; at += 200) {
    void world.call(limiter, `${at}`);
    await world.passTo(at);
  }
  // One for the leave, and one that tells the others that it has ended.
  expect(world.trips.count).toBeLessThanOrEqual(50 * 2 + 2);
});

it('a store that fails fails those who wait, and is asked anew by the next', async () => {
  const lever = leverLimits();
  const world = createLimiterWorld(LEVER_ALLOWANCE, lever.ats);
  const limiter = world.process('a');
  world.store.failNext(1);
  const first = limiter.ask();
  const failed = expect(first).rejects.toThrow('the store is down');
  await world.passTo(100);
  await failed;
  void world.call(limiter, 'next');
  await world.passTo(200);
  expect(world.outcomes).toMatchObject([{ name: 'next', result: 200 }]);
});

it('what is left can be read without a call', async () => {
  const greenhouse = fixedWindows({ limit: () => 75, seconds: 30 });
  const world = createLimiterWorld(WINDOW, greenhouse.ats);
  const limiter = world.process('a');
  const before = limiter.left();
  await world.passTo(10);
  expect(await before).toBeNull();
  void world.call(limiter, 'one');
  await world.passTo(1_000);
  const after = world.process('bb').left();
  await world.passTo(1_010);
  const left = await after;
  expect(left).toMatchObject({ kind: 'window', limit: 75, remaining: 74, pausedForMs: 0 });
  expect(left?.kind === 'window' && left.resetsInMs).toBeGreaterThan(28_000);
});

describe('an allowance of which nobody tells', () => {
  const UNTOLD = { kind: 'untold' } as const;

  it('holds nothing back until it is refused; then all processes keep the pause, and one call asks before the others go', async () => {
    const arrivals: number[] = [];
    let isFull = false;
    const world = createLimiterWorld(UNTOLD, (at): AnswerHead => {
      arrivals.push(at);
      return isFull ? { status: 429, headers: { 'retry-after': '30' } } : { status: 200, headers: {} };
    });
    const processes = [world.process('a'), world.process('bb')] as const;
    for (const name of many(40)) void world.call(processes[0], name);
    await world.passTo(200);
    expect(arrivals).toHaveLength(40);
    isFull = true;
    void world.call(processes[0], 'refused');
    await world.passTo(400);
    isFull = false;
    arrivals.length = 0;
    for (const name of many(20)) {
      const process = processes[Number(name) % 2] ?? processes[0];
      void world.workOff(process, name);
    }
    await world.passTo(29_900);
    expect(arrivals).toHaveLength(0);
    expect(world.outcomes.filter(({ result }) => result === 'refused').every(({ inOurQueue }) => !inOurQueue)).toBe(true);
    await world.passTo(60_000);
    expect(arrivals).toHaveLength(20);
  });
});

it('many who ask one soon after the other share ways to the store; who asks alone waits for nobody', async () => {
  const world = createLimiterWorld(WINDOW, fixedWindows({ limit: () => 10_000, seconds: 600 }).ats);
  const limiter = world.process('a');
  await Promise.all([world.call(limiter, 'first'), world.passTo(1_000)]);
  const alone = world.now();
  const asked = world.call(limiter, 'alone');
  await world.passTo(alone + 100);
  expect((await asked).at - alone).toBeLessThanOrEqual(1 + 30);
  const before = world.trips.count;
  const callers = Array.from({ length: 1_200 }, async (_, number) => {
    await world.sleep(number / 4);
    return await world.call(limiter, `${number}`);
  });
  await world.passTo(2_000);
  expect((await Promise.all(callers)).every(({ result }) => result === 200)).toBe(true);
  // One in 6 ms while they come, and some at the end for what has ended.
  expect(world.trips.count - before).toBeLessThan(300 / 6 + 20);
});
