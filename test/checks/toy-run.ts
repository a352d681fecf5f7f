import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Check, CheckRow } from './check-report.ts';
import { runChecks } from './run-checks.ts';

/** A run of checks for run-checks.test.ts: of those that TOYS names, each in its way; STUCK and ENDS write down whom they have started. */
const row = (id: string, met: boolean): CheckRow => ({
  ...{ id, what: `toy ${id}`, asked: 'all', reached: 'all', figure: met ? '0 lost' : '1 lost', target: '0' },
  ...{ wrong: met ? 0 : 1, ofItself: true },
  met,
});

const TOYS: Record<string, Check['run']> = {
  MET: async ({ say }) => {
    say('MET has something to say');
    return [row('MET', true)];
  },
  MISSED: async ({ say }) => {
    for (let line = 1; line <= 10; line += 1) say(`MISSED ${line}`);
    return [row('MISSED', false)];
  },
  LEFT: async ({ leftMs, say }) => {
    say(
      `LEFT has ${leftMs === null ? 'all the time' : leftMs > 0 && leftMs <= Number(process.env.TOY_ASKED_MS) ? 'some time' : 'no time'}`,
    );
    return [row('LEFT', true)];
  },
  STUCK: ({ say }) => {
    const started = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    writeFileSync('started', String(started.pid));
    say('STUCK waits for what never comes');
    return new Promise(() => setInterval(() => undefined, 1_000));
  },
  ENDS: () => {
    const started = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    writeFileSync('started', String(started.pid));
    process.exit(7);
  },
};

const toys = (process.env.TOYS ?? '').split(',').map((name): Check => {
  const [id = '', how] = name.split(':');
  // MET1 and MET2 are two of a kind.
  const run = TOYS[id.replace(/\d+$/, '')];
  if (!run) throw new Error(`no toy ${id}`);
  return {
    ...{ id, what: `toy ${id}`, run, budgetMs: { small: 7_000 } },
    ...(how === 'alone' && { alone: true }),
    ...(how === 'named' && { onlyNamed: true }),
  };
});
const asked = Number(process.env.TOY_ASKED_MS ?? 0);
await runChecks(toys, 'faults.json', {
  limitMs: Number(process.env.TOY_LIMIT_MS ?? 60_000),
  ...(asked > 0 && { askedMs: { small: asked, full: asked } }),
});
process.exit();
