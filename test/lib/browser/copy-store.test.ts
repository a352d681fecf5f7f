import { expect, test } from 'vitest';
import { createCopyStore, isShownOn } from '../../../lib/browser/copy-store.ts';
import { memoryDatabase } from './memory-database.ts';
import { ADA, applicationView, BOB, chooserView } from './views.ts';

const at = (time: string) => () => new Date(time);
const person = { ats: 'greenhouse', host: 'app.greenhouse.io', kind: 'person', candidateId: '1' } as const;

test('the last known copy of a page is kept with its time and found again by a new worker', async () => {
  const database = memoryDatabase();
  await createCopyStore(database, at('2025-11-21T14:02:00.000Z')).save(ADA, applicationView());
  const copy = await createCopyStore(database, at('2025-11-21T15:00:00.000Z')).find(ADA);
  expect(copy).toEqual({ page: ADA, view: applicationView(), viewAt: '2025-11-21T14:02:00.000Z' });
  expect(await createCopyStore(database, at('2025-11-21T15:00:00.000Z')).find(BOB)).toBeNull();
});

test('after seven days a copy is neither shown nor kept', async () => {
  const database = memoryDatabase();
  await createCopyStore(database, at('2025-11-01T00:00:00.000Z')).save(ADA, applicationView());
  const week = createCopyStore(database, at('2025-11-08T00:00:00.000Z'));
  expect(await week.find(ADA)).not.toBeNull();
  const later = createCopyStore(database, at('2025-11-08T00:00:00.001Z'));
  expect(await later.find(ADA)).toBeNull();
  await later.prune();
  expect(await database.copies.count()).toBe(0);
});

test('a copy that another version of the extension wrote differently counts as none', async () => {
  const database = memoryDatabase();
  const store = createCopyStore(database, at('2025-11-21T14:02:00.000Z'));
  await store.save(ADA, applicationView());
  await database.copies.toCollection().modify({ view: { kind: 'application', key: 1 } });
  expect(await store.find(ADA)).toBeNull();
  expect(await store.findByApplication('ada-backend')).toEqual([]);
});

test('"unavailable" never replaces what was known', async () => {
  const store = createCopyStore(memoryDatabase(), at('2025-11-21T14:02:00.000Z'));
  await store.save(ADA, applicationView());
  await store.save(ADA, { kind: 'unavailable', code: 'ats-unavailable', text: 'Lever cannot be reached.', mend: null });
  expect((await store.find(ADA))?.view).toEqual(applicationView());
});

test('an application belongs to the page it was shown on, and to no other', async () => {
  const store = createCopyStore(memoryDatabase(), at('2025-11-21T14:02:00.000Z'));
  await store.save(ADA, applicationView());
  await store.save(person, chooserView(['7']));
  const shown = await store.findByApplication('ada-backend');
  expect(isShownOn(ADA, shown)).toBe(true);
  expect(isShownOn(BOB, shown)).toBe(false);
  expect(isShownOn(person, shown)).toBe(false);
});
