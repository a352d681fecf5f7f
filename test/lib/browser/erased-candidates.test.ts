import { beforeEach, describe, expect, test, vi } from 'vitest';
import { World } from './background-harness.ts';
import { memoryDatabase } from './memory-database.ts';
import { json } from './stub-server.ts';
import { ADA, applicationView, BOB, chooserView } from './views.ts';

const ada = applicationView({ candidateName: 'Canary Moreno', firstName: 'Canary' });
const bob = applicationView({ key: 'bob-backend', reference: BOB, candidateName: 'Bob' });
const person = { ats: 'greenhouse', host: 'app.greenhouse.io', kind: 'person', candidateId: '1' } as const;
const ERASED = {
  kind: 'unavailable',
  code: 'erased',
  text: 'This candidate was erased here on 21 November 2025. Tagalong keeps nothing about them and takes nothing new in.',
  mend: null,
} as const;
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { interval: 5 });

let world: World;
let erasedKeys: string[];
let sinces: (string | undefined)[];
beforeEach(async () => {
  world = new World();
  erasedKeys = [];
  sinces = [];
  world.knows(ADA, ada);
  world.knows(BOB, bob);
  world.knows(person, { ...chooserView(['7', '8']), candidateName: 'Canary Moreno' });
  world.server.on('GET', '/api/erased', (_body, url) => {
    sinces.push(url.searchParams.get('since') ?? undefined);
    return json({ keys: erasedKeys, until: `2025-11-21T14:0${sinces.length}:00.000Z` });
  });
  await world.pair();
});

/** Everything that the browser keeps, as text. */
const kept = async () => {
  const database = memoryDatabase(world.idb);
  return JSON.stringify([await database.copies.toArray(), await database.outbox.toArray()]);
};
const openAll = async () => {
  for (const [tabId, page] of [ADA, BOB, person].entries()) {
    world.open(tabId + 1, page);
    await world.ask(tabId + 1);
  }
};
const queueFor = async (key: string) => {
  world.server.isAway = true;
  const answer = await world.background.handlers.send({ ...world.click(key), assessmentId: 'senior-swe' }, world.sender(1));
  expect(answer).toMatchObject({ refused: 'queued' });
  world.server.isAway = false;
};

describe('somebody whom the server has erased', () => {
  test('is told on the stream: copies, choosers and waiting clicks go, and an open panel says so', async () => {
    await openAll();
    await world.streaming();
    await queueFor(ada.key);
    expect(await kept()).toContain('Canary');
    world.knows(ADA, ERASED);
    world.knows(person, ERASED);
    const port = world.open(4, ADA);
    world.tell({ type: 'erased', key: ada.key });
    await until(() => expect(port.states.at(-1)).toMatchObject({ view: ERASED, stale: false, outbox: [] }));
    await until(async () => expect(await kept()).not.toContain('Canary'));
    expect(await kept()).toContain('Bob');
  });

  test('is asked for when the line comes back and at each tidying, from where the answer before ended', async () => {
    await openAll();
    await world.streaming();
    await until(() => expect(sinces).toEqual([undefined]));
    erasedKeys = [ada.key];
    // A new worker, with the same database: nobody has told it anything.
    world.wake();
    await world.background.prune();
    expect(await kept()).not.toContain('Canary');
    expect(await kept()).toContain('Bob');
    expect(sinces).toEqual([undefined, '2025-11-21T14:01:00.000Z']);
  });

  test('is not kept by an answer that was on its way meanwhile', async () => {
    await openAll();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.server.on('GET', '/api/panel', async () => {
      await held;
      return json(ada);
    });
    const late = world.background.handlers.getPanelState({}, { tab: { id: 9, url: world.tabs.get(1) } });
    erasedKeys = [ada.key];
    await world.background.prune();
    release();
    await late;
    expect(await kept()).not.toContain('Canary');
  });

  test('is forgotten when the page is opened and the server says it, whatever was told before', async () => {
    await openAll();
    world.knows(ADA, ERASED);
    await world.background.handlers.getPanelState({}, world.sender(1));
    await until(() => world.ask(1).then((state) => expect(state).toMatchObject({ view: ERASED })));
    const database = memoryDatabase(world.idb);
    expect(await database.copies.where({ applicationKey: ada.key }).count()).toBe(0);
  });

  test('a server that knows no such question changes nothing', async () => {
    await openAll();
    world.server.on('GET', '/api/erased', () => json({ error: { code: 'not-found', message: 'That is not there.' } }, 404));
    await world.background.prune();
    expect(await kept()).toContain('Canary');
  });
});
