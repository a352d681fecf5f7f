import { parseArgs } from 'node:util';
import { type Check, type CheckReport, type CheckRun, openReport } from './check-report.ts';
import { isHelper, runAsked, startHelper } from './helper.ts';

const HELPERS = 2;
const SAID_MOST = 8;
/** Several times what the longest takes on two busy cores: it is for what would wait for ever. */
export const LIMIT_MS = { small: 3 * 60_000, full: 10 * 60_000 };

/**
 * Runs the checks named by `--only A,B` (all without it); `--seed N` repeats a random run, `--size small|full` says how much. Two at a
 * time, each in a process of its own, and those that measure times or have work for all cores after the others, alone. A check that
 * breaks, or does not end within `limitMs`, is a row that missed its target, and the others go on. `askedMs` is what all of them together
 * are to take: printed beside what they took, and no more, for how fast this machine is decides nothing. Exit code 1 when any target was
 * missed or nothing ran.
 */
export async function runChecks(
  checks: readonly Check[],
  file: 'faults.json' | 'bench.json',
  limits: { limitMs?: number; askedMs?: Record<CheckRun['size'], number> } = {},
): Promise<void> {
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
  const leftOut = checks.filter(({ onlyNamed }) => !wanted && onlyNamed && size === 'small');
  const chosen = checks.filter((check) => (wanted?.includes(check.id) ?? true) && !leftOut.includes(check));
  // What is measured against the clock is measured alone.
  const isShared = ({ alone }: Check) => file === 'faults.json' && (!alone || (alone === 'full' && size === 'small'));
  const report = openReport(chosen, file);
  const askedMs = limits.askedMs?.[size] ?? null;
  const leftMs = () => askedMs && Math.round(askedMs - (performance.now() - from));
  const given = { seed, size, limitMs: limits.limitMs ?? LIMIT_MS[size], leftMs } as const;
  await runEach(chosen.filter(isShared), { ...given, report, helpers: HELPERS });
  await runEach(
    chosen.filter((check) => !isShared(check)),
    { ...given, report, helpers: 1 },
  );
  // Of some of them nobody asks how long they take together.
  const asked = askedMs !== null && !wanted ? `, asked ${inSeconds(askedMs)}` : '';
  process.stdout.write(`${chosen.length} checks: ${inSeconds(performance.now() - from)}${asked}\n`);
  // Neither met nor missed, so that no row of the report is about them.
  if (leftOut.length > 0) process.stdout.write(`left out at size ${size}: ${leftOut.map(({ id }) => id).join(', ')}\n`);
  if (!report.end()) process.exitCode = 1;
}

interface Given extends Pick<CheckRun, 'seed' | 'size'> {
  limitMs: number;
  leftMs(): number | null;
  report: CheckReport;
  helpers: number;
}

/** Where several run side by side, what each says is printed when it has ended, so that it stays together. */
async function runEach(checks: readonly Check[], { report, helpers, leftMs, ...given }: Given): Promise<void> {
  const waiting = [...checks];
  const print = (line: string) => void process.stdout.write(`       ${line}\n`);
  const work = async () => {
    let helper = startHelper(given);
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      if (helper.isGone) helper = startHelper(given);
      const startedAt = performance.now();
      const said: string[] = [];
      const say = (line: string) => {
        said.push(line);
        if (helpers === 1) print(line);
      };
      const rows = await helper.run(check, { leftMs: leftMs(), say });
      if (helpers > 1) said.forEach(print);
      report.add(
        check,
        rows.map((row) => (row.met || said.length === 0 ? row : { ...row, said: said.slice(-SAID_MOST) })),
      );
      const budgetMs = check.budgetMs?.[given.size];
      const budget = budgetMs === undefined ? '' : ` of ${inNumber(budgetMs)}`;
      process.stdout.write(`${check.id}: ${inSeconds(performance.now() - startedAt)}${budget}\n`);
    }
    await helper.end();
  };
  await Promise.all(Array.from({ length: Math.min(helpers, checks.length) }, work));
}

const inNumber = (ms: number) => Math.round(ms / 1000).toLocaleString('en');
const inSeconds = (ms: number) => `${inNumber(ms)} s`;
