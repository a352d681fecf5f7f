import type { HackerrankPlay } from './play.ts';

/** A believable account: two tests to invite to, and one each that is a draft, locked, archived and another account's. Answers their ids. */
export function seedAccount(play: HackerrankPlay) {
  const id = (wanted: Parameters<HackerrankPlay['createTest']>[0]) => play.createTest(wanted).id;
  return {
    backend: id({
      name: 'Backend engineer',
      minutes: 90,
      cutoffScore: 70,
      tags: ['backend', 'senior'],
      languages: ['java', 'go'],
    }),
    frontend: id({ name: 'Frontend engineer', minutes: 75, maxScore: 150, tags: ['frontend'] }),
    draft: id({ name: 'Data engineer (draft)', draft: true }),
    locked: id({ name: 'Platform engineer', locked: true }),
    archived: id({ name: 'Backend engineer 2024', archived: true }),
    foreign: id({ name: 'Somebody else', foreign: true }),
  };
}

export type SeededAccount = ReturnType<typeof seedAccount>;
