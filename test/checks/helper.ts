import { fork } from 'node:child_process';
import { z } from 'zod';
import type { Check, CheckRow, CheckRun } from './check-report.ts';
import { brokenRow, runOne } from './run-one.ts';

const HELPS = 'TAGALONG_CHECK_HELPER';

const rowSchema = z.object({
  ...{ id: z.string(), what: z.string(), asked: z.string(), reached: z.string(), figure: z.string(), target: z.string() },
  met: z.boolean(),
});
const answerSchema = z.object({ said: z.array(z.string()), rows: z.array(rowSchema) });
const questionSchema = z.object({ id: z.string() });

export interface HelperAnswer {
  said: string[];
  rows: CheckRow[];
  /** The process ended in the middle of the check. */
  isGone: boolean;
}

/** A process that runs one check after another of those that it is asked for. */
export interface Helper {
  run(check: Check): Promise<HelperAnswer>;
  /** Resolves when it has let go of everything. */
  end(): Promise<void>;
}

/** The same program once more. */
export function startHelper({ seed, size }: Pick<CheckRun, 'seed' | 'size'>): Helper {
  const [, program = ''] = process.argv;
  const child = fork(program, ['--size', size, '--seed', String(seed)], { env: { ...process.env, [HELPS]: '1' } });
  const ended = new Promise<string>((resolve) => child.once('exit', (code, signal) => resolve(String(signal ?? code))));
  return {
    async run(check) {
      const answered = new Promise<HelperAnswer>((resolve) => {
        child.once('message', (message) => resolve({ ...answerSchema.parse(message), isGone: false }));
      });
      child.send({ id: check.id });
      const gone = ended.then(
        (how): HelperAnswer => ({ said: [], rows: [brokenRow(check, `its process ended with ${how}`)], isGone: true }),
      );
      return await Promise.race([answered, gone]);
    },
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

export function isHelper(): boolean {
  return process.env[HELPS] === '1' && process.send !== undefined;
}

/** Runs what is asked for until nobody asks any more. */
export async function runAsked(checks: readonly Check[], given: Pick<CheckRun, 'seed' | 'size'>): Promise<void> {
  let last = Promise.resolve();
  process.on('message', (message) => {
    last = last.then(() => answer(checks, given, message));
  });
  await new Promise<void>((resolve) => process.once('disconnect', resolve));
  await last;
}

async function answer(checks: readonly Check[], given: Pick<CheckRun, 'seed' | 'size'>, message: unknown): Promise<void> {
  const { id } = questionSchema.parse(message);
  const said: string[] = [];
  const rows: CheckRow[] = [];
  for (const check of checks.filter((one) => one.id === id))
    rows.push(...(await runOne(check, { ...given, say: (line) => void said.push(line) })));
  process.send?.({ said, rows });
}
