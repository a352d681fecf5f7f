import { expect, test } from 'vitest';
import { addAnswers, countAnswer, countWrong, noAnswers, tellAnswers } from './answers-in-trouble.ts';

const refused = { status: 503, retryAfter: '2' };
const blunt = { status: 503, retryAfter: null };
const stored = { status: 200, retryAfter: null };
const broken = { status: 500, retryAfter: null };
const none = { status: null, retryAfter: null };

function all(...answers: { status: number | null; retryAfter: string | null }[]) {
  const sum = noAnswers();
  for (const answer of answers) countAnswer(sum, answer);
  return sum;
}

test('a 503 that says when to come again is right, one that does not is wrong', () => {
  expect(countWrong(all(refused, refused))).toBe(0);
  expect(countWrong(all(refused, blunt))).toBe(1);
});

test('where some are stored after all a 200 is right, any other status and no answer are not', () => {
  expect(countWrong(all(stored, refused), ['200'])).toBe(0);
  expect(countWrong(all(stored, refused))).toBe(1);
  expect(countWrong(all(stored, blunt, broken, none), ['200'])).toBe(3);
});

test('sums are of both', () => {
  const sum = all(refused, stored);
  addAnswers(sum, all(blunt, blunt, stored));
  expect(sum).toEqual({ byStatus: { 200: 2, 503: 3 }, withoutRetryAfter: 2 });
  expect(tellAnswers(sum)).toBe('2 times 200, 3 times 503, 2 WITHOUT Retry-After');
});
