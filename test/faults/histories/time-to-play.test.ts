import { expect, test } from 'vitest';
import { timeToPlay } from './time-to-play.ts';

test.each([
  { left: 250_000, play: 210_000 },
  { left: 900_000, play: 360_000 },
  { left: 20_000, play: 90_000 },
  { left: -400_000, play: 90_000 },
  { left: 0, play: 90_000 },
  { left: null, play: 360_000 },
])('of $left ms left histories take $play', ({ left, play }) => {
  expect(timeToPlay(left)).toBe(play);
});
