import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, CheckRow, CheckRun } from '../checks/check-report.ts';
import { childrenOf } from '../faults/tools/children-of.ts';
import { type AcceptOffice, startAcceptOffice } from '../support/accept/accept-office.ts';
import type { Round, RoundResult } from '../support/accept/load-generator.ts';
import type { HookAddress } from '../support/accept/signed-deliveries.ts';
import { cpuOf } from '../support/flow/cpu-of.ts';
import { startFlags } from '../support/start-server.ts';

const TARGETS = [
  { connections: 32, share: 0.35 },
  { connections: 256, share: 0.6 },
] as const;
const OPEN = { perSecond: 500, connections: 64, p99: 50 };
/** So many are sent to each beforehand: V8 compiles what it runs often, which is no part of what one more webhook costs. */
const WARM = { answers: 20_000, rounds: 12 };
const SIZES = { small: { rounds: 3, ms: 1_000, openMs: 3_000 }, full: { rounds: 15, ms: 1_000, openMs: 10_000 } };

/** P5: how near the accept of webhooks comes to what this machine allows, both measured in turns in one run. */
export const acceptSpeed: Check = {
  id: 'P5',
  what: 'accept of webhooks',
  async run(given) {
    const stack = new AsyncDisposableStack();
    try {
      const office = await startAcceptOffice({ name: 'accept-speed' });
      stack.defer(() => office.close());
      const control = await startControl();
      stack.defer(() => control.stop());
      const generator = fork(new URL('../support/accept/load-generator.ts', import.meta.url));
      stack.defer(() => void generator.kill());
      await once(generator, 'message');
      return await measure({ office, control, generator }, given);
    } finally {
      await stack.disposeAsync();
    }
  },
};

interface Parties {
  office: AcceptOffice;
  control: Control;
  generator: ChildProcess;
}
interface Control {
  pid: number;
  port: number;
  addresses: HookAddress[];
  stop(): Promise<void>;
}

/** Its file lies on the disk on which the database lies, and V8 is told the same. */
async function startControl(): Promise<Control> {
  const file = join(tmpdir(), `tagalong-control-${process.pid}-${randomBytes(6).toString('hex')}`);
  const secret = randomBytes(24).toString('hex');
  const child = fork(new URL('../support/accept/control-server.ts', import.meta.url), [file, secret], { execArgv: startFlags() });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const addresses = (['greenhouse', 'lever'] as const).map((kind) => ({ kind, path: `/hooks/${'x'.repeat(43)}`, secret }));
  return {
    pid: child.pid ?? 0,
    port,
    addresses,
    async stop() {
      child.kill();
      await once(child, 'exit');
      await rm(file, { force: true });
    },
  };
}

async function measure({ office, control, generator }: Parties, given: CheckRun): Promise<CheckRow[]> {
  const size = SIZES[given.size];
  const play = async (
    who: { port: number; addresses: HookAddress[] },
    round: Pick<Round, 'connections' | 'ms' | 'perSecond'>,
  ) => {
    generator.send({ port: who.port, addresses: who.addresses, ...round } satisfies Round);
    const [result] = (await once(generator, 'message')) as [RoundResult];
    return result;
  };
  let warmOthers = 0;
  for (const who of [control, office]) {
    let answered = 0;
    for (let round = 0; round < WARM.rounds && answered < WARM.answers; round += 1) {
      const result = await play(who, { connections: round % 2 === 0 ? 32 : 256, ms: 1_000 });
      answered += result.answered;
      warmOthers += countOthers(result);
    }
  }
  const rows: CheckRow[] = [];
  for (const { connections, share } of TARGETS) {
    const rates = { control: [] as number[], tagalong: [] as number[] };
    const costs: Costs[] = [];
    let others = warmOthers;
    for (let round = 0; round < size.rounds; round += 1) {
      const before = await cpuSoFar(office, control);
      const one = { connections, ms: size.ms };
      // What the first leaves behind (a checkpoint, garbage) falls into the second.
      const isFirst = round % 2 === 0;
      const early = isFirst ? await play(office, one) : null;
      const results = { control: await play(control, one), tagalong: early ?? (await play(office, one)) };
      costs.push(costsOf(before, await cpuSoFar(office, control), results));
      rates.control.push(perSecond(results.control));
      rates.tagalong.push(perSecond(results.tagalong));
      others += countOthers(results.control) + countOthers(results.tagalong);
    }
    const cost = (part: keyof Costs) => `${median(costs.map((one) => one[part])).toFixed(0)} us`;
    given.say(
      `${connections} connections, processor time for each webhook: server ${cost('server')}, PostgreSQL ${cost('database')}, who sends ${cost('generator')}; control ${cost('control')}`,
    );
    given.say(`${connections} connections, requests/s, control ${rates.control.join(' ')}; Tagalong ${rates.tagalong.join(' ')}`);
    // Of each round by itself: on a shared machine both become slower and faster together, from one second to the next.
    const reached = median(rates.tagalong.map((rate, round) => rate / (rates.control[round] ?? Number.NaN)));
    rows.push({
      id: 'P5',
      what: `accept of webhooks at ${connections} connections, against node:http with HMAC and a shared fsync`,
      asked: `median of ${SIZES.full.rounds} rounds of ${SIZES.full.ms / 1000} s each, in turns`,
      reached: `${size.rounds} rounds of ${size.ms / 1000} s`,
      figure: `${(reached * 100).toFixed(1)} % in the median round (medians of all: ${median(rates.tagalong)}/s of ${median(rates.control)}/s), ${others} answers other than 200`,
      target: `>= ${share * 100} %, 0 other answers`,
      met: reached >= share && others === 0,
    });
  }
  const open = await play(office, { connections: OPEN.connections, ms: size.openMs, perSecond: OPEN.perSecond });
  rows.push({
    id: 'P5',
    what: `accept of webhooks at ${OPEN.perSecond}/s, each due at its time`,
    asked: `${SIZES.full.openMs / 1000} s`,
    reached: `${size.openMs / 1000} s, ${open.answered} accepted`,
    figure: `p50 ${open.p50.toFixed(1)} ms, p99 ${open.p99.toFixed(1)} ms, ${countOthers(open)} answers other than 200`,
    target: `p99 <= ${OPEN.p99} ms, 0 other answers`,
    met: open.p99 <= OPEN.p99 && countOthers(open) === 0,
  });
  return rows;
}

/** Processor time, so far in milliseconds or for each webhook in microseconds. */
type Costs = Record<'server' | 'database' | 'control' | 'generator', number>;

/** What else runs on the machine makes everything slower, and this hardly dearer. */
async function cpuSoFar(office: AcceptOffice, control: Control): Promise<Omit<Costs, 'generator'>> {
  const { pid } = await office.postmaster();
  return {
    server: cpuOf([office.server.process.pid ?? 0]),
    database: cpuOf([pid, ...childrenOf(pid)]),
    control: cpuOf([control.pid]),
  };
}

function costsOf(
  before: Omit<Costs, 'generator'>,
  after: Omit<Costs, 'generator'>,
  results: Record<'control' | 'tagalong', RoundResult>,
): Costs {
  const each = (part: keyof typeof before, { answered }: RoundResult) => ((after[part] - before[part]) * 1_000) / answered;
  return {
    server: each('server', results.tagalong),
    database: each('database', results.tagalong),
    control: each('control', results.control),
    generator: (results.tagalong.cpuMs * 1_000) / results.tagalong.answered,
  };
}

const perSecond = ({ answered, tookMs }: RoundResult) => Math.round((answered * 1000) / tookMs);
const countOthers = ({ others }: RoundResult) => Object.values(others).reduce((sum, count) => sum + count, 0);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
