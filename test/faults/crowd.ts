import type { World } from '../simulators/world.ts';
import type { SeededRandom } from './seeded-random.ts';
import { applyAtGreenhouse, applyAtLever, type Seeker, type Step } from './seekers.ts';

export interface Crowd {
  seekers: readonly Seeker[];
  /** What the people of the ATSs do in this wave, all at once. */
  act(wave: number): void;
}

interface Wanted {
  waves: number;
  /** People with one application, half of them at each ATS. */
  singles: number;
  /** People with two at once: at one ATS, or at both with the same address. They take every step with both in the same moment. */
  twins: number;
}

const TAGS = ['Senior SWE', 'Senior SWE', 'Backend take-home'];

const move = (to: Extract<Step, { kind: 'move' }>['to']): Step => ({ kind: 'move', to });
const STRAIGHT: readonly Step[] = [move('assessment'), move('onsite'), move('offer'), { kind: 'end' }];
const BACK_AND_FORTH: readonly Step[] = [move('assessment'), move('screen'), move('assessment'), move('onsite')];
const CUT_SHORT: readonly Step[] = [move('assessment'), move('onsite'), move('assessment'), { kind: 'end' }];
const STAYS: readonly Step[] = [move('assessment'), move('screen'), move('assessment')];
const JOURNEYS = [STRAIGHT, BACK_AND_FORTH, CUT_SHORT, STAYS, STAYS];

/** Plants people in both ATSs without telling anybody, and spreads their steps over the waves. */
export function createCrowd(world: World, random: SeededRandom, { waves, singles, twins }: Wanted): Crowd {
  const seekers: Seeker[] = [];
  const plan: (() => void)[][] = Array.from({ length: waves }, () => []);
  const join = (joining: Seeker[]) => {
    seekers.push(...joining);
    const steps = random.pick(JOURNEYS);
    const when = random.some([...plan.keys()], steps.length).toSorted((a, b) => a - b);
    for (const [index, step] of steps.entries()) {
      for (const seeker of joining) plan[when[index] ?? 0]?.push(() => seeker.take(step));
    }
  };
  world.greenhouse.change({ webhooks: 'drop' });
  world.lever.direct.configure({ deliver: 'drop' });
  const person = (number: number) => {
    const name = `Seeker Number${number}`;
    return { name, email: `seeker.${number}@mail.example`, tag: random.pick(TAGS) };
  };
  for (let number = 1; number <= singles; number += 1)
    join(number % 2 ? applyAtLever(world, person(number), 1) : applyAtGreenhouse(world, person(number), 1));
  for (let number = singles + 1; number <= singles + twins; number += 1) {
    const twin = person(number);
    const atBoth = () => [...applyAtLever(world, twin, 1), ...applyAtGreenhouse(world, twin, 1)];
    join([() => applyAtLever(world, twin, 2), () => applyAtGreenhouse(world, twin, 2), atBoth][number % 3]?.() ?? []);
  }
  world.greenhouse.change({ webhooks: 'deliver' });
  world.lever.direct.configure({ deliver: 'deliver' });
  return { seekers, act: (wave) => plan[wave]?.forEach((step) => void step()) };
}
