import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { readWaiting } from '../../../server/http/waiting.ts';
import { invitations } from '../../../server/storage/schema.ts';
import { usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const REFUSED = { ok: false, kind: 'refused', status: 422, detail: 'no' } as const;
const MINUTE_MS = 60_000;

test.each([
  ['sent', 0],
  ['failed', 1],
  ['undone', 1],
] as const)('one that was not sent, before a newer one of the same assessment that is %s: %i waits', async (state, count) => {
  const p = pipeline.current();
  p.vendor.fail('invite', REFUSED);
  await p.sent();
  const member = { id: randomUUID(), name: 'Rosa', role: 'admin' as const };
  const waits = async () => (await readWaiting(p.services, member)).items.map(({ text }) => text);
  expect(await waits()).toEqual([expect.stringMatching(/was not sent\.$/)]);
  const [row] = await p.db.select().from(invitations);
  if (!row) throw new Error('nothing was tried');
  const createdAt = new Date(row.createdAt.getTime() + MINUTE_MS);
  await p.db.insert(invitations).values({ ...row, id: randomUUID(), attempt: 2, state, createdAt });
  expect(await waits()).toHaveLength(count);
});
