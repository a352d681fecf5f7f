import { expect, it } from 'vitest';
import { reasonWords } from '../../../server/http/reason-words.ts';

it('names why an application was closed, and ends the sentence where nobody told', () => {
  const closed = (reason: string) => reasonWords({ code: 'application-archived', values: { reason } });
  expect(closed('Underqualified')).toBe('The application was closed: Underqualified.');
  expect(closed('')).toBe('The application was closed.');
});
