import { COMPANIES } from '../tools/crowd-office.ts';
import type { Wanted } from './play-many.ts';

/** One crowd of a run of histories. */
export interface Crowd {
  /** Among those of its player, from 0. */
  number: number;
  seed: number;
  size: number;
  company: (typeof COMPANIES)[number];
  /** It is the first one of its office. */
  opensOffice: boolean;
}

/** All that are played when there is time enough, in their order. */
export function* crowdsOf(wanted: Pick<Wanted, 'seed' | 'histories' | 'crowd' | 'crowdsPerOffice' | 'first'>): Generator<Crowd> {
  const { seed, histories, crowd, crowdsPerOffice, first = 0 } = wanted;
  for (let played = 0; played < histories; played += crowd) {
    const number = first + played / crowd;
    const company = COMPANIES[Math.floor(number / crowdsPerOffice) % COMPANIES.length];
    if (!company) throw new Error('no company to play with');
    const opensOffice = number % crowdsPerOffice === 0;
    yield { number, seed: seed + number, size: Math.min(crowd, histories - played), company, opensOffice };
  }
}

/** However slow the machine is. */
const REPLAY_MS = 600_000;

/** What plays this crowd again: it comes to an office that those before it have worked in. */
export function replayOf(wanted: Wanted, { number, size }: Pick<Crowd, 'number' | 'size'>): Wanted {
  const { crowd, crowdsPerOffice } = wanted;
  const first = number - (number % crowdsPerOffice);
  return { ...wanted, first, histories: (number - first) * crowd + size, budgetMs: REPLAY_MS };
}

/** How somebody finds the crowd again: the whole run of this seed, or its office alone. */
export function tellReplay(wanted: Wanted, crowd: Pick<Crowd, 'number' | 'size'>): string[] {
  const again = JSON.stringify(replayOf(wanted, crowd));
  return [
    `crowd ${crowd.number} of the player that begins at ${wanted.seed}; again with the whole run: npm run faults -- --only R18 --size ${wanted.size} --seed ${wanted.runSeed}`,
    `  or alone: npx node test/faults/histories/play-process.ts '${again}'`,
  ];
}
