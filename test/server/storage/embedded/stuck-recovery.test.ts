import { expect, test } from 'vitest';
import {
  isAtWork,
  isStuck,
  type RecoveryLook,
  STUCK_FOR_MS,
  type Suspicion,
  suspect,
} from '../../../../server/storage/embedded/stuck-recovery.ts';

const POSTMASTER = 100;
const CHECKPOINTER = { pid: 101, title: 'postgres: checkpointer' };
const WRITER = { pid: 102, title: 'postgres: background writer' };
const STARTUP = { pid: 103, title: 'postgres: startup recovering 000000010000000000000002' };
const answering = (pid: number) => ({ pid, title: '/opt/postgres -D /data' });

type Given = Partial<Omit<RecoveryLook, 'atMs'>>;

/** One look every two seconds, as the watch looks; whether the last one finds it stuck. */
function afterLooks(looks: readonly Given[], everyMs = 2_000): boolean {
  let suspicion: Suspicion | null = null;
  let atMs = 5_000;
  for (const look of looks) {
    atMs += everyMs;
    suspicion = suspect(suspicion, { pid: POSTMASTER, isRefusing: true, children: [CHECKPOINTER, WRITER], ...look, atMs });
  }
  return suspicion !== null && isStuck(suspicion, atMs);
}
const times = (count: number, look: (index: number) => Given = () => ({})) => Array.from({ length: count }, (_, at) => look(at));

test('who refuses for ten seconds and has nobody who recovers is stuck, and not before', () => {
  expect(afterLooks(times(5))).toBe(false);
  expect(afterLooks(times(6))).toBe(true);
});

test('the time counts as well as the looks: neither many at once nor two far apart prove it', () => {
  expect(afterLooks(times(100), 50)).toBe(false);
  expect(afterLooks(times(4), STUCK_FOR_MS * 10)).toBe(false);
  expect(afterLooks(times(5), STUCK_FOR_MS * 10)).toBe(true);
});

test.each([
  'postgres: startup',
  'postgres: startup recovering 000000010000000000000002',
  'postgres: startup waiting for 000000010000000000000002',
  'postgres: of the company: startup',
])('a recovery however long is left alone: "%s"', (title) => {
  expect(afterLooks(times(1_000, () => ({ children: [{ ...STARTUP, title }, CHECKPOINTER] })))).toBe(false);
});

test('a recovery that is seen once begins the time anew', () => {
  expect(afterLooks([...times(5), { children: [STARTUP] }, ...times(5)])).toBe(false);
  expect(afterLooks([...times(5), { children: [STARTUP] }, ...times(6)])).toBe(true);
});

test('the session of a person that comes up is nobody who recovers', () => {
  const session = { pid: 104, title: 'postgres: tagalong tagalong [local] startup' };
  expect(afterLooks(times(6, () => ({ children: [CHECKPOINTER, session] })))).toBe(true);
});

test('who takes connections, stops or is only starting is left alone', () => {
  expect(afterLooks(times(1_000, () => ({ isRefusing: false })))).toBe(false);
  expect(afterLooks([...times(5), { isRefusing: false }, ...times(5)])).toBe(false);
});

test('where the system does not tell who is there, nothing is done', () => {
  expect(afterLooks(times(1_000, () => ({ children: null })))).toBe(false);
});

test('another first process has a time of its own', () => {
  expect(afterLooks([...times(5), ...times(5, () => ({ pid: 200 }))])).toBe(false);
});

test('a process without a name may be the one that recovers, for as long as it has none', () => {
  expect(afterLooks(times(1_000, () => ({ children: [CHECKPOINTER, answering(300)] })))).toBe(false);
  const others = times(1_000, (at) => ({ children: [CHECKPOINTER, answering(300 + at)] }));
  expect(afterLooks(others)).toBe(false);
  expect(afterLooks([...others, {}])).toBe(true);
});

test('who serves or recovers is told by its processes', () => {
  expect(isAtWork([CHECKPOINTER, WRITER, { pid: 1, title: 'postgres: walwriter' }])).toBe(true);
  expect(isAtWork([CHECKPOINTER, WRITER, { pid: 1, title: 'postgres: of the company: walwriter' }])).toBe(true);
  expect(isAtWork([STARTUP])).toBe(true);
  expect(isAtWork([CHECKPOINTER, WRITER, answering(1)])).toBe(false);
  expect(isAtWork([])).toBe(false);
});
