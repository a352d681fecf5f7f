import type { Random } from '../frame/random.ts';
import { randomText } from '../frame/random.ts';
import type { CompanyTest, SessionResult } from './types.ts';

/** Believable work that earns this share (0 to 1) of every task; unsolved is what earned less than half. */
export function toResult(random: Random, { tasks }: CompanyTest, share: number): SessionResult {
  return {
    accessToken: randomText(random, 40),
    codingScore: Math.round(200 + 400 * share),
    tasks: tasks.map(({ id: taskId, maxScore }, index) => ({
      taskId,
      score: Math.round(maxScore * share),
      solveTimeMs: share >= 0.5 ? 600_000 * (index + 1) : 0,
      timeSpentMs: 900_000,
      suspicion: null,
    })),
  };
}
