import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { type AcceptOffice, startAcceptOffice } from '../../support/accept/accept-office.ts';
import { findLostDeliveries } from '../../support/accept/compare-stored.ts';
import { createSender, type Sender } from '../../support/accept/send.ts';
import type { SignedDelivery } from '../../support/accept/signed-deliveries.ts';
import { within } from '../../support/within.ts';
import { leastOf, tellLeast } from '../least-of.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { childrenOf } from '../tools/children-of.ts';

const SIZES = {
  small: { deliveries: 800, kills: 6, withinMs: 9_000 },
  full: { deliveries: 10_000, kills: 200, withinMs: 100_000 },
};
const LINES = 16;
/** A store that is there again within this time is waited for: PostgreSQL's recovery, and ten seconds until one that is stuck is started anew. */
const BACK_WITHIN_MS = 60_000;
/** Of ten kills: the server's process; PostgreSQL's first process, which the server has to start again; one of PostgreSQL's workers. */
const VICTIMS = ['server', 'server', 'postmaster', ...Array<'backend'>(7).fill('backend')] as const;
type Victim = (typeof VICTIMS)[number];
const OF: Record<Victim, string> = { server: 'the server', postmaster: 'PostgreSQL', backend: "one of PostgreSQL's processes" };

/** R1: sixteen senders that never stop, and kill -9 in between; what was acknowledged must be in the store, byte for byte. */
export const acknowledgedStored: Check = {
  id: 'R1',
  alone: 'full',
  what: 'acknowledged means stored',
  budgetMs: { small: SIZES.small.withinMs, full: SIZES.full.withinMs },
  async run(given) {
    const office = await startAcceptOffice({ name: 'acknowledged-stored', environment: { ROLE: 'web' } });
    const sender = createSender(office, `r1-${given.seed}`);
    try {
      return [await attack(office, sender, given)];
    } finally {
      sender.close();
      await office.close();
    }
  },
};

interface Run {
  acknowledged: SignedDelivery[];
  /** Whoever waits for the next acknowledgement. */
  onAcknowledged: () => void;
  /** Resolves when the server listens again. */
  up: Promise<void>;
  isOver: boolean;
  repeats: number;
  refusals: Record<number, number>;
}

async function attack(office: AcceptOffice, sender: Sender, { seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const { deliveries, kills, withinMs } = SIZES[size];
  const run: Run = {
    ...{ acknowledged: [], onAcknowledged: () => undefined, up: Promise.resolve(), isOver: false, repeats: 0, refusals: {} },
  };
  const senders = Promise.all(Array.from({ length: LINES }, () => keepSending(sender, run)));
  // What broke first is told; that the senders broke over the same is not.
  senders.catch(() => undefined);
  const done: Record<Victim, number> = { server: 0, postmaster: 0, backend: 0 };
  const until = performance.now() + withinMs;
  const killed = () => done.server + done.postmaster + done.backend;
  let last = 'the start';
  try {
    while (killed() < kills && performance.now() < until) {
      await acknowledgements(run, run.acknowledged.length + random.int(1, 2 * (deliveries / kills)), last);
      // One of each first, so that a short run has them all.
      const victim = (['server', 'postmaster', 'backend'] as const)[killed()] ?? random.pick(VICTIMS);
      await kill(office, run, victim, random);
      done[victim] += 1;
      last = `kill ${killed()}, of ${OF[victim]}`;
    }
    await acknowledgements(run, Math.max(run.acknowledged.length + 1, deliveries), last);
  } finally {
    run.isOver = true;
  }
  await within(senders, { withinMs: BACK_WITHIN_MS, describe: () => `after ${last} not every sender had an answer` });
  const lost = await findLostDeliveries(office, run.acknowledged);
  for (const key of lost.slice(0, 5)) say(`acknowledged and not stored: ${key}`);
  const others = Object.entries(run.refusals).map(([status, count]) => `${count} times ${status}`);
  const wrong = Object.keys(run.refusals).filter((status) => status !== '503');
  const least = leastOf(kills, size);
  return {
    id: 'R1',
    what: 'kill -9 of the server and of PostgreSQL under load: acknowledged means stored',
    asked: `${SIZES.full.deliveries} deliveries, ${SIZES.full.kills} kills`,
    reached: `${run.acknowledged.length} acknowledged, ${killed()} kills (server ${done.server}, PostgreSQL ${done.postmaster}, one of its processes ${done.backend})`,
    figure: `${lost.length} lost; ${run.repeats} sent again after no answer or a 503 (${others.join(', ') || 'no other answers'})`,
    target: `L = 0, no answer but 200 and 503${tellLeast(least, 'kills')}`,
    wrong: lost.length + wrong.length,
    met: lost.length === 0 && wrong.length === 0 && run.acknowledged.length >= deliveries && killed() >= least,
  };
}

/** What was not acknowledged is sent again, as an ATS would. */
async function keepSending(sender: Sender, run: Run): Promise<void> {
  while (!run.isOver) {
    const delivery = sender.next();
    while (!run.isOver) {
      const { status } = await sender.send(delivery);
      if (status !== null && status >= 200 && status < 300) {
        run.acknowledged.push(delivery);
        run.onAcknowledged();
        break;
      }
      run.repeats += 1;
      if (status === null) await run.up;
      else run.refusals[status] = (run.refusals[status] ?? 0) + 1;
      // A sender that is refused does not hammer.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Until there are so many; rejects when the store takes none for too long. */
async function acknowledgements(run: Run, count: number, after: string): Promise<void> {
  while (run.acknowledged.length < count) {
    const { length } = run.acknowledged;
    const next = new Promise<void>((resolve) => {
      run.onAcknowledged = resolve;
    });
    const describe = () => `after ${after} nothing was acknowledged any more (${length} until then, waited for ${count})`;
    await within(next, { withinMs: BACK_WITHIN_MS, describe });
  }
}

async function kill(office: AcceptOffice, run: Run, victim: Victim, random: SeededRandom): Promise<void> {
  if (victim === 'server') {
    await office.server.kill();
    run.up = office.restart();
    await run.up;
    return;
  }
  // Also while PostgreSQL is just coming up again: then its first process is the only one there is.
  const { pid } = await office.postmasterPid();
  const backends = victim === 'backend' ? childrenOf(pid) : [];
  const target = backends.length > 0 ? random.pick(backends) : pid;
  try {
    process.kill(target, 'SIGKILL');
  } catch (error) {
    // It ended by itself meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
