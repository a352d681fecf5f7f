import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { findBrowsers } from './support/find-browsers.ts';

/**
 * `npm test`: everything, fastest first, and at the end one line that counts. A stage that has tests of its own counts them; a stage
 * that is one check counts as one. A failed stage does not keep the later ones from running, so that one run shows all there is.
 */
interface Stage {
  name: string;
  command: readonly [string, ...string[]];
  /** Reads what the stage's own runner counted; without it the stage counts as one. */
  count?: () => Count;
  environment?: Record<string, string>;
}
interface Count {
  passed: number;
  failed: number;
}

const REPORTS = '.output/reports';
mkdirSync(REPORTS, { recursive: true });

const vitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });
const playwrightReport = z.object({ stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }) });

const STAGES: readonly Stage[] = [
  { name: 'prepare', command: ['wxt', 'prepare'] },
  { name: 'lint and format', command: ['biome', 'check', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'unused code', command: ['knip'] },
  {
    name: 'unit, contract and flow tests',
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORTS}/vitest.json`],
    count: () => {
      const report = vitestReport.parse(readJson('vitest.json'));
      return { passed: report.numPassedTests, failed: report.numFailedTests };
    },
  },
  { name: 'build, with its size', command: ['node', 'test/build-extension.ts'] },
  { name: 'web-ext lint', command: ['node', 'test/lint-firefox-build.ts'] },
  {
    name: 'browser tests',
    command: ['playwright', 'test', '-c', 'test/e2e/playwright.config.ts'],
    // Absolute: Playwright reads it from the folder of its configuration.
    environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: resolve(REPORTS, 'playwright.json') },
    count: () => {
      const { stats } = playwrightReport.parse(readJson('playwright.json'));
      if (stats.flaky > 0) process.stdout.write(`${stats.flaky} passed only at the second try: see "flaky" above\n`);
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
    },
  },
  {
    name: 'faults, small',
    command: ['node', 'test/faults/main.ts', '--size', 'small'],
    count: () => {
      const rows = z.array(z.object({ met: z.boolean() })).parse(JSON.parse(readFileSync('.output/faults.json', 'utf8')));
      return { passed: rows.filter(({ met }) => met).length, failed: rows.filter(({ met }) => !met).length };
    },
  },
  { name: 'the main job, as in the demo', command: ['node', 'test/demo/main.ts', '--headless'] },
];

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(`${REPORTS}/${name}`, 'utf8'));
}

function run({ command: [program, ...args], environment }: Stage): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
    child.on('error', (error) => {
      process.stdout.write(`${error.message}\n`);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
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

const only = process.argv.slice(2);
const total: Count = { passed: 0, failed: 0 };
const failedStages: string[] = [];
for (const name of ['vitest.json', 'playwright.json']) rmSync(`${REPORTS}/${name}`, { force: true });
rmSync('.output/faults.json', { force: true });
findBrowsers({ firefox: true });
for (const stage of STAGES.filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)))) {
  const startedAt = performance.now();
  process.stdout.write(`\n── ${stage.name}\n`);
  const count = countOf(stage, await run(stage));
  total.passed += count.passed;
  total.failed += count.failed;
  if (count.failed > 0) failedStages.push(stage.name);
  process.stdout.write(
    `── ${stage.name}: ${count.passed} passed, ${count.failed} failed, ${Math.round((performance.now() - startedAt) / 1000)} s\n`,
  );
}
if (failedStages.length > 0) process.stdout.write(`\nFailed: ${failedStages.join('; ')}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
