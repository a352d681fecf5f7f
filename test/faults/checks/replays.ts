import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import type { World } from '../../simulators/world.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { applyAtGreenhouse, applyAtLever, type Seeker, type Step } from '../seekers.ts';
import { type ReceivedRequest, type StillOffice, startStillOffice } from '../tools/still-office.ts';
import { lastSeq, readsSince, writesSince } from '../tools/writes.ts';

const PEOPLE = { small: 3, full: 24 };
const HOUR_S = 3600;
/** Twice at once, an hour, two weeks and a month later; Lever's are refused as too old by then. */
const LATER_S = [0, 0, HOUR_S, 14 * 24 * HOUR_S, 31 * 24 * HOUR_S];

const move = (to: Extract<Step, { kind: 'move' }>['to']): Step => ({ kind: 'move', to });
const END: Step = { kind: 'end' };

/** S3: what was recorded on the way is sent again, as it was and altered where the signature does not reach. */
export const replays: Check = {
  id: 'S3',
  what: 'replayed webhooks',
  budgetMs: { full: 30_000 },
  run: async (given) => [await replayAll(given), await alterLever(given)],
};

/** Every delivery of people who moved and came back, again and again, in any order, when they have long moved on. */
async function replayAll({ seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const office = await startStillOffice();
  try {
    const { world, clock, received } = office;
    const first = received.length;
    const seekers = Array.from({ length: PEOPLE[size] }, (_, number) => apply(world, number)).flat();
    for (const step of [move('assessment'), move('screen'), move('assessment'), random.pick([move('onsite'), END])]) {
      for (const seeker of seekers) if (random.chance(0.9)) seeker.take(step);
      clock.pass(600);
      await workOff(office);
    }
    const recorded = received.slice(first);
    const statuses: number[] = [];
    let acted = 0;
    for (const seconds of LATER_S) {
      clock.pass(seconds);
      // A deadline that passes meanwhile is no replay's doing.
      await workOff(office);
      const mark = lastSeq(world);
      for (const request of random.some(recorded, recorded.length)) statuses.push(await post(office, request, random));
      await workOff(office);
      const writes = writesSince(world, mark);
      for (const { simulator, what } of writes.slice(0, 5)) say(`a replay led to ${simulator} ${what}`);
      acted += writes.length;
    }
    const refused = statuses.filter((status) => status === 401).length;
    const odd = statuses.filter((status) => status !== 200 && status !== 401).length;
    return {
      id: 'S3',
      what: 'each delivery again, at once to a month later, Greenhouse’s also under another event id',
      asked: `${PEOPLE.full} people`,
      reached: `${PEOPLE[size]} people, ${recorded.length} deliveries, B=${statuses.length} replays, ${refused} refused as too old`,
      figure: `replays acted on ${acted}, answered otherwise ${odd}`,
      target: '0',
      met: acted === 0 && odd === 0 && refused > 0 && recorded.length > PEOPLE[size] * 2,
    };
  } finally {
    await office.close();
  }
}

/**
 * A true token, time and signature with data of somebody's own: about another person, another event. It may come before the original,
 * and must neither do anything nor keep the original from being heard.
 */
async function alterLever({ seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed + 1);
  const office = await startStillOffice();
  try {
    const { world, clock } = office;
    const { lever, seeds } = world;
    const problems: string[] = [];
    let altered = 0;
    for (let number = 0; number < PEOPLE[size]; number += 1) {
      // Who really moves, and who does not.
      const [seeker, victim] = [...applyAtLever(world, person(2 * number), 1), ...applyAtLever(world, person(2 * number + 1), 1)];
      if (!seeker || !victim) throw new Error('nobody applied');
      await workOff(office);
      clock.pass(60);
      lever.direct.configure({ deliver: 'hold' });
      seeker.take(move('assessment'));
      const held = lever.deliveries().at(-1);
      if (!held) throw new Error('nothing was told');
      const mark = lastSeq(world);
      for (const early of [true, false]) {
        if (!early) {
          await lever.direct.releaseHeld();
          lever.direct.configure({ deliver: 'deliver' });
          await workOff(office);
        }
        for (const forged of forgeries(random, { victim: victim.applicationId, stages: seeds.lever.stages })) {
          await lever.direct.sendTampered({ deliveryId: held.id, ...forged });
          altered += 1;
        }
        if (early) await workOff(office);
      }
      await workOff(office);
      const writes = writesSince(world, mark);
      const ofVictim = writes.filter(
        (call) => JSON.stringify(call.detail).includes(victim.applicationId) || emailIn(call, victim.email),
      );
      problems.push(...ofVictim.map(({ what }) => `acted on altered data: ${what}`));
      const firstWrite = writes[0]?.seq ?? 0;
      const isRead = readsSince(world, mark).some(
        ({ seq, detail }) => seq < firstWrite && detail.path?.toString().includes(seeker.applicationId),
      );
      if (writes.length > 0 && !isRead) problems.push(`acted before a re-read: ${writes[0]?.what}`);
      const invited = world.coderbyte.invitations().filter(({ email }) => email === seeker.email).length;
      if (invited !== 1) problems.push(`an altered delivery hid the original: ${invited} invitations`);
      const kept = (await office.store.read()).decided.some(({ applicationId }) => applicationId === victim.applicationId);
      if (!kept) problems.push('what was known of the other person is gone');
    }
    for (const problem of problems.slice(0, 5)) say(problem);
    return {
      id: 'S3',
      what: 'Lever: same token and time with altered data, before and after the original',
      asked: `${PEOPLE.full} originals`,
      reached: `${PEOPLE[size]} originals, B=${altered} altered`,
      figure: `effects before a re-read or on altered data, originals hidden: ${problems.length}`,
      target: '0',
      met: problems.length === 0 && altered > 0,
    };
  } finally {
    await office.close();
  }
}

function person(number: number) {
  return { name: `Seeker Number${number}`, email: `seeker.${number}@mail.example`, tag: 'Senior SWE' };
}

function apply(world: World, number: number): Seeker[] {
  return (number % 2 ? applyAtLever : applyAtGreenhouse)(world, person(number), 1);
}

function forgeries(random: SeededRandom, { victim, stages }: { victim: string; stages: World['seeds']['lever']['stages'] }) {
  const ids = { opportunityId: victim, candidateId: victim, contactId: victim };
  const toArchived = { reason: 'made-up', archivedAt: 1 };
  return random.some(
    [
      { event: 'candidateStageChange' as const, data: { ...ids, toStageId: stages.assessment, fromStageId: stages.phoneScreen } },
      { event: 'candidateStageChange' as const, data: { ...ids, toStageId: stages.offer, fromStageId: stages.assessment } },
      { event: 'candidateArchiveChange' as const, data: { ...ids, toArchived, fromArchived: null } },
      { event: 'candidateHired' as const, data: ids },
      { event: 'candidateDeleted' as const, data: ids },
      { event: 'candidateStageChange' as const, data: { ...ids, opportunityId: 'nobody-of-this-account' } },
    ],
    6,
  );
}

function emailIn({ detail }: { detail: Record<string, unknown> }, email: string): boolean {
  return JSON.stringify(detail).toLowerCase().includes(email);
}

const OF_THE_CONNECTION = ['host', 'connection', 'content-length', 'transfer-encoding'];

/** The same bytes; half of Greenhouse's under an event id of somebody's own, which its signature does not cover. */
async function post({ address }: StillOffice, { path, headers, body }: ReceivedRequest, random: SeededRandom): Promise<number> {
  const own: Record<string, string> = random.chance(0.5) ? { 'greenhouse-event-id': `replay-${random.int(0, 2 ** 30)}` } : {};
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name)));
  const answer = await fetch(`${address}${path}`, { method: 'POST', headers: { ...kept, ...own }, body: Uint8Array.from(body) });
  await answer.arrayBuffer();
  return answer.status;
}

async function workOff({ world, crank }: StillOffice): Promise<void> {
  await world.settle();
  await crank.turn();
  await world.settle();
  await crank.turn();
}
