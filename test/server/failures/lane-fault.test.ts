import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test, vi } from 'vitest';
import { retryFailure } from '../../../server/failures/retry-failure.ts';
import { CHANGES_CHANNEL } from '../../../server/jobs/announce.ts';
import { LISTEN_TO_CHANGES } from '../../../server/jobs/changes.ts';
import { wakeDue } from '../../../server/jobs/timers.ts';
import { applications, failures, inputs } from '../../../server/storage/schema.ts';
import type { Input } from '../../../server/workflow/input.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
/** As a row of a version that is no more, or of a fault of ours: nothing knows what to do with it. */
const POISON = { kind: 'nothing-known' } as unknown as Input;

/** What the background does when something is due, until that is over. */
async function passTime(p: Pipeline, seconds: number): Promise<void> {
  p.pass(seconds);
  p.queue.lanes.length = 0;
  await wakeDue(p.parts);
  for (const key of new Set(p.queue.lanes)) await p.lane(key);
}

/** What is announced to every process while this runs, as `key version`. */
async function heardWhile(p: Pipeline, work: () => Promise<void>): Promise<string[]> {
  const session = await p.pool.connect();
  try {
    const heard: string[] = [];
    session.on('notification', ({ payload }) => void heard.push(payload ?? ''));
    await session.query(LISTEN_TO_CHANGES);
    await work();
    // Heard in the order of the commits, so that nothing is still on its way behind it.
    await session.query('select pg_notify($1, $2)', [CHANGES_CHANNEL, 'end']);
    await vi.waitFor(() => expect(heard.at(-1)).toBe('end'));
    return heard.slice(0, -1).map((payload) => {
      const { key, version } = JSON.parse(payload) as { key: string; version: number };
      return `${key} ${version}`;
    });
  } finally {
    session.release(true);
  }
}

const list = (p: Pipeline) => p.db.select().from(failures).orderBy(failures.key);

describe('an input on which every round fails', () => {
  test('holds up no click before or behind it, is tried again, and ends on the failures list', async () => {
    const p = given();
    const key = await p.apply();
    await p.look(key);
    await p.click(key);
    await p.put(key, POISON, 'poison');
    await p.click(key);
    await p.lane(key);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'held' }]);
    expect((await p.waitingInputs(key)).map((input) => input.key)).toEqual(['poison']);
    expect(await list(p)).toMatchObject([{ kind: 'job', state: 'retried', times: 1 }]);
    await passTime(p, 3);
    expect(await list(p)).toMatchObject([{ state: 'retried', times: 2 }]);
    await passTime(p, 9);
    expect(await p.waitingInputs(key)).toEqual([]);
    expect(await list(p)).toMatchObject([
      {
        applicationKey: key,
        state: 'open',
        times: 3,
        reason: { code: 'input-failed', values: { input: 'nothing-known', fault: 'TypeError' } },
      },
    ]);
    await p.settle();
    expect((await p.row(key))?.readTrouble).toBeNull();
    // What goes well from now on does not take it off the list.
    await p.look(key);
    expect(await list(p)).toMatchObject([{ state: 'open', times: 3 }]);
    const [poison] = await p.db.select().from(inputs).where(eq(inputs.key, 'poison'));
    expect(poison?.decisionId).toBeNull();
  });

  test('that was put aside, is mended and tried again by somebody, is settled when it is taken in, and not before', async () => {
    const p = given();
    const key = await p.apply();
    await p.look(key);
    await p.put(key, POISON, 'poison');
    await p.lane(key);
    for (const seconds of [3, 9]) await passTime(p, seconds);
    await p.look(key);
    const retry = async () => {
      const [failure] = await list(p);
      const member = { id: randomUUID(), name: 'Rosa', role: 'admin' } as const;
      const again = { failure: failure ?? expect.fail('nothing failed'), member, checked: false };
      expect(await retryFailure({ services: p.services, queue: p.queue }, again)).toBe('retried');
    };
    await retry();
    await p.lane(key);
    expect(await list(p)).toMatchObject([{ state: 'retried', times: 4 }]);
    for (const seconds of [3, 9]) await passTime(p, seconds);
    expect(await list(p)).toMatchObject([{ state: 'open', times: 6 }]);
    await p.look(key);
    const click = { kind: 'add-tag', actionId: randomUUID(), by: BEN, tag: 'Other' };
    await p.db.update(inputs).set({ input: click }).where(eq(inputs.key, 'poison'));
    await retry();
    await p.lane(key);
    expect(await p.codes(key)).toContain('tag-requested');
    expect(await list(p)).toMatchObject([{ state: 'settled', times: 6 }]);
  });

  test('is told live each time, also when it is put aside: whoever waits for a click learns that it came to nothing', async () => {
    const p = given();
    const key = await p.apply();
    await p.look(key);
    await p.put(key, POISON, 'poison');
    const versionNow = async () => `${key} ${(await p.row(key))?.version}`;
    expect(await heardWhile(p, async () => void (await p.lane(key)))).toContain(await versionNow());
    expect(await heardWhile(p, () => passTime(p, 3))).toContain(await versionNow());
    expect(await p.waitingInputs(key)).toHaveLength(1);
    const heard = await heardWhile(p, () => passTime(p, 9));
    expect(await p.waitingInputs(key)).toEqual([]);
    expect(heard).toContain(await versionNow());
  });
});

describe('an application on which every round fails', () => {
  test('is on the list after a few tries, is tried ever more seldom, and works again once it is mended', async () => {
    const p = given();
    const key = await p.apply();
    await p.look(key);
    const [row] = await p.db.select().from(applications).where(eq(applications.key, key));
    await p.db
      .update(applications)
      .set({ state: { ...row?.state, advances: 7 } as never })
      .where(eq(applications.key, key));
    await p.click(key);
    await p.hint(key);
    p.ats.onRead = () => {
      throw new RangeError('candidate ada@mail.example cannot be read');
    };
    await p.lane(key);
    const seconds = [1, 3, 9, 33, 129];
    const reads: number[] = [];
    for (const each of seconds) {
      await passTime(p, each);
      reads.push(p.ats.count('readSnapshot'));
    }
    const [failure] = await list(p);
    expect(failure).toMatchObject({
      key: `job:lane:${key}`,
      state: 'open',
      reason: { code: 'lane-failed', values: { fault: 'RangeError' } },
    });
    expect(JSON.stringify(failure)).not.toContain('ada@');
    expect((await p.row(key))?.readTrouble).toBe('fault 5');
    expect(await p.waitingInputs(key)).toHaveLength(1);
    p.ats.onRead = () => undefined;
    await p.db
      .update(applications)
      .set({ state: row?.state as never })
      .where(eq(applications.key, key));
    await passTime(p, 3600);
    expect(await p.waitingInputs(key)).toEqual([]);
    expect(await list(p)).toMatchObject([{ state: 'settled' }]);
    expect((await p.row(key))?.readTrouble).toBeNull();
  });

  test('a fault that passes is never shown as open', async () => {
    const p = given();
    const key = await p.apply();
    await p.hint(key);
    let faults = 2;
    p.ats.onRead = () => {
      if (faults-- > 0) throw new Error('once');
    };
    await p.lane(key);
    expect(await list(p)).toMatchObject([{ state: 'retried' }]);
    await passTime(p, 3);
    expect(await list(p)).toMatchObject([{ state: 'settled', times: 1 }]);
  });
});
