import { expect, test } from 'vitest';
import { errorDetail } from '../../../server/outbound/error-detail.ts';

test('a long sentence is cut between two characters, never within one', () => {
  for (const before of ['', 'x']) {
    const detail = errorDetail({ message: before + '\u{1f600}'.repeat(500) });
    expect(detail.length).toBeGreaterThan(50);
    expect(detail.length).toBeLessThan(1000);
    expect(detail.isWellFormed()).toBe(true);
  }
});
