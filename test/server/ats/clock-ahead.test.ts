import { expect, it } from 'vitest';
import type { Snapshot } from '../../../lib/domain/application.ts';
import { createClockWatch, tellingClock } from '../../../server/ats/clock-ahead.ts';
import type { AtsAdapter } from '../../../server/ats/port.ts';
import type { HttpClient } from '../../../server/outbound/http.ts';
import { type CallResult, succeed } from '../../../server/outbound/outcome.ts';

const NOW = new Date('2026-03-02T09:00:00.500Z');
const clock = { now: () => NOW };

/** An ATS whose answers bear this date. */
function atsAt(date: string | undefined) {
  const seen: number[] = [];
  const http: HttpClient = {
    async request(request) {
      const headers: Record<string, string> = date === undefined ? {} : { date };
      request.onAnswer?.({ status: 200, headers });
      return succeed({ status: 200, headers, body: [] });
    },
  };
  const watch = createClockWatch(clock);
  const call = () =>
    watch.watching(http).request({
      method: 'GET',
      url: 'https://ats.example/x',
      write: false,
      onAnswer: ({ status }) => seen.push(status),
    });
  return { watch, call, seen };
}

it.each([
  ['Mon, 02 Mar 2026 09:05:00 GMT', 299_500, 0],
  ['Mon, 02 Mar 2026 08:55:00 GMT', -300_500, 300_500],
  ['Mon, 02 Mar 2026 09:00:00 GMT', null, 0],
  ['Mon, 02 Mar 2026 09:00:59 GMT', null, 0],
  ['Mon, 02 Mar 2026 11:00:00 GMT', null, 0],
  ['Sun, 01 Mar 2026 19:00:00 GMT', null, 14 * 3_600_000 + 500],
  ['Sat, 28 Feb 2026 09:00:00 GMT', null, 0],
  ['Sat, 01 Jan 2000 00:00:00 GMT', null, 0],
  ['soon', null, 0],
  [undefined, null, 0],
])('answers of %s at 09:00:00.500 tell %s ms, and of our own clock %s ms', async (date, expected, ofOurs) => {
  const { watch, call, seen } = atsAt(date);
  expect(watch.aheadMs()).toBeNull();
  expect(watch.ownAheadMs()).toBe(0);
  await call();
  expect(watch.aheadMs()).toBe(expected);
  expect(watch.ownAheadMs()).toBe(ofOurs);
  expect(seen).toEqual([200]);
});

it('stands in the snapshots of the adapter, and only where there is something to tell', async () => {
  const snapshot = { applicationId: '7' } as Snapshot;
  const adapterThat = (result: CallResult<Snapshot>) => ({ readSnapshot: async () => result }) as unknown as AtsAdapter;
  const read = (result: CallResult<Snapshot>, aheadMs: number | null) =>
    tellingClock(adapterThat(result), { aheadMs: () => aheadMs, ownAheadMs: () => 0 }).readSnapshot('7');
  expect(await read(succeed(snapshot), -300_000)).toEqual(succeed({ ...snapshot, clockAheadMs: -300_000 }));
  expect(await read(succeed(snapshot), null)).toEqual(succeed(snapshot));
  const gone: CallResult<Snapshot> = { ok: false, kind: 'not-found', status: 404, detail: 'gone' };
  expect(await read(gone, -300_000)).toEqual(gone);
});

it('the adapter itself says how far our own clock is ahead, as the answers come', async () => {
  const { watch, call } = atsAt('Mon, 02 Mar 2026 08:15:00 GMT');
  const adapter = tellingClock({} as AtsAdapter, watch);
  expect(adapter.ownClockAheadMs?.()).toBe(0);
  await call();
  expect(adapter.ownClockAheadMs?.()).toBe(2_700_500);
});
