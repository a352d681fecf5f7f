import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createRestWatch } from '../../server/give-back-at-rest.ts';

const giveBack = vi.fn();
let spent = 0;
let elapsed = 0;
let requests = 0;
let look: () => void;
beforeEach(() => {
  giveBack.mockClear();
  [spent, elapsed, requests] = [0, 0, 0];
  look = createRestWatch({ spentMs: () => spent, elapsedMs: () => elapsed, requests: () => requests, giveBack });
});

const after = (ms: number, spentMs: number) => {
  elapsed += ms;
  spent += spentMs;
  look();
};

describe('memory is given back', () => {
  it('after the start, once the process has come to rest', () => {
    after(5_000, 1_500);
    expect(giveBack).not.toHaveBeenCalled();
    after(5_000, 50);
    expect(giveBack).toHaveBeenCalledTimes(1);
  });

  it('again every half minute while the rest lasts, and not while somebody asks', () => {
    for (let looks = 0; looks < 13; looks += 1) after(5_000, 50);
    expect(giveBack).toHaveBeenCalledTimes(3);
    for (let looks = 0; looks < 10; looks += 1) {
      requests += 1;
      after(5_000, 50);
    }
    expect(giveBack).toHaveBeenCalledTimes(3);
    after(5_000, 50);
    expect(giveBack).toHaveBeenCalledTimes(4);
  });

  it('at once when there was work again', () => {
    after(5_000, 50);
    after(5_000, 50);
    expect(giveBack).toHaveBeenCalledTimes(1);
    after(5_000, 4_000);
    expect(giveBack).toHaveBeenCalledTimes(1);
    after(5_000, 50);
    expect(giveBack).toHaveBeenCalledTimes(2);
  });

  it('not while requests come in, and they may be few', () => {
    requests += 1;
    after(5_000, 50);
    expect(giveBack).not.toHaveBeenCalled();
    after(5_000, 50);
    expect(giveBack).toHaveBeenCalledTimes(1);
  });

  it('not between rest and work: the pause would be in somebody’s way', () => {
    for (let looks = 0; looks < 5; looks += 1) after(5_000, 600);
    expect(giveBack).not.toHaveBeenCalled();
  });
});
