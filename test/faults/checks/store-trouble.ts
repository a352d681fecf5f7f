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
import { type Answers, addAnswers, countAnswer, countWrong, noAnswers, tellAnswers } from '../answers-in-trouble.ts';

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
  budgetMs: { full: 30_000 },
  async run(given) {
    const disk = tryMountDisk();
    try {
      const dataDir = disk === null ? undefined : join(disk, 'data');
      const office = await startAcceptOffice({ name: 'store-trouble', environment: { ROLE: 'web' }, dataDir });
      try {
        const rows = [await readOnly(office, given), await flippedByte(office, given)];
        return [...rows, disk === null ? notRun(given.size) : await diskFull(office, disk, given)];
      } finally {
        await office.close();
      }
    } finally {
      if (disk !== null) unmountDisk(disk);
    }
  },
};

interface Tally {
  answers: Answers;
  acknowledged: SignedDelivery[];
}

/** Sends a number of them, four at a time. */
async function sendMany(office: AcceptOffice, run: string, count: number): Promise<Tally> {
  const sender = createSender(office, run);
  const tally: Tally = { answers: noAnswers(), acknowledged: [] };
  let left = count;
  const line = async () => {
    for (; left > 0; ) {
      left -= 1;
      const delivery = sender.next();
      const answer = await sender.send(delivery);
      countAnswer(tally.answers, answer);
      if (isYes(answer)) tally.acknowledged.push(delivery);
    }
  };
  await Promise.all(Array.from({ length: 4 }, line));
  sender.close();
  return tally;
}

const isYes = ({ status }: Answer) => status !== null && status >= 200 && status < 300;
const isRefused = ({ answers }: Tally) => (answers.byStatus['503'] ?? 0) > 0;

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
  const wrong = countWrongIn({ before, during, again, lost }) + (ready.status === 503 ? 0 : 1);
  return {
    id: 'R12',
    what: 'read-only store',
    asked: `${SIZES.full} deliveries`,
    reached: `${count}`,
    figure: `${tellAnswers(during.answers)}; /ready ${ready.status}; taken again ${again ? 'after it' : 'NOT'}; ${lost.length} of ${before.acknowledged.length} lost`,
    target: '503 with Retry-After each time, /ready 503, taken again, L = 0',
    wrong,
    met: wrong === 0 && before.acknowledged.length === count,
  };
}

interface Trouble {
  before: Tally;
  during: Tally;
  again: boolean;
  lost: readonly unknown[];
}

/** Not a 503 before the trouble: a machine that stands still makes that, and the row is missed for it all the same. */
function countWrongIn({ before, during, again, lost }: Trouble): number {
  return countWrong(before.answers, ['200']) + countWrong(during.answers) + lost.length + (again ? 0 : 1);
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
  const isSaidByReady = async () => (await readiness(office)).text.includes('damaged pages');
  const isSaid =
    // Once more: a database that did not answer in time has said nothing.
    ((await isSaidByReady()) || (await isSaidByReady())) &&
    readFileSync('.output/logs/store-trouble.log', 'utf8').includes('invalid page');
  await office.server.stop();
  flip(file);
  await office.restart();
  const again = await isTakenAgain(office, `r12-mended-${seed}`);
  const lost = await findLostDeliveries(office, before.acknowledged);
  const wrong = countWrongIn({ before, during, again, lost }) + (isSaid ? 0 : 1);
  return {
    id: 'R12',
    what: 'one flipped byte in a file of the database',
    asked: `${SIZES.full} deliveries`,
    reached: `${count}`,
    figure: `${tellAnswers(during.answers)}; the damage is ${isSaid ? 'said in /ready and in the log' : 'NOT SAID'}; taken again ${again ? 'after it' : 'NOT'}; ${lost.length} of ${before.acknowledged.length} lost`,
    target: '503 with Retry-After each time, damage said, taken again, L = 0',
    wrong,
    met: wrong === 0 && before.acknowledged.length === count,
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
  target: '503 with Retry-After and never 2xx for what is not stored, taken again, L = 0',
};

/**
 * Said in the report either way. At full it is a target that was not met; at small, which is part of `npm test` also for an ordinary user,
 * it says no more than that.
 */
const notRun = (size: CheckRun['size']): CheckRow => ({
  ...FULL,
  reached: 'not run: here no file system may be mounted',
  figure: 'nothing tried; a small disk can only be made by root, and not in every container',
  ...{ wrong: 0, met: size === 'small', ofItself: true },
});

/** A small file system of its own; null where this user may not make one. */
function tryMountDisk(): string | null {
  const disk = join(tmpdir(), `tagalong-disk-${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(disk, { mode: 0o755 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0755`, 'tmpfs', disk], { stdio: 'ignore' });
    return disk;
  } catch {
    // Not root, not Linux, or a container that may not mount: its row then says that it was not run.
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
  const wrong = lost.length + countWrong(during.answers, ['200']) + (again ? 0 : 1);
  return {
    ...FULL,
    reached: `${SIZES[size]} after the first that was refused`,
    figure: `${tellAnswers(during.answers)}; taken again ${again ? 'after it' : 'NOT'}; ${lost.length} of ${acknowledged.length} acknowledged lost`,
    wrong,
    met: wrong === 0 && isRefused(during),
  };
}

/** The last free pages still take some: those must be kept. Then `count` more after the first refusal. */
async function untilFull(office: AcceptOffice, seed: number, count: number): Promise<Tally> {
  const all: Tally = { answers: noAnswers(), acknowledged: [] };
  const add = (more: Tally) => {
    addAnswers(all.answers, more.answers);
    all.acknowledged.push(...more.acknowledged);
  };
  const until = performance.now() + 40_000;
  for (let number = 0; !isRefused(all) && performance.now() < until; number += 1)
    add(await sendMany(office, `r12-last-${seed}-${number}`, 200));
  add(await sendMany(office, `r12-full-${seed}`, count));
  return all;
}
