import type { HackerrankTest, HackerrankWork } from './types.ts';

/** Believable work that earns this score at this test. */
export function toWork({ maxScore }: HackerrankTest, score: number): HackerrankWork {
  const percentage = Math.round((score / maxScore) * 1000) / 10;
  const half = Math.round(score / 2);
  const question = (name: string, earned: number) => ({
    score: earned,
    answered: earned > 0,
    answer: earned > 0 ? 'function solve(rows) { return rows.length }' : '',
    name,
    preview: `${name}: return what is asked for.`,
  });
  return {
    score,
    percentage,
    tags: { Algorithms: half, Medium: score - half },
    skills: { 'Problem Solving (Intermediate)': percentage, 'SQL (Basic)': percentage },
    questions: { '2psql21H': question('Rate limiter', half), '9qkd03Lm': question('Slow report', score - half) },
  };
}
