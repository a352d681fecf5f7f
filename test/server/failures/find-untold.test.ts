import { expect, test } from 'vitest';
import { findUntold, TRIED_FOR_MS } from '../../../server/failures/find-untold.ts';

const MINUTE = 60_000;
/** `stage:minutes`, in the order in which we may have got to know them. */
const at = (...crossings: string[]) =>
  crossings.map((key) => {
    const [stageId = '', minutes] = key.split(':');
    return { key, stageId, atMs: Number(minutes) * MINUTE };
  });
const told = (...minutes: number[]) => minutes.map((one) => one * MINUTE);
const untold = (crossings: string[], minutes: number[]) => [...findUntold(at(...crossings), told(...minutes))].toSorted();

test.each<[string, string[], number[], string[]]>([
  ['nothing came', ['test:0'], [], ['test:0']],
  ['it came at once', ['test:0'], [0], []],
  ['it came a little before, by clocks that agree nearly', ['test:0'], [-1], []],
  ['what came before tells nothing', ['test:0'], [-3], ['test:0']],
  ['it came with the last retry', ['test:0'], [15 * 60 + 30], []],
  ['it came when nobody tries any more', ['test:0'], [TRIED_FOR_MS / MINUTE + 1], ['test:0']],
  ['one webhook tells one crossing, and that the one it follows', ['test:5', 'onsite:18'], [18], ['test:5']],
  ['the other way round', ['test:5', 'onsite:18'], [5], ['onsite:18']],
  ['both were told, the first in a retry after the second', ['test:0', 'onsite:10'], [10, 16], []],
  ['both were told, both late', ['test:0', 'onsite:1'], [16, 17], []],
  ['both by a clock that is seconds behind', ['test:0', 'onsite:60'], [-0.5, 59.5], []],
  ['of three the second was lost', ['test:0', 'onsite:5', 'offer:10'], [0, 10], ['onsite:5']],
  ['there and back are two', ['test:0', 'onsite:5', 'test:10'], [5, 10], ['test:0']],
  ['one crossing told with two times is one', ['test:0', 'onsite:30', 'test:1', 'onsite:31'], [0, 30], []],
  ['and is counted once', ['test:1', 'test:0'], [], ['test:0']],
])('%s', (_story, crossings, minutes, expected) => {
  expect(untold(crossings, minutes)).toEqual(expected);
});
