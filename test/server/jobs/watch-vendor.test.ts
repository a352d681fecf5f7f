import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { NO_OUTCOME } from '../../../lib/domain/outcome.ts';
import { createAdapters } from '../../../server/jobs/adapters.ts';
import { watchVendor } from '../../../server/jobs/watch-vendor.ts';
import type { CallFailure, CallResult } from '../../../server/outbound/outcome.ts';
import { connections } from '../../../server/storage/schema.ts';
import type { Checked, VendorAdapter, VendorReport } from '../../../server/vendors/port.ts';
import { makeInvitation, makeOrder } from '../../support/make-order.ts';
import { usePipeline } from '../../support/pipeline.ts';

const REFUSED: { ok: false } & CallFailure = { ok: false, kind: 'unauthorised', status: 401, detail: 'unknown key' };
const FORBIDDEN: { ok: false } & CallFailure = { ok: false, kind: 'forbidden', status: 403, detail: 'Your plan has no API.' };
const REPORT: VendorReport = { state: 'sent', startedAt: null, submittedAt: null, result: null };
const KEY_REFUSED = 'Coderbyte refused the credentials. Enter them again.';
const INVITATION = makeInvitation();

const running = usePipeline();

/** A vendor that answers as the test says, as two processes of ours see it. */
function stage() {
  const p = running.current();
  const vendor = {
    report: { ok: true, value: REPORT } as CallResult<VendorReport>,
    check: { ok: true, value: { account: null } } as CallResult<Checked>,
    asked: 0,
  };
  const makers = {
    makeAts: () => ({ ok: false, kind: 'misconfigured', detail: '' }) as const,
    makeVendor: (): CallResult<VendorAdapter> => ({
      ok: true,
      value: {
        ...p.vendor.adapter,
        readReport: async () => vendor.report,
        check: async () => {
          vendor.asked += 1;
          return vendor.check;
        },
      },
    }),
  };
  const first = createAdapters(p.services, makers);
  const second = createAdapters(p.services, makers);
  const read = async (process = first) => {
    const adapter = await process.vendor(p.vendorConnectionId);
    return adapter.ok ? await adapter.value.readReport(INVITATION) : adapter;
  };
  const shown = async () => {
    const [row] = await p.db
      .select({ trouble: connections.trouble, checkedAt: connections.checkedAt, version: sql<string>`xmin` })
      .from(connections)
      .where(eq(connections.id, p.vendorConnectionId));
    if (!row) throw new Error('There is no connection');
    return row;
  };
  return { p, vendor, first, second, read, shown };
}

test('a key that is refused by any call is shown with the time, and the next answer, in any process, clears it', async () => {
  const { p, vendor, second, read, shown } = stage();
  await read(second);
  vendor.report = REFUSED;
  expect(await read()).toEqual(REFUSED);
  expect(await shown()).toMatchObject({ trouble: KEY_REFUSED, checkedAt: p.now });
  p.pass(30);
  vendor.report = { ok: true, value: REPORT };
  expect(await read(second)).toEqual(vendor.report);
  expect(await shown()).toMatchObject({ trouble: null, checkedAt: p.now });
  expect(vendor.asked).toBe(0);
});

test('nothing is written while nothing changes, neither by answers nor by refusals', async () => {
  const { vendor, second, read, shown } = stage();
  const before = await shown();
  for (const process of [undefined, second, undefined, second]) await read(process);
  expect((await shown()).version).toBe(before.version);
  vendor.report = REFUSED;
  await read();
  const refused = await shown();
  expect(refused.version).not.toBe(before.version);
  for (const process of [undefined, second, undefined, second]) await read(process);
  expect((await shown()).version).toBe(refused.version);
});

test('a right that is missing for one object leaves the connection as it is: the account itself answers', async () => {
  const { p, vendor, read, shown } = stage();
  vendor.report = FORBIDDEN;
  for (let n = 0; n < 5; n++) await read();
  expect(await shown()).toMatchObject({ trouble: null });
  expect(vendor.asked).toBe(1);
  p.pass(61);
  await read();
  expect(vendor.asked).toBe(2);
});

test('a plan without the API is shown, and stays until the account answers', async () => {
  const { p, vendor, read, shown } = stage();
  vendor.report = FORBIDDEN;
  vendor.check = FORBIDDEN;
  await read();
  const words =
    'Coderbyte knows the credentials but gives them no access: a permission is missing, or the plan is without the API.';
  expect((await shown()).trouble).toBe(`${words} It says: Your plan has no API.`);
  p.pass(61);
  vendor.report = { ok: true, value: REPORT };
  await read();
  expect((await shown()).trouble).toContain(words);
  p.pass(61);
  vendor.check = { ok: true, value: { account: null } };
  await read();
  expect(await shown()).toMatchObject({ trouble: null });
});

test('where there is nobody to ask for the account, one refusal proves nothing', async () => {
  const { vendor, read, shown } = stage();
  vendor.report = FORBIDDEN;
  vendor.check = { ok: true, value: { account: null, asked: false } };
  await read();
  expect(await shown()).toMatchObject({ trouble: null });
});

test('what is late about an old key is not shown of the new one', async () => {
  const { p, vendor, first, shown } = stage();
  const old = await first.vendor(p.vendorConnectionId);
  await p.db
    .update(connections)
    .set({ updatedAt: new Date(p.now.getTime() + 1000) })
    .where(eq(connections.id, p.vendorConnectionId));
  vendor.report = REFUSED;
  if (old.ok) await old.value.readReport(INVITATION);
  expect(await shown()).toMatchObject({ trouble: null });
});

test('what was learned late does not take the place of what another process has learned since', async () => {
  const { p, vendor, first, second, read, shown } = stage();
  const early = await first.vendor(p.vendorConnectionId);
  vendor.report = REFUSED;
  await read(second);
  vendor.report = FORBIDDEN;
  vendor.check = FORBIDDEN;
  if (early.ok) await early.value.readReport(INVITATION);
  expect(await shown()).toMatchObject({ trouble: KEY_REFUSED });
});

const CALLS: [string, (vendor: VendorAdapter) => Promise<unknown> | undefined][] = [
  ['listAssessments', (vendor) => vendor.listAssessments()],
  ['invite', (vendor) => vendor.invite(makeOrder())],
  ['findInvitation', (vendor) => vendor.findInvitation(makeOrder())],
  ['cancel', (vendor) => vendor.cancel(INVITATION)],
  ['readReport', (vendor) => vendor.readReport(INVITATION)],
  ['resend', ({ operations }) => operations.resend?.(INVITATION)],
  ['extend', ({ operations }) => operations.extend?.(INVITATION, new Date(0))],
  ['giveExtraTime', ({ operations }) => operations.giveExtraTime?.(INVITATION, 25)],
  ['findInvitations', ({ operations }) => operations.findInvitations?.({ assessmentExternalId: 'x', email: 'a@b.example' })],
  ['tellOutcome', ({ operations }) => operations.tellOutcome?.(INVITATION, { outcome: NO_OUTCOME, word: 'Hired' })],
  ['readReportFile', ({ operations }) => operations.readReportFile?.(INVITATION)],
];
const refuse = async () => REFUSED;

test.each(CALLS)('%s: a refusal by it is shown', async (name, call) => {
  const { p } = stage();
  const refusing = {
    ...p.vendor.adapter,
    ...{ listAssessments: refuse, invite: refuse, findInvitation: refuse, cancel: refuse, readReport: refuse },
    operations: Object.fromEntries(CALLS.slice(5).map(([operation]) => [operation, refuse])),
  };
  const noted: (string | null)[] = [];
  const watched = watchVendor(refusing, {
    ...{ name: 'Coderbyte', shown: { trouble: null }, nowMs: () => 0 },
    note: async (trouble) => void noted.push(trouble),
  });
  expect(await call(watched)).toEqual(REFUSED);
  expect(noted, name).toEqual([KEY_REFUSED]);
});

test('a deadline that only we keep, and a file that is not there, prove nothing of the key', async () => {
  const { p, vendor, first, read, shown } = stage();
  p.vendor.allow('extend');
  p.vendor.giveFiles({ ok: true, value: null });
  vendor.report = REFUSED;
  await read();
  const adapter = await first.vendor(p.vendorConnectionId);
  const { extend, readReportFile } = adapter.ok ? adapter.value.operations : {};
  expect(await extend?.(INVITATION, p.now)).toMatchObject({ ok: true });
  expect(await readReportFile?.(INVITATION)).toEqual({ ok: true, value: null });
  expect(await shown()).toMatchObject({ trouble: KEY_REFUSED });
});

test('an invitation that is only a link of ours proves nothing of the key', async () => {
  const { p, vendor, first, read, shown } = stage();
  vendor.report = REFUSED;
  await read();
  const adapter = await first.vendor(p.vendorConnectionId);
  p.vendor.receipt = { externalId: null, link: 'https://c.example/1', emailedBy: 'us', expiresAt: null };
  if (adapter.ok) await adapter.value.invite(makeOrder());
  expect(await shown()).toMatchObject({ trouble: KEY_REFUSED });
});
