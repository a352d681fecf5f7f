import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { findOutside } from '../../../server/http/find-outside.ts';
import { invitations } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();

/** What is offered to be attached to Ada's application, when the vendor has one of hers under `ext-1`. */
async function offered(p: Pipeline, { applicationKey, invitationId }: { applicationKey: string; invitationId: string | null }) {
  const snapshot = (await p.row(applicationKey))?.snapshot;
  if (!snapshot) throw new Error('nobody has looked at it');
  const [email = ''] = snapshot.emails;
  const report = { state: 'started' as const, startedAt: null, submittedAt: null, result: null };
  p.vendor.operations.findInvitations = async () => ({
    ok: true,
    value: [{ externalId: 'ext-1', invitationId, email, invitedAt: null, expiresAt: null, report }],
  });
  const member = { id: randomUUID(), name: 'Rosa', role: 'admin' as const };
  const search = { assessment: p.assessment, snapshot, applicationKey, member, vendor: p.vendor.adapter };
  return (await findOutside(p.services, search)).outside.map(({ ref }) => ref);
}

test('one with an id that only the vendor knows is offered, one of ours is not', async () => {
  const p = pipeline.current();
  const { key, invitationId } = await p.sent();
  expect(await offered(p, { applicationKey: key, invitationId: randomUUID() })).toEqual(['vendor:ext-1']);
  expect(await offered(p, { applicationKey: key, invitationId })).toEqual([]);
});

test.each([
  ['cancelled', ['vendor:ext-1']],
  // It may well be this one.
  ['unconfirmed', []],
  ['scored', []],
] as const)('beside one of ours that never had an id there, and is %s: %j', async (state, refs) => {
  const p = pipeline.current();
  const { key, invitationId } = await p.sent();
  await p.db.update(invitations).set({ state, externalId: null }).where(eq(invitations.id, invitationId));
  expect(await offered(p, { applicationKey: key, invitationId: null })).toEqual([...refs]);
});
