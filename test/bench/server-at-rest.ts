import type { Check, CheckRow } from '../checks/check-report.ts';
import { childrenOf } from '../faults/tools/children-of.ts';
import { type AcceptOffice, startAcceptOffice } from '../support/accept/accept-office.ts';
import { type Memory, memoryOf } from './memory-of.ts';

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

/** Of all that it holds, program files too; the middle of what was seen last. */
async function memoryRow(office: AcceptOffice): Promise<CheckRow> {
  const seen: { server: Memory; database: Memory }[] = [];
  const until = performance.now() + REST_MS;
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const { pid } = await office.postmaster();
    seen.push({ server: memoryOf([office.server.process.pid ?? 0]), database: memoryOf([pid, ...childrenOf(pid)]) });
  }
  const nothing = { own: 0, files: 0 };
  const sumOf = ({ server, database }: (typeof seen)[number]) => server.own + server.files + database.own + database.files;
  const last = seen.slice(-5).toSorted((a, b) => sumOf(a) - sumOf(b))[2] ?? { server: nothing, database: nothing };
  const { server, database } = last;
  return {
    id: 'P9',
    what: 'memory of server and database at rest, what they share counted once',
    asked: `after ${REST_MS / 1000} s`,
    reached: `after ${REST_MS / 1000} s, median of the last five looks`,
    figure: `${whole(sumOf(last))} MB: ${whole(server.own + database.own)} of their own (server ${whole(server.own)}, PostgreSQL ${whole(database.own)}) and ${whole(server.files + database.files)} of program files, which the kernel drops when it needs room (Node ${whole(server.files)}, PostgreSQL ${whole(database.files)})`,
    target: `<= ${TARGET.megabytes} MB`,
    met: server.own > 0 && database.own > 0 && sumOf(last) <= TARGET.megabytes,
  };
}

const whole = (megabytes: number) => megabytes.toFixed(0);
