import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { notesOf } from '../evidence.ts';
import { findDuplicated } from '../find-duplicated.ts';
import { lostEntries } from '../find-lost.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { applyAtGreenhouse, applyAtLever, type Seeker } from '../seekers.ts';
import { type Act, passTime } from '../tools/pass-time.ts';
import { type StillOffice, startStillOffice } from '../tools/still-office.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

interface Weather {
  what: string;
  target: string;
  ats: readonly Seeker['ats'][];
  hours: { least: number; most: number };
  /** Without it only the ATS's own repetitions bring what we missed. */
  sweeps: boolean;
  outages: { small: number; full: number };
  people: number;
}

const WEATHERS: readonly Weather[] = [
  {
    what: "down 0.1 to 15 h, Greenhouse's own seven attempts alone, without the sweep",
    target: 'L=0, given up 0, twice 0',
    ats: ['greenhouse'],
    hours: { least: 0.1, most: 15 },
    sweeps: false,
    outages: { small: 3, full: 20 },
    people: 5,
  },
  {
    // Inferred: Lever says "five more times, waiting longer and longer" and names no times. The simulator gives up after 7 h 12 min.
    what: 'down 0.1 to 15 h, Lever (five repetitions; their times are inferred) with the sweep',
    target: 'L=0, twice 0',
    ats: ['lever'],
    hours: { least: 0.1, most: 15 },
    sweeps: true,
    outages: { small: 1, full: 8 },
    people: 5,
  },
  {
    what: 'down 20 h, both ATSs, with the sweep',
    target: 'L=0, found by the sweep > 0, twice 0',
    ats: ['greenhouse', 'lever'],
    hours: { least: 20, most: 20 },
    sweeps: true,
    outages: { small: 1, full: 4 },
    people: 8,
  },
];

/** R6: we are away for hours while people move; who stayed in a stage is decided all the same, and nothing happens twice. */
export const outages: Check = {
  id: 'R6',
  what: 'outages, by the retry schedules of the ATSs in virtual time',
  budgetMs: { full: 60_000 },
  async run(given) {
    const rows: CheckRow[] = [];
    for (const [index, weather] of WEATHERS.entries())
      rows.push(await runWeather(weather, { ...given, seed: given.seed + index }));
    return rows;
  },
};

async function runWeather(weather: Weather, { seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const office = await startStillOffice();
  try {
    const seekers: Seeker[] = [];
    for (let outage = 1; outage <= weather.outages[size]; outage += 1)
      await oneOutage(office, { weather, random, seekers, outage });
    const store = await office.store.read();
    const { world } = office;
    const undecided = lostEntries({ world, seekers, store });
    // A sweep sees who stands where, not who passed through and is gone: with it, what lasted counts.
    const lasting = new Set(
      seekers.filter((seeker) => standsIn(office, seeker, ROLES)).map(({ applicationId }) => applicationId),
    );
    const unseen = undecided.filter((one) => weather.sweeps && !lasting.has(one.applicationId));
    const lost = [
      ...undecided.filter((one) => !unseen.includes(one)).map(({ entry }) => `a stage entry without a decision: ${entry}`),
      ...notInvited(office, seekers),
    ];
    const twice = findDuplicated({ world, notes: notesOf(world), store });
    for (const problem of [...lost, ...twice].slice(0, 8)) say(problem);
    const sent = [...world.greenhouse.deliveries, ...world.lever.deliveries()].filter(({ attempts }) => attempts.length > 0);
    const repeated = sent.filter(({ attempts }) => attempts.length > 1).length;
    const givenUp = sent.filter(({ state }) => state === 'given-up').length;
    const entries = store.decided.reduce((sum, one) => sum + one.entries, 0);
    const swept = seekers.filter((seeker) => lasting.has(seeker.applicationId) && wasGivenUp(office, seeker)).length;
    // What shows that there was a gap to find, and that there was none to hide.
    const gap = weather.hours.least >= 20 ? swept > 0 : weather.sweeps || givenUp === 0;
    return {
      id: 'R6',
      what: weather.what,
      asked: `${weather.outages.full} outages`,
      reached: `${weather.outages[size]} outages, N=${sent.length} webhooks (${repeated} repeated, ${givenUp} given up), ${entries} stage entries decided, ${unseen.length} passed unseen and led on`,
      figure: `L=${lost.length}, given up by the ATS ${givenUp}, people found by the sweep ${swept}, twice ${twice.length}`,
      target: weather.target,
      met: lost.length === 0 && twice.length === 0 && repeated > 0 && gap && entries > 0,
    };
  } finally {
    await office.close();
  }
}

interface Scene {
  weather: Weather;
  random: SeededRandom;
  seekers: Seeker[];
  outage: number;
}

/** Down, people at work before, meanwhile and after, up again, and then as long as the ATSs still try. */
async function oneOutage(office: StillOffice, { weather, random, seekers, outage }: Scene): Promise<void> {
  const { world, clock } = office;
  world.greenhouse.change({ retryJitter: random.int(0, 100) / 100, reentry: random.pick(['overwrite', 'new-row']) });
  const startMs = clock.now().getTime() + 20 * MINUTE_MS;
  const endMs = startMs + random.int(weather.hours.least * 60, weather.hours.most * 60) * MINUTE_MS;
  const acts: Act[] = [];
  for (let number = 1; number <= weather.people; number += 1) {
    const email = `seeker.${outage}.${number}@mail.example`;
    const person = { name: `Seeker Number${outage}n${number}`, email, tag: 'Senior SWE' };
    const atAts = random.pick(weather.ats) === 'lever' ? applyAtLever : applyAtGreenhouse;
    const times = Array.from({ length: random.int(1, 3) }, () => random.int(startMs - 10 * MINUTE_MS, endMs + 10 * MINUTE_MS));
    // One of the moves is in the middle of it for everybody, and a few are there only since the outage.
    const moves = [random.int(startMs + MINUTE_MS, endMs - MINUTE_MS), ...times].toSorted((a, b) => a - b);
    const [first = startMs] = moves;
    const appliedAt = random.chance(0.3) ? first - 1000 : clock.now().getTime() + 1000;
    let seeker: Seeker | undefined;
    acts.push({
      at: new Date(appliedAt),
      run: () => {
        [seeker] = atAts(world, person, 1);
        if (seeker) seekers.push(seeker);
      },
    });
    const last = moves.at(-1);
    for (const at of moves) {
      const to = at === last && random.chance(0.6) ? 'assessment' : random.pick(['assessment', 'screen', 'onsite'] as const);
      acts.push({ at: new Date(at), run: () => seeker?.take({ kind: 'move', to }) });
    }
  }
  const between = (fromMs: number, toMs: number) => acts.filter(({ at }) => at.getTime() > fromMs && at.getTime() <= toMs);
  const { sweeps } = weather;
  await passTime(office, { until: new Date(startMs), acts: between(0, startMs), isUp: true, sweeps });
  await office.goDown();
  await passTime(office, { until: new Date(endMs), acts: between(startMs, endMs), isUp: false, sweeps: false });
  await office.comeUp();
  // With the sweep half an hour is enough; without it the last attempt comes 15 h 16 min after the first, and the jitter.
  const afterMs = endMs + (sweeps ? HOUR_MS / 2 : 16.5 * HOUR_MS);
  await passTime(office, { until: new Date(afterMs), acts: between(endMs, afterMs), isUp: true, sweeps });
}

/** The ATS stopped trying to tell us of one of its moves. */
function wasGivenUp({ world: { greenhouse, lever } }: StillOffice, { applicationId }: Seeker): boolean {
  return (
    greenhouse.deliveries.some(({ state, text }) => state === 'given-up' && text.includes(applicationId)) ||
    lever.deliveries().some(({ state, envelope }) => state === 'given-up' && envelope.data.opportunityId === applicationId)
  );
}

/** Those that an admin gave a role. */
const ROLES = ['Assessment', 'Onsite', 'Offer'];

function standsIn(
  { world: { greenhouse, lever } }: StillOffice,
  { ats, applicationId }: Seeker,
  stages: readonly string[],
): boolean {
  const ofLever = lever.account.stages.find(({ id }) => id === lever.account.opportunities.get(applicationId)?.stage)?.text;
  const stage =
    ats === 'lever' ? ofLever : greenhouse.world.currentStage(greenhouse.world.applications.get(Number(applicationId)))?.name;
  return stages.includes(stage ?? '');
}

/** Who stands in the assessment stage with the tag was invited; `findDuplicated` sees whether more than once. */
function notInvited(office: StillOffice, seekers: readonly Seeker[]): string[] {
  const invited = new Set(office.world.coderbyte.invitations().map(({ email }) => email.toLowerCase()));
  return seekers
    .filter((seeker) => standsIn(office, seeker, ['Assessment']) && !invited.has(seeker.email))
    .map(
      ({ ats, applicationId, email }) => `stands in the assessment stage and was not invited: ${ats} ${applicationId} ${email}`,
    );
}
