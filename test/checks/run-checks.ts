import { parseArgs } from 'node:util';
import { type Check, type CheckRow, type CheckRun, reportChecks } from './check-report.ts';
import { isHelper, runAsked, startHelper } from './helper.ts';
import { runOne } from './run-one.ts';

const HELPERS = 2;

/**
 * Runs the checks named by `--only A,B` (all without it); `--seed N` repeats a random run, `--size small|full` says how much. Two at a
 * time, each in a process of its own, and those that measure times or have work for all cores after the others, alone. A check that
 * breaks is a row that missed its target. Exit code 1 when any target was missed or nothing ran.
 */
export async function runChecks(checks: readonly Check[], file: 'faults.json' | 'bench.json'): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, seed: { type: 'string' }, size: { type: 'string', default: 'full' } },
  });
  const wanted = values.only?.split(',').map((id) => id.trim().toUpperCase());
  const unknown = wanted?.filter((id) => !checks.some((check) => check.id === id)) ?? [];
  if (unknown.length > 0) {
    process.stderr.write(`No such check: ${unknown.join(', ')}. There are: ${checks.map((check) => check.id).join(', ')}\n`);
    process.exitCode = 1;
    return;
  }
  const seed = values.seed ? Number(values.seed) : Math.floor(Math.random() * 2 ** 31);
  const size = values.size === 'small' ? 'small' : 'full';
  if (isHelper()) return await runAsked(checks, { seed, size });
  process.stdout.write(`seed ${seed}, size ${size}\n`);
  const from = performance.now();
  const chosen = checks.filter(({ id, onlyNamed }) => wanted?.includes(id) ?? !(onlyNamed && size === 'small'));
  // What is measured against the clock is measured alone.
  const isShared = ({ alone }: Check) => file === 'faults.json' && (!alone || (alone === 'full' && size === 'small'));
  const together = chosen.filter(isShared);
  const rows = together.length > 1 ? await runTogether(together, { seed, size }) : new Map<Check, CheckRow[]>();
  for (const check of chosen.filter((one) => !rows.has(one))) {
    const startedAt = performance.now();
    rows.set(check, await runOne(check, { seed, size, say: (line) => process.stdout.write(`       ${line}\n`) }));
    process.stdout.write(`${check.id}: ${secondsSince(startedAt)}\n`);
  }
  process.stdout.write(`${chosen.length} checks: ${secondsSince(from)}\n`);
  const inOrder = chosen.flatMap((check) => rows.get(check) ?? []);
  if (!reportChecks(inOrder, file)) process.exitCode = 1;
}

/** What each says is printed when it has ended, so that it stays together. */
async function runTogether(checks: readonly Check[], given: Pick<CheckRun, 'seed' | 'size'>): Promise<Map<Check, CheckRow[]>> {
  const rows = new Map<Check, CheckRow[]>();
  const waiting = [...checks];
  const work = async () => {
    let helper = startHelper(given);
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const startedAt = performance.now();
      const answer = await helper.run(check);
      rows.set(check, answer.rows);
      process.stdout.write(answer.said.map((line) => `       ${line}\n`).join(''));
      process.stdout.write(`${check.id}: ${secondsSince(startedAt)}\n`);
      if (answer.isGone) helper = startHelper(given);
    }
    await helper.end();
  };
  await Promise.all(Array.from({ length: HELPERS }, work));
  return rows;
}

const secondsSince = (from: number) => `${((performance.now() - from) / 1000).toFixed(1)} s`;
