import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Check, CheckRow } from './check-report.ts';
import { runChecks } from './run-checks.ts';

/** A run of checks for run-checks.test.ts: of those that TOYS names, each in its way; `stuck` writes down whom it has started. */
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
  MISSED: async () => [row('MISSED', false)],
  STUCK: ({ say }) => {
    const started = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    writeFileSync('started', String(started.pid));
    say('STUCK waits for what never comes');
    return new Promise(() => setInterval(() => undefined, 1_000));
  },
  ENDS: () => process.exit(7),
};

const toys = (process.env.TOYS ?? '').split(',').map((name): Check => {
  const [id = '', how] = name.split(':');
  const run = TOYS[id];
  if (!run) throw new Error(`no toy ${id}`);
  return { id, what: `toy ${id}`, run, ...(how === 'alone' && { alone: true }), ...(how === 'named' && { onlyNamed: true }) };
});
await runChecks(toys, 'faults.json', { limitMs: Number(process.env.TOY_LIMIT_MS ?? 60_000) });
process.exit();
