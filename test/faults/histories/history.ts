import type { SeededRandom } from '../seeded-random.ts';
import type { AtsAct, CrowdStage } from '../tools/crowd-people.ts';
import type { Weather } from '../tools/short-way.ts';

/** One thing that somebody does. `app`: which of the person's applications; all of them at the same moment. */
export type Act =
  | { who: 'ats'; app: number | 'all'; act: AtsAct }
  | { who: 'recruiter'; app: number; click: 'send' | 'send again' | 'retake' | 'cancel' | 'mark sent' | 'undo' | 'check' }
  | { who: 'candidate'; does: 'start' | 'pass' | 'fail' }
  | { who: 'nobody' };

/** One step of a history: an act, and what befalls the work that follows. All of it is data, so that it can be printed and cut short. */
export interface Turn {
  act: Act;
  /** Webhooks of this turn arrive at once, a turn later, or again and again. */
  post: 'now' | 'late' | 'often';
  /** After how many points the next lane or effect of this person dies. */
  laneDies: number | null;
  effectDies: number | null;
  /** Of the next write that an effect makes. */
  weather: Weather;
  /** While the next reading is under way, somebody else reads and commits. */
  slowRead: boolean;
}

export interface History {
  /** Which of the vendors. */
  seat: number;
  /** Where the person applies; twice is two applications of one person. */
  sides: ('greenhouse' | 'lever')[];
  turns: Turn[];
}

export const TURNS = 6;
/** Seconds that may pass between two turns, for all of a crowd together: before and after the undo time, the second look, the grace. */
export const PASSES = [1, 5, 11, 31, 62, 301, 3700];

const STAGES: readonly CrowdStage[] = ['screen', 'assessment', 'assessment', 'assessment', 'onsite', 'offer'];

export function inventHistory(random: SeededRandom, seats: number): History {
  const sides = [random.pick(['greenhouse', 'lever'] as const)];
  if (random.chance(0.25)) sides.push(random.pick(['greenhouse', 'lever'] as const));
  const turns = Array.from({ length: TURNS }, () => inventTurn(random, sides.length));
  return { seat: random.int(0, seats - 1), sides, turns };
}

function inventTurn(random: SeededRandom, apps: number): Turn {
  const dies = () => (random.chance(0.12) ? random.int(0, 45) : null);
  return {
    act: inventAct(random, random.int(0, apps - 1)),
    post: random.pick(['now', 'now', 'now', 'late', 'often']),
    laneDies: dies(),
    effectDies: dies(),
    weather: random.chance(0.8)
      ? 'fair'
      : random.pick<Weather>(['lost', 'lost', 'unreached', { status: 500 }, { status: 503, headers: { 'retry-after': '5' } }]),
    slowRead: random.chance(0.1),
  };
}

function inventAct(random: SeededRandom, app: number): Act {
  const ats = (act: AtsAct): Act => ({ who: 'ats', app, act });
  const kind = random.int(1, 100);
  if (kind <= 15) return { who: 'ats', app: 'all', act: { kind: 'move', to: random.pick(STAGES) } };
  if (kind <= 40) return ats({ kind: 'move', to: random.pick(STAGES) });
  if (kind <= 48) return ats({ kind: 'end' });
  if (kind <= 52) return ats({ kind: 'back' });
  if (kind <= 57) return ats({ kind: 'tag', on: random.chance(0.5) });
  if (kind <= 59) return ats({ kind: 'delete' });
  if (kind <= 75)
    return {
      who: 'recruiter',
      app,
      click: random.pick(['send', 'send', 'send', 'undo', 'undo', 'send again', 'retake', 'cancel', 'mark sent', 'check']),
    };
  if (kind <= 94) return { who: 'candidate', does: random.pick(['start', 'start', 'pass', 'pass', 'fail']) };
  return { who: 'nobody' };
}

/** Shorter histories that might show the same: one turn less, or one misfortune less. */
export function* shorter(history: History): Generator<History> {
  const { turns } = history;
  for (const index of turns.keys()) {
    const calm: Turn = {
      act: { who: 'nobody' },
      post: 'now',
      laneDies: null,
      effectDies: null,
      weather: 'fair',
      slowRead: false,
    };
    const whole = JSON.stringify(turns[index]);
    const smaller: Turn[] = [
      calm,
      ...(['post', 'laneDies', 'effectDies', 'weather', 'slowRead'] as const).map((name) => ({
        ...calm,
        ...turns[index],
        [name]: calm[name],
      })),
    ];
    for (const turn of smaller) if (JSON.stringify(turn) !== whole) yield { ...history, turns: turns.with(index, turn) };
  }
}

/** For the report: without what did not befall it. */
export function describe({ sides, turns }: History, passes: readonly number[]): string[] {
  return [
    `applies at ${sides.join(' and ')}`,
    ...turns.map(({ act, ...fate }, index) => {
      const befell = Object.entries(fate).filter(
        ([, value]) => value !== null && value !== false && value !== 'fair' && value !== 'now',
      );
      return `+${passes[index]} s ${JSON.stringify(act)} ${befell.length > 0 ? JSON.stringify(Object.fromEntries(befell)) : ''}`;
    }),
  ];
}
