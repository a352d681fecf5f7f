import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { type AcceptOffice, startAcceptOffice } from '../../support/accept/accept-office.ts';
import { findLostDeliveries } from '../../support/accept/compare-stored.ts';
import { type Answer, createSender } from '../../support/accept/send.ts';
import type { SignedDelivery } from '../../support/accept/signed-deliveries.ts';

const SIZES = { small: 24, full: 400 };
/** Enough for a fresh database, its log and a few thousand deliveries. */
const DISK = '160m';
const ROOM_LEFT = 65_536;
const MIDDLE_OF_FIRST_PAGE = 4_096;

/** R12: a store that cannot store says so to the sender, never yes; and what it acknowledged before is still there after. */
export const storeTrouble: Check = {
  id: 'R12',
  alone: 'full',
  what: 'disk full, read-only, one flipped byte',
  async run(given) {
    const disk = tryMountDisk();
    try {
      const dataDir = disk === null ? undefined : join(disk, 'data');
      const office = await startAcceptOffice({ name: 'store-trouble', environment: { ROLE: 'web' }, dataDir });
      try {
        const rows = [await readOnly(office, given), await flippedByte(office, given)];
        if (disk !== null) return [...rows, await diskFull(office, disk, given)];
        given.say('disk full: not run, because a small file system can only be made by root, and not in every container');
        return rows;
      } finally {
        await office.close();
      }
    } finally {
      if (disk !== null) unmountDisk(disk);
    }
  },
};

interface Tally {
  answers: Record<string, number>;
  acknowledged: SignedDelivery[];
  /** Answers in the time of trouble that were not a 503 with Retry-After. */
  wrong: number;
}

/** Sends a number of them, four at a time. */
async function sendMany(office: AcceptOffice, run: string, count: number): Promise<Tally> {
  const sender = createSender(office, run);
  const tally: Tally = { answers: {}, acknowledged: [], wrong: 0 };
  let left = count;
  const line = async () => {
    for (; left > 0; ) {
      left -= 1;
      const delivery = sender.next();
      const answer = await sender.send(delivery);
      const name = String(answer.status);
      tally.answers[name] = (tally.answers[name] ?? 0) + 1;
      if (isYes(answer)) tally.acknowledged.push(delivery);
      if (answer.status !== 503 || answer.retryAfter === null) tally.wrong += 1;
    }
  };
  await Promise.all(Array.from({ length: 4 }, line));
  sender.close();
  return tally;
}

const isYes = ({ status }: Answer) => status !== null && status >= 200 && status < 300;
const tell = ({ answers }: Tally) =>
  Object.entries(answers)
    .map(([status, count]) => `${count} times ${status}`)
    .join(', ');

async function readiness(office: AcceptOffice): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${office.port}/ready`, { signal: AbortSignal.timeout(30_000) });
  return { status: response.status, text: await response.text() };
}

/** Sends until one is taken; false when none is within the time that a crash and its recovery may take. */
async function isTakenAgain(office: AcceptOffice, run: string): Promise<boolean> {
  const until = performance.now() + 30_000;
  for (let number = 0; performance.now() < until; number += 1) {
    if ((await sendMany(office, `${run}-${number}`, 1)).acknowledged.length > 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function readOnly(office: AcceptOffice, { seed, size }: CheckRun): Promise<CheckRow> {
  const count = SIZES[size];
  const before = await sendMany(office, `r12-before-${seed}`, count);
  await setReadOnly(office, 'on');
  const during = await sendMany(office, `r12-closed-${seed}`, count);
  const ready = await readiness(office);
  await setReadOnly(office, 'off');
  const again = await isTakenAgain(office, `r12-open-${seed}`);
  const lost = await findLostDeliveries(office, before.acknowledged);
  return {
    id: 'R12',
    what: 'read-only store',
    asked: `${SIZES.full} deliveries`,
    reached: `${count}`,
    figure: `${tell(during)}; /ready ${ready.status}; taken again ${again ? 'after it' : 'NOT'}; ${lost.length} of ${before.acknowledged.length} lost`,
    target: '503 with Retry-After each time, /ready 503, taken again, L = 0',
    met: during.wrong === 0 && ready.status === 503 && again && lost.length === 0 && before.acknowledged.length === count,
  };
}

async function setReadOnly(office: AcceptOffice, value: 'on' | 'off'): Promise<void> {
  await office.ask(`alter system set default_transaction_read_only = ${value}`);
  const [row] = await office.ask<{ done: boolean }>('select pg_reload_conf() as done');
  if (!row?.done) throw new Error('the settings were not read again');
  const until = performance.now() + 5_000;
  while (performance.now() < until) {
    const [now] = await office.ask<{ value: string }>(`select current_setting('default_transaction_read_only') as value`);
    if (now?.value === value) return;
  }
  throw new Error('the setting did not come into force');
}

/** In the file of the index by which repeats are known, while nothing runs. */
async function flippedByte(office: AcceptOffice, { seed, size }: CheckRun): Promise<CheckRow> {
  const count = SIZES[size];
  const before = await sendMany(office, `r12-whole-${seed}`, count);
  const { data } = await office.postmaster();
  const [row] = await office.ask<{ path: string }>(`select pg_relation_filepath('tagalong.deliveries_key') as path`);
  const file = join(data, row?.path ?? '');
  await office.server.stop();
  flip(file);
  await office.restart();
  const during = await sendMany(office, `r12-damaged-${seed}`, count);
  const ready = await readiness(office);
  const isSaid =
    ready.text.includes('damaged pages') && readFileSync('.output/logs/store-trouble.log', 'utf8').includes('invalid page');
  await office.server.stop();
  flip(file);
  await office.restart();
  const again = await isTakenAgain(office, `r12-mended-${seed}`);
  const lost = await findLostDeliveries(office, before.acknowledged);
  return {
    id: 'R12',
    what: 'one flipped byte in a file of the database',
    asked: `${SIZES.full} deliveries`,
    reached: `${count}`,
    figure: `${tell(during)}; the damage is ${isSaid ? 'said in /ready and in the log' : 'NOT SAID'}; taken again ${again ? 'after it' : 'NOT'}; ${lost.length} of ${before.acknowledged.length} lost`,
    target: '503 with Retry-After each time, damage said, taken again, L = 0',
    met: during.wrong === 0 && isSaid && again && lost.length === 0 && before.acknowledged.length === count,
  };
}

/** One bit in the page where every look into an index begins. Done twice it is as before. */
function flip(file: string): void {
  const handle = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  if (readSync(handle, byte, 0, 1, MIDDLE_OF_FIRST_PAGE) !== 1) throw new Error(`${file} has no page`);
  byte[0] = (byte[0] ?? 0) ^ 1;
  writeSync(handle, byte, 0, 1, MIDDLE_OF_FIRST_PAGE);
  closeSync(handle);
}

const FULL = {
  id: 'R12',
  what: 'full disk',
  asked: `${SIZES.full} deliveries into a full disk`,
  target: '503 and never 2xx for what is not stored, taken again, L = 0',
};

/** A small file system of its own; null where this user may not make one. */
function tryMountDisk(): string | null {
  const disk = join(tmpdir(), `tagalong-disk-${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(disk, { mode: 0o755 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0755`, 'tmpfs', disk], { stdio: 'ignore' });
    return disk;
  } catch {
    // Not root, not Linux, or a container that may not mount: that check is then named as not run.
    rmdirSync(disk);
    return null;
  }
}

function unmountDisk(disk: string): void {
  execFileSync('umount', ['-l', disk]);
  rmdirSync(disk);
}

async function diskFull(office: AcceptOffice, disk: string, { seed, size }: CheckRun): Promise<CheckRow> {
  const before = await sendMany(office, `r12-room-${seed}`, SIZES[size]);
  const filler = join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(Math.max(bavail * bsize - ROOM_LEFT, 0)));
  const during = await untilFull(office, seed, SIZES[size]);
  rmSync(filler);
  const again = await isTakenAgain(office, `r12-space-${seed}`);
  const acknowledged = [...before.acknowledged, ...during.acknowledged];
  const lost = await findLostDeliveries(office, acknowledged);
  const wrong = Object.keys(during.answers).filter((status) => status !== '503' && status !== '200');
  return {
    ...FULL,
    reached: `${SIZES[size]} after the first that was refused`,
    figure: `${tell(during)}; taken again ${again ? 'after it' : 'NOT'}; ${lost.length} of ${acknowledged.length} acknowledged lost`,
    met: wrong.length === 0 && (during.answers['503'] ?? 0) > 0 && again && lost.length === 0,
  };
}

/** The last free pages still take some: those must be kept. Then `count` more after the first refusal. */
async function untilFull(office: AcceptOffice, seed: number, count: number): Promise<Tally> {
  const all: Tally = { answers: {}, acknowledged: [], wrong: 0 };
  const add = (more: Tally) => {
    for (const [status, times] of Object.entries(more.answers)) all.answers[status] = (all.answers[status] ?? 0) + times;
    all.acknowledged.push(...more.acknowledged);
  };
  const until = performance.now() + 40_000;
  for (let number = 0; !all.answers['503'] && performance.now() < until; number += 1)
    add(await sendMany(office, `r12-last-${seed}-${number}`, 200));
  add(await sendMany(office, `r12-full-${seed}`, count));
  return all;
}
