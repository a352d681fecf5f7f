import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { z } from 'zod';
import { clearLeftovers } from '../support/clear-leftovers.ts';
import { within } from '../support/within.ts';
import type { Check, CheckRow, CheckRun } from './check-report.ts';
import { endMarked, endTree } from './end-tree.ts';
import { brokenRow, runOne } from './run-one.ts';

/** In the environment of a helper and of all that it starts; each has its own value. */
const HELPS = 'TAGALONG_CHECK_HELPER';
/** To let go of what its checks share, a PostgreSQL mostly. */
const END_MS = 60_000;

const rowSchema = z.object({
  ...{ id: z.string(), what: z.string(), asked: z.string(), reached: z.string(), figure: z.string(), target: z.string() },
  met: z.boolean(),
  wrong: z.number().exactOptional(),
  ofItself: z.literal(true).exactOptional(),
});
const tellingSchema = z.union([z.object({ said: z.string() }), z.object({ rows: z.array(rowSchema) })]);
type Telling = z.infer<typeof tellingSchema>;
type Given = Pick<CheckRun, 'seed' | 'size'>;
const questionSchema = z.object({ id: z.string(), leftMs: z.number().nullable() });

/** A process that runs one check after another of those that it is asked for. */
export interface Helper {
  /** The rows of a check; where it does not end, or its process does, one that says so. */
  run(check: Check, given: Pick<CheckRun, 'leftMs' | 'say'>): Promise<CheckRow[]>;
  /** It ended in the middle of a check, or was ended: no other can be asked of it. */
  readonly isGone: boolean;
  /** Resolves when it has let go of everything. */
  end(): Promise<void>;
}

/** The same program once more. A check that takes longer than `limitMs` is ended with all that it has started. */
export function startHelper({ seed, size, limitMs }: Given & { limitMs: number }): Helper {
  const [, program = ''] = process.argv;
  const mark = randomUUID();
  const child = fork(program, ['--size', size, '--seed', String(seed)], { env: { ...process.env, [HELPS]: mark } });
  // Once for all that it is asked: a listener for each would be one more with each check. What could not be started at all never exits.
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(String(signal ?? code)));
    child.on('error', (error) => child.pid === undefined && resolve(error.message));
  });
  let isGone = false;
  void ended.then(() => {
    isGone = true;
  });
  const endAll = async () => {
    // Without a number it never ran, and 0 would mean all of ourselves.
    if (child.pid === undefined) return;
    await endTree(child.pid);
    await ended;
    await endMarked(HELPS, mark);
    for (const trouble of await clearLeftovers(tmpdir())) process.stdout.write(`${trouble}\n`);
  };
  const ask = (check: Check, { leftMs, say }: Pick<CheckRun, 'leftMs' | 'say'>) =>
    new Promise<CheckRow[]>((resolve, reject) => {
      const listen = (message: unknown) => {
        const told = tellingSchema.parse(message);
        if ('said' in told) return say(told.said);
        child.off('message', listen);
        resolve(told.rows.length > 0 ? told.rows : [brokenRow(check, 'it came to no verdict')]);
      };
      child.on('message', listen);
      child.send({ id: check.id, leftMs }, (error) => error && reject(error));
      void ended.then((how) => reject(new Error(`its process ended with ${how}`)));
    });
  return {
    get isGone() {
      return isGone;
    },
    async run(check, given) {
      try {
        return await within(ask(check, given), { withinMs: limitMs, describe: () => 'did not end' });
      } catch (error) {
        await endAll();
        return [brokenRow(check, error instanceof Error ? error.message : String(error))];
      }
    },
    async end() {
      if (child.connected) child.disconnect();
      await within(ended, { withinMs: END_MS, describe: () => 'did not let go' }).catch(endAll);
      await endMarked(HELPS, mark);
    },
  };
}

export function isHelper(): boolean {
  return process.env[HELPS] !== undefined && process.send !== undefined;
}

/** Runs what is asked for until nobody asks any more. */
export async function runAsked(checks: readonly Check[], given: Given): Promise<void> {
  let last = Promise.resolve();
  process.on('message', (message) => {
    last = last.then(() => answer(checks, given, message));
  });
  await new Promise<void>((resolve) => process.once('disconnect', resolve));
  await last;
}

async function answer(checks: readonly Check[], given: Given, message: unknown): Promise<void> {
  const { id, leftMs } = questionSchema.parse(message);
  const tell = (telling: Telling) => void process.send?.(telling);
  const rows: CheckRow[] = [];
  for (const check of checks.filter((one) => one.id === id))
    rows.push(...(await runOne(check, { ...given, leftMs, say: (said) => tell({ said }) })));
  tell({ rows });
}
