import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import type { CallerStart, CallOrder, CallOutcomes } from './token-caller.ts';

/** A token-caller.ts that runs. */
export interface CallProcess {
  /** Resolves when all calls have ended; rejects when the process ended first. */
  call(order: CallOrder): Promise<CallOutcomes>;
  /** kill -9, and waits for the end. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const outcomesSchema = z.record(z.string(), z.number());

export async function startCallProcess(start: CallerStart): Promise<CallProcess> {
  const child = fork(new URL('./token-caller.ts', import.meta.url), {
    env: { ...process.env, NODE_NO_WARNINGS: '1', CALLER: JSON.stringify(start) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await nextMessage(child);
  const end = async (how: () => void) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    how();
    await exited;
  };
  return {
    async call(order) {
      const answer = nextMessage(child);
      child.send(order);
      return outcomesSchema.parse(await answer);
    },
    kill: () => end(() => child.kill('SIGKILL')),
    stop: () => end(() => child.disconnect()),
  };
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => {
      child.off('message', heard);
      child.off('exit', ended);
      then();
    };
    const heard = (message: unknown) => settle(() => resolve(message));
    const ended = () => settle(() => reject(new Error('the calling process ended')));
    child.once('message', heard);
    child.once('exit', ended);
  });
}

/** Outcomes of several processes in one. */
export function sumOutcomes(all: readonly CallOutcomes[]): CallOutcomes {
  const sum: CallOutcomes = {};
  for (const [how, count] of all.flatMap(Object.entries)) sum[how] = (sum[how] ?? 0) + count;
  return sum;
}
