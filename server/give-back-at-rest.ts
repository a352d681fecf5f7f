import type { EventEmitter } from 'node:events';

/** In shares of one processor, over one look. */
const AT_WORK = 0.2;
const AT_REST = 0.05;
const LOOK_EVERY_MS = 5_000;
/** What is done at rest (looking whether there is something to do) leaves 5 to 8 MB behind in that time, which V8 would let grow to 20. */
const AGAIN_MS = 30_000;

export interface RestParts {
  /** Processor time of this process so far, in milliseconds. */
  spentMs(): number;
  elapsedMs(): number;
  /** Requests taken so far. */
  requests(): number;
  giveBack(): void;
}

/**
 * Says when memory is to be given back: each time the process comes to rest after work, first after its start, and every half minute while it
 * rests. To be asked every few seconds. By processor time, because on a machine that is busy with other things everything takes long; and never while requests come in,
 * however few: one of them would have to wait.
 */
export function createRestWatch({ spentMs, elapsedMs, requests, giveBack }: RestParts): () => void {
  let last = { spent: spentMs(), at: elapsedMs(), requests: requests() };
  let hasWorked = true;
  let givenBackAt = 0;
  return () => {
    const now = { spent: spentMs(), at: elapsedMs(), requests: requests() };
    const share = (now.spent - last.spent) / (now.at - last.at);
    const isAsked = now.requests > last.requests;
    last = now;
    if (share >= AT_WORK) hasWorked = true;
    if (isAsked || share >= AT_REST || (!hasWorked && now.at - givenBackAt < AGAIN_MS)) return;
    hasWorked = false;
    givenBackAt = now.at;
    giveBack();
  };
}

/**
 * What work has needed beyond what rest needs stays with the process, unless V8 is told: a third of its memory after the start. The collection
 * stops everything for some hundredths of a second, and is made only at rest. Without `--expose-gc` (npm start has it) nothing is done.
 * https://nodejs.org/api/cli.html#--expose-gc
 */
export function giveBackAtRest(http: EventEmitter): void {
  const { gc } = globalThis;
  if (!gc) return;
  let requests = 0;
  http.on('request', () => {
    requests += 1;
  });
  const look = createRestWatch({
    spentMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    },
    elapsedMs: () => performance.now(),
    requests: () => requests,
    giveBack: () => void gc({ type: 'major', execution: 'async', flavor: 'last-resort' }),
  });
  setInterval(look, LOOK_EVERY_MS).unref();
}
