import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Assessment } from '../../../lib/domain/assessment.ts';
import { findOutside } from '../../../server/http/find-outside.ts';
import { invitations } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();

type Asked = { applicationKey: string; emails?: string[]; assessment?: Assessment };
/** Which addresses the vendor is asked for. */
async function askedFor(p: Pipeline, { applicationKey, emails, assessment = p.assessment }: Asked) {
  const snapshot = (await p.row(applicationKey))?.snapshot;
  if (!snapshot) throw new Error('nobody has looked at it');
  const asked: string[] = [];
  p.vendor.operations.findInvitations = async ({ email }) => {
    asked.push(email);
    return { ok: true, value: [] };
  };
  const member = { id: randomUUID(), name: 'Rosa', role: 'admin' as const };
  const shown = { ...snapshot, emails: emails ?? snapshot.emails };
  await findOutside(p.services, { assessment, snapshot: shown, applicationKey, member, vendor: p.vendor.adapter });
  return asked;
}

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

test('the vendor is asked first for the addresses to which we sent, newest first, once each, and for no more than five', async () => {
  const p = pipeline.current();
  const { key, invitationId } = await p.sent();
  const typed = { email: 'Typed@Mail.example', person: 'typed@mail.example' };
  const [first] = await p.db.update(invitations).set(typed).where(eq(invitations.id, invitationId)).returning();
  if (!first) throw new Error('nothing was sent');
  const newer = { email: 'newer@mail.example', person: 'newer@mail.example', state: 'failed' as const };
  const createdAt = new Date(first.createdAt.getTime() + 1000);
  await p.db.insert(invitations).values({ ...first, ...newer, id: randomUUID(), externalId: null, createdAt });
  const shown = ['a@mail.example', 'TYPED@mail.example', 'A@mail.example', 'b@mail.example', 'c@mail.example', 'd@mail.example'];
  expect(await askedFor(p, { applicationKey: key, emails: [...shown, 'e@mail.example'] })).toEqual([
    'newer@mail.example',
    'typed@mail.example',
    'a@mail.example',
    'b@mail.example',
    'c@mail.example',
  ]);
});

test('the vendor is not asked for an address of another assessment, of another application, or of one that was undone', async () => {
  const p = pipeline.current();
  const { key, invitationId } = await p.sent({ emails: ['ada@mail.example'] });
  const { key: other } = await p.sent({ emails: ['eve@mail.example'] });
  const typed = { email: 'typed@mail.example', person: 'typed@mail.example' };
  await p.db.update(invitations).set(typed).where(eq(invitations.id, invitationId));
  expect(await askedFor(p, { applicationKey: other })).toEqual(['eve@mail.example']);
  const anotherTest = { ...p.assessment, externalId: 'another' };
  expect(await askedFor(p, { applicationKey: key, assessment: anotherTest })).toEqual(['ada@mail.example']);
  const anotherVendor = { ...p.assessment, vendorConnectionId: randomUUID() };
  expect(await askedFor(p, { applicationKey: key, assessment: anotherVendor })).toEqual(['ada@mail.example']);
  await p.db.update(invitations).set({ state: 'undone' }).where(eq(invitations.id, invitationId));
  expect(await askedFor(p, { applicationKey: key })).toEqual(['ada@mail.example']);
});
