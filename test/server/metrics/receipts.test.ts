import { describe, expect, it } from 'vitest';
import { createReceipts } from '../../../server/metrics/receipts.ts';

const at = (ms: number) => new Date(ms);

describe('since when lanes wait', () => {
  it('is forgotten for the oldest when there are too many, and then not counted', () => {
    const receipts = createReceipts(2);
    for (const [index, key] of ['a', 'b', 'c'].entries()) receipts.told(key, at(index));
    expect(receipts.decided('a', at(10))).toBeNull();
    expect(receipts.decided('b', at(10))).toBe(9);
    expect(receipts.decided('c', at(10))).toBe(8);
  });

  it('is never less than nothing, by whatever clocks', () => {
    const receipts = createReceipts();
    receipts.told('a', at(100));
    expect(receipts.decided('a', at(50))).toBe(0);
  });
});
