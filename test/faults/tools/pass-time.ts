import type { StillOffice } from './still-office.ts';

/** What a person does at a moment of the virtual time. */
export interface Act {
  at: Date;
  run(): void;
}

interface Passing {
  until: Date;
  acts?: readonly Act[];
  /** Whether our server answers and works meanwhile. */
  isUp: boolean;
  sweeps: boolean;
}

/** Lets the time pass, from one moment at which something is due (at the ATSs, with us, by people) to the next. */
export async function passTime(office: StillOffice, { until, acts = [], isUp, sweeps }: Passing): Promise<void> {
  const left = acts.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  for (;;) {
    await actAndWork(office, { isUp, sweeps });
    const now = office.clock.now();
    if (now >= until) return;
    const ours = isUp ? await office.crank.nextDueAt({ sweeps }) : null;
    const due = [left.at(-1)?.at, ours, nextRetryAt(office), until].filter((time) => time instanceof Date && time > now);
    office.clock.moveTo(new Date(Math.min(...due.map((time) => time?.getTime() ?? Number.POSITIVE_INFINITY))));
    for (let act = left.at(-1); act && act.at <= office.clock.now(); act = left.at(-1)) {
      act.run();
      left.pop();
    }
  }
}

async function actAndWork({ world, crank }: StillOffice, { isUp, sweeps }: Pick<Passing, 'isUp' | 'sweeps'>): Promise<void> {
  await world.settle();
  await world.greenhouse.retryDue();
  await world.lever.direct.retryDue();
  if (!isUp) return;
  await crank.turn({ sweeps });
  // What we did makes webhooks, too.
  await world.settle();
  await crank.turn({ sweeps });
}

function nextRetryAt({ world: { greenhouse, lever } }: StillOffice): Date | null {
  const times = [
    ...greenhouse.deliveries.flatMap(({ state, dueAt }) => (state === 'waiting' && dueAt ? [Date.parse(dueAt)] : [])),
    ...lever
      .deliveries()
      .flatMap(({ state, nextAttemptAtMs }) => (state === 'waiting' && nextAttemptAtMs ? [nextAttemptAtMs] : [])),
  ];
  return times.length === 0 ? null : new Date(Math.min(...times));
}
