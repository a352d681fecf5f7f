import { parseArgs } from 'node:util';
import { type Check, type CheckRow, reportChecks } from './check-report.ts';

/**
 * Runs the checks named by `--only A,B` (all without it) one after another; `--seed N` repeats a random run, `--size small|full` says
 * how much. A check that breaks is a row that missed its target. Exit code 1 when any target was missed or nothing ran.
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
  process.stdout.write(`seed ${seed}, size ${size}\n`);
  const rows: CheckRow[] = [];
  for (const check of checks.filter(({ id }) => wanted?.includes(id) ?? true)) {
    const startedAt = performance.now();
    rows.push(...(await runOne(check, { seed, size, say: (line) => process.stdout.write(`       ${line}\n`) })));
    process.stdout.write(`${check.id}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  }
  if (!reportChecks(rows, file)) process.exitCode = 1;
}

async function runOne(check: Check, given: Parameters<Check['run']>[0]): Promise<CheckRow[]> {
  try {
    return await check.run(given);
  } catch (error) {
    const figure = `broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    return [{ id: check.id, what: check.what, asked: '', reached: 'nothing', figure, target: 'to run through', met: false }];
  }
}
