import type { Turn } from '../histories/history.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { STATIONS, type Station } from './stations.ts';

/** What befalls one person: the first run of what is done at the station ends at this moment, or its call meets this weather. */
export interface Accident {
  station: Station;
  /** Null: it is the weather. */
  point: number | null;
  weather: Turn['weather'];
  seat: number;
  side: Side;
}

export const SIDES = ['greenhouse', 'lever'] as const;
type Side = (typeof SIDES)[number];
type Place = Pick<Accident, 'seat' | 'side'>;

/** An effect has no more moments than this: a statement or a call, before it and after it. */
const POINTS = 34;
const POINTS_TRIED = 22;
const WEATHERS: readonly Turn['weather'][] = [
  ...(['lost', 'fatal', 'unreached'] as const),
  { status: 500 },
  { status: 503, headers: { 'retry-after': '3' } },
];

/** Done, and whoever did it is no more: where something would be done twice, or be called failed. */
const UNRECORDED = { point: null, weather: 'fatal' } as const;

/**
 * `certain`: at every station what is done and not recorded, for somebody at any vendor and ATS at which there is such a thing; of inviting
 * at each vendor, because each is asked in its own way whether it was done; of what a person may take back at each ATS, because each tells
 * in its own way that somebody came back. `others`: some of each station's moments and each weather, in no order.
 */
export function chooseAccidents({
  seats,
  stationsAt,
  random,
}: {
  seats: number;
  stationsAt(place: Place): readonly Station[];
  random: SeededRandom;
}): { certain: Accident[]; others: Accident[] } {
  const places = Array.from({ length: seats }, (_, seat) => SIDES.map((side): Place => ({ seat, side }))).flat();
  const points = Array.from({ length: POINTS }, (_, point) => point);
  const certain: Accident[] = [];
  const others: Accident[] = [];
  for (const station of STATIONS) {
    const there = places.filter((place) => stationsAt(place).includes(station));
    if (there.length === 0) continue;
    const apart = placesApart(station, there);
    certain.push(...apart.map((some) => ({ station, ...UNRECORDED, ...random.pick(some) })));
    // A mail has no other answers than these.
    const weathers = WEATHERS.filter((weather) => !station.isMail || typeof weather === 'string');
    const moments = [
      ...random.some(points, POINTS_TRIED).map((point) => ({ point, weather: 'fair' as const })),
      ...weathers.map((weather) => ({ point: null, weather })),
    ];
    others.push(...moments.map((moment) => ({ station, ...moment, ...random.pick(there) })));
  }
  return { certain: random.some(certain, certain.length), others: random.some(others, others.length) };
}

/** Of each of these groups somebody has the accident that is certain. */
function placesApart({ effect, isTakenBack }: Station, there: readonly Place[]): Place[][] {
  if (effect === 'send-invitation') return [...Map.groupBy(there, ({ seat }) => seat).values()];
  if (isTakenBack) return [...Map.groupBy(there, ({ side }) => side).values()];
  return [[...there]];
}
