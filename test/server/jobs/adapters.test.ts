import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAdapters } from '../../../server/jobs/adapters.ts';
import { sealConnectionSecrets } from '../../../server/storage/connection-secrets.ts';
import { connections } from '../../../server/storage/schema.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import { Pipeline } from '../../support/pipeline.ts';

let p: Pipeline;
beforeAll(async () => {
  p = await Pipeline.create();
});
afterAll(() => p.drop());

test('of a connection that was deleted, or is of the other side, there is none', async () => {
  const never = () => {
    throw new Error('not asked for');
  };
  const adapters = createAdapters(p.services, { makeAts: never, makeVendor: never });
  const removed = { ok: false, kind: 'misconfigured', detail: 'this connection was removed.' };
  expect(await adapters.vendor(p.atsConnectionId)).toEqual(removed);
  const one = eq(connections.id, p.atsConnectionId);
  await p.db.update(connections).set({ deletedAt: p.now }).where(one);
  expect(await adapters.ats(p.atsConnectionId)).toEqual(removed);
  expect(await adapters.evenOff.ats(p.atsConnectionId)).toEqual(removed);
  await p.db.update(connections).set({ deletedAt: null }).where(one);
});

test('a credential under another master key is told as that, and whoever asks waits instead of failing', async () => {
  const id = p.vendorConnectionId;
  const other = createSealer(randomBytes(32));
  const seal = (sealer: typeof other) =>
    p.db
      .update(connections)
      .set({ secrets: sealConnectionSecrets(sealer, id, { apiKey: randomUUID() }), updatedAt: new Date() })
      .where(eq(connections.id, id));
  const made: string[] = [];
  const adapters = createAdapters(p.services, {
    makeAts: () => ({ ok: false, kind: 'misconfigured', detail: 'not asked for' }),
    makeVendor: ({ secrets }) => {
      made.push(...Object.keys(secrets));
      return { ok: false, kind: 'misconfigured', detail: 'made' };
    },
  });
  await seal(other);
  const refused = await adapters.vendor(id);
  expect(refused).toMatchObject({
    ok: false,
    kind: 'misconfigured',
    detail: expect.stringContaining('with this server’s master key'),
  });
  await adapters.vendor(id);
  expect(made).toEqual([]);
  expect(p.log.filter(({ msg }) => msg === 'the credential of a connection does not open')).toHaveLength(1);
  await seal(p.services.sealer);
  expect(await adapters.vendor(id)).toMatchObject({ detail: 'made' });
  expect(made).toEqual(['apiKey']);
});
