import { readFileSync } from 'node:fs';
import type { Check, CheckRow } from '../checks/check-report.ts';
import { childrenOf } from '../faults/tools/children-of.ts';
import { type AcceptOffice, startAcceptOffice } from '../support/accept/accept-office.ts';

const TARGET = { startMs: 2_000, megabytes: 150 };
const STARTS = { small: 3, full: 7 };
/** What a start needed beyond what rest needs is given back within this: idle connections close after ten seconds. */
const REST_MS = 20_000;
const LOOK_EVERY_MS = 1_000;

/** P9: how soon the server with its embedded database answers, and how much memory both have at rest. Linux. */
export const serverAtRest: Check = {
  id: 'P9',
  what: 'start and memory',
  async run({ size, say }) {
    const begun = performance.now();
    const office = await startAcceptOffice({ name: 'server-at-rest' });
    const firstMs = performance.now() - begun;
    try {
      const times: number[] = [];
      for (let number = 0; number < STARTS[size]; number += 1) {
        await office.server.stop();
        const startedAt = performance.now();
        await office.restart();
        const response = await fetch(`http://127.0.0.1:${office.port}/ready`);
        if (response.status !== 200) throw new Error(`not ready after its start: ${response.status}`);
        times.push(performance.now() - startedAt);
      }
      say(
        `first start, with a new database and a few lines of set-up: ${Math.round(firstMs)} ms; then ${times.map(Math.round).join(' ')}`,
      );
      return [startRow(times, firstMs), await memoryRow(office)];
    } finally {
      await office.close();
    }
  },
};

function startRow(times: readonly number[], firstMs: number): CheckRow {
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  return {
    id: 'P9',
    what: 'start with the embedded database, until /ready answers 200',
    asked: `median of ${STARTS.full}`,
    reached: `median of ${times.length}`,
    figure: `${Math.round(median)} ms; the first start of all ${Math.round(firstMs)} ms`,
    target: `<= ${TARGET.startMs} ms`,
    met: median <= TARGET.startMs,
  };
}

/** The lowest of what was seen once it had rested; what processes share is counted once. */
async function memoryRow(office: AcceptOffice): Promise<CheckRow> {
  const seen: { server: number; database: number }[] = [];
  const until = performance.now() + REST_MS;
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const { pid } = await office.postmaster();
    const database = [pid, ...childrenOf(pid)].reduce((sum, one) => sum + megabytesOf(one), 0);
    seen.push({ server: megabytesOf(office.server.process.pid ?? 0), database });
  }
  const last = seen.slice(-5).toSorted((a, b) => a.server + a.database - b.server - b.database)[2] ?? { server: 0, database: 0 };
  const sum = last.server + last.database;
  return {
    id: 'P9',
    what: 'memory of server and database at rest, shared pages counted once',
    asked: `after ${REST_MS / 1000} s`,
    reached: `after ${REST_MS / 1000} s, median of the last five looks`,
    figure: `${sum.toFixed(0)} MB (server ${last.server.toFixed(0)}, PostgreSQL ${last.database.toFixed(0)})`,
    target: `<= ${TARGET.megabytes} MB`,
    met: last.server > 0 && last.database > 0 && sum <= TARGET.megabytes,
  };
}

/** Proportional set size: https://docs.kernel.org/filesystems/proc.html. 0 for a process that has just ended. */
function megabytesOf(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}
