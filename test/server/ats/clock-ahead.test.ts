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
  ['Mon, 02 Mar 2026 09:05:00 GMT', 299_500],
  ['Mon, 02 Mar 2026 08:55:00 GMT', -300_500],
  ['Mon, 02 Mar 2026 09:00:00 GMT', null],
  ['Mon, 02 Mar 2026 09:00:59 GMT', null],
  ['Mon, 02 Mar 2026 11:00:00 GMT', null],
  ['Sat, 01 Jan 2000 00:00:00 GMT', null],
  ['soon', null],
  [undefined, null],
])('answers of %s at 09:00:00.500 tell %s ms', async (date, expected) => {
  const { watch, call, seen } = atsAt(date);
  expect(watch.aheadMs()).toBeNull();
  await call();
  expect(watch.aheadMs()).toBe(expected);
  expect(seen).toEqual([200]);
});

it('stands in the snapshots of the adapter, and only where there is something to tell', async () => {
  const snapshot = { applicationId: '7' } as Snapshot;
  const adapterThat = (result: CallResult<Snapshot>) => ({ readSnapshot: async () => result }) as unknown as AtsAdapter;
  const read = (result: CallResult<Snapshot>, aheadMs: number | null) =>
    tellingClock(adapterThat(result), { aheadMs: () => aheadMs }).readSnapshot('7');
  expect(await read(succeed(snapshot), -300_000)).toEqual(succeed({ ...snapshot, clockAheadMs: -300_000 }));
  expect(await read(succeed(snapshot), null)).toEqual(succeed(snapshot));
  const gone: CallResult<Snapshot> = { ok: false, kind: 'not-found', status: 404, detail: 'gone' };
  expect(await read(gone, -300_000)).toEqual(gone);
});
