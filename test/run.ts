import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { addMet, onlyMissed, readRows } from './checks/second-try.ts';
import { writeWhole } from './checks/write-whole.ts';
import {
  type Failure,
  failuresOfFaults,
  failuresOfPlaywright,
  failuresOfVitest,
  tell,
  violationsOfFaults,
} from './support/failures-of-reports.ts';
import { findBrowsers } from './support/find-browsers.ts';

/**
 * `npm test`: everything, fastest first, and at the end one line that counts. A stage that has tests of its own counts them; a stage
 * that is one check counts as one. A failed stage does not keep the later ones from running, so that one run shows all there is.
 */
interface Stage {
  name: string;
  command: readonly [string, ...string[]];
  /** How long it may take before it is ended with all it started: a browser that died must not hold up everything for ever. */
  minutes: number;
  /** How long it is asked to take. Said beside what it took, and no more: how fast this machine is decides nothing. */
  askedMinutes?: number;
  /** Reads what the stage's own runner counted; without it the stage counts as one. */
  count?: () => Count;
  /** Reads which they were, for the end of the output. */
  failures?: () => Failure[];
  environment?: Record<string, string>;
  /**
   * More than one where a browser takes part, or faults whose moments are chance: as with the browser tests, a second try that succeeds
   * counts, and what the first met is told at the end. `violations` says for what there is none.
   */
  tries?: number;
  /** What a second try has to do; without it, all of it once more. */
  secondTry?: () => SecondTry;
  /** Reads those of them that stand, whatever a second try would bring: then there is none. */
  violations?: () => Failure[];
  /** What is worth showing of a stage that did not end. */
  lastWords?: () => string[];
}
interface SecondTry {
  /** More arguments for the command. */
  only: readonly string[];
  /** Puts what both tries brought into one report. */
  join(): void;
}
interface Count {
  passed: number;
  failed: number;
}

const BROWSER_LOG = '.output/reports/demo-browser.log';
const LAST_LINES = 25;
const REPORTS = '.output/reports';
const FAULTS = '.output/faults.json';
mkdirSync(REPORTS, { recursive: true });

const vitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });
const playwrightReport = z.object({ stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }) });

const STAGES: readonly Stage[] = [
  { name: 'prepare', command: ['wxt', 'prepare'], minutes: 3 },
  { name: 'lint and format', command: ['biome', 'check', '.'], minutes: 3 },
  { name: 'types', command: ['tsc', '--noEmit'], minutes: 5 },
  { name: 'unused code', command: ['knip'], minutes: 4 },
  {
    name: 'unit, contract and flow tests',
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORTS}/vitest.json`],
    // Twice what it takes on the slowest machine met, which was one and a half times as slow as the others.
    minutes: 45,
    count: () => {
      const report = vitestReport.parse(readJson('vitest.json'));
      return { passed: report.numPassedTests, failed: report.numFailedTests };
    },
    failures: () => failuresOfVitest(readJson('vitest.json')),
  },
  { name: 'build, with its size', command: ['node', 'test/build-extension.ts'], minutes: 5 },
  { name: 'web-ext lint', command: ['node', 'test/lint-firefox-build.ts'], minutes: 3 },
  {
    name: 'browser tests',
    command: ['playwright', 'test', '-c', 'test/e2e/playwright.config.ts'],
    minutes: 18,
    // Absolute: Playwright reads it from the folder of its configuration.
    environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: resolve(REPORTS, 'playwright.json') },
    count: () => {
      const { stats } = playwrightReport.parse(readJson('playwright.json'));
      if (stats.flaky > 0) process.stdout.write(`${stats.flaky} passed only at the second try: see "flaky" above\n`);
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
    },
    failures: () => failuresOfPlaywright(readJson('playwright.json')),
  },
  {
    name: 'faults, small',
    // The same each time, so that a red is about what was changed; `npm run faults` looks with another seed every time.
    command: ['node', 'test/faults/main.ts', '--size', 'small', '--seed', '20261122'],
    minutes: 14,
    askedMinutes: 4,
    // Only for what the machine or the harness may have done: see violationsOfFaults.
    tries: 2,
    count: () => {
      const rows = z.array(z.object({ met: z.boolean() })).parse(readFaults());
      return { passed: rows.filter(({ met }) => met).length, failed: rows.filter(({ met }) => !met).length };
    },
    failures: () => failuresOfFaults(readFaults()),
    violations: () => violationsOfFaults(readFaults()),
    secondTry() {
      const first = readRows(readFaults());
      // What is there afterwards is of the second.
      rmSync(FAULTS);
      return { only: onlyMissed(first), join: () => writeWhole(FAULTS, addMet(first, readRows(readFaults()))) };
    },
  },
  {
    name: 'the main job, as in the demo',
    command: ['node', 'test/demo/main.ts', '--headless'],
    minutes: 5,
    tries: 2,
    // What the browser was asked last: shown when the stage is ended. https://playwright.dev/docs/debug#verbose-api-logs
    environment: { DEBUG: 'pw:api', DEBUG_FILE: BROWSER_LOG },
    lastWords: () => (existsSync(BROWSER_LOG) ? readFileSync(BROWSER_LOG, 'utf8').split('\n').slice(-LAST_LINES) : []),
  },
];

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(`${REPORTS}/${name}`, 'utf8'));
}

function readFaults(): unknown {
  return JSON.parse(readFileSync(FAULTS, 'utf8'));
}

/** Whoever runs this has a limit of their own (CI: 90 minutes), and would see no count at all. */
const ALL_MINUTES = 75;

function run({ name, command: [program, ...args], minutes, environment, lastWords }: Stage): Promise<number> {
  const left = Math.max(0, ALL_MINUTES - performance.now() / 60_000);
  return new Promise((resolve) => {
    // In a process group of its own, so that what it started can be ended with it.
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...environment }, detached: true });
    const limit = setTimeout(() => {
      process.stdout.write(`${name} did not end within ${Math.min(minutes, left).toFixed(0)} minutes, and is ended\n`);
      process.stdout.write(`${lastWords?.().join('\n') ?? ''}\n`);
      endGroup(child.pid);
    }, Math.min(minutes, left) * 60_000);
    const pass = (signal: NodeJS.Signals) => {
      endGroup(child.pid, signal);
      process.stdout.write(`\nEnded by ${signal} in "${name}", after ${took.join(', ')}\n`);
      process.stdout.write(`\n${total.passed} passed, ${total.failed + 1} failed\n`);
      process.exit(1);
    };
    process.on('SIGINT', pass).on('SIGTERM', pass);
    const finish = (code: number) => {
      clearTimeout(limit);
      process.off('SIGINT', pass).off('SIGTERM', pass);
      // What a runner that crashed left behind would hold the output open, and whoever reads it would wait.
      endGroup(child.pid);
      resolve(code);
    };
    child.on('error', (error) => {
      process.stdout.write(`${error.message}\n`);
      finish(1);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A runner that fails without a failed test (it crashed, it found none) counts as one failure: silence is not success. */
function countOf(stage: Stage, status: number): Count {
  if (!stage.count) return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  try {
    const count = stage.count();
    return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
  } catch (error) {
    process.stdout.write(`${stage.name} left no report: ${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1 };
  }
}

/** A report that is not there was told of when it was counted. */
function read(failures: (() => Failure[]) | undefined): Failure[] {
  return orNull(() => failures?.()) ?? [];
}

function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

async function tryOnce(stage: Stage, second: SecondTry | null = null): Promise<Count> {
  const from = performance.now();
  const [program, ...args] = stage.command;
  const status = await run({ ...stage, command: [program, ...args, ...(second?.only ?? [])] });
  orNull(() => second?.join());
  const count = countOf(stage, status);
  const { name, askedMinutes } = stage;
  const minutes = ((performance.now() - from) / 60_000).toFixed(1);
  if (askedMinutes) process.stdout.write(`── ${name}: took ${minutes} min, asked are ${askedMinutes} min at most\n`);
  return count;
}

const only = process.argv.slice(2);
const total: Count = { passed: 0, failed: 0 };
const failedStages: string[] = [];
/** Told again at the very end: whoever keeps only the last part of the output (CI does) must still see what failed, and why. */
const told: Failure[] = [];
/** Said again after each stage: whoever sees only the end of the output sees where the time went. */
const took: string[] = [];
for (const name of ['vitest.json', 'playwright.json']) rmSync(`${REPORTS}/${name}`, { force: true });
rmSync(FAULTS, { force: true });
const lookedAt = performance.now();
findBrowsers({ firefox: true });
took.push(`browsers ${Math.round((performance.now() - lookedAt) / 1000)} s`);
for (const stage of STAGES.filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)))) {
  const startedAt = performance.now();
  process.stdout.write(`\n── ${stage.name}\n`);
  let count = await tryOnce(stage);
  for (let tries = 1; count.failed > 0 && tries < (stage.tries ?? 1); tries += 1) {
    if (read(stage.violations).length > 0) {
      process.stdout.write(`── ${stage.name}: not once more, for no second try makes up for this\n`);
      break;
    }
    process.stdout.write(`── ${stage.name}: once more\n`);
    const before = read(stage.failures);
    count = await tryOnce(stage, orNull(() => stage.secondTry?.()) ?? null);
    if (count.failed > 0) continue;
    told.push({ what: `${stage.name} (passed at the second try)`, why: 'See above for what the first met.' });
    told.push(...before.map(({ what, why }) => ({ what: `at the first try: ${what}`, why })));
  }
  total.passed += count.passed;
  total.failed += count.failed;
  if (count.failed > 0) failedStages.push(stage.name);
  told.push(...read(stage.failures));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  took.push(`${stage.name} ${seconds} s`);
  process.stdout.write(
    `── ${stage.name}: ${count.passed} passed, ${count.failed} failed, ${seconds} s (so far: ${took.join(', ')})\n`,
  );
}
for (const failure of told) process.stdout.write(`\n${tell(failure)}\n`);
if (failedStages.length > 0) process.stdout.write(`\nFailed: ${failedStages.join('; ')}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
