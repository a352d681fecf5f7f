import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { invitations } from '../../../server/storage/schema.ts';
import type { FoundInvitation } from '../../../server/vendors/operations.ts';
import { FORBIDDEN, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { makeResult } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
beforeEach(() => {
  p = pipeline.current();
});

const detailOf = async (key: string) => (await p.invitationsOf(key)).at(-1)?.trouble?.values.detail;

/** Took the test, and a recruiter asks for it once more. */
async function retaken() {
  const { key, invitationId } = await p.sent();
  p.vendor.report = { state: 'scored', startedAt: null, submittedAt: null, result: makeResult() };
  await p.put(key, { kind: 'poll', invitationId, vendor: 'Coderbyte' });
  await p.lane(key);
  await p.settle();
  p.pass(60);
  await p.click(key, { retake: true });
  await p.lane(key);
  p.pass(11);
  await p.look(key);
  await p.settle();
  return key;
}

describe('a second attempt', () => {
  test('is kept beside the first, and the note counts it', async () => {
    const key = await retaken();
    expect(await p.invitationsOf(key)).toMatchObject([
      { attempt: 1, state: 'scored' },
      { attempt: 2, state: 'sent' },
    ]);
    expect(p.ats.notes.map(({ text }) => text.includes('(attempt 2)'))).toEqual([false, false, true]);
  });

  test('is refused in words where the vendor lets nobody take it twice', async () => {
    p.vendor.adapter.capabilities.retakes = false;
    const key = await retaken();
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'scored' }, { state: 'failed' }]);
    expect(await detailOf(key)).toBe('Coderbyte lets nobody take the same assessment twice.');
    expect(p.vendor.invited).toHaveLength(1);
  });
});

describe('somebody who was invited at the vendor by hand', () => {
  const found = (part: Partial<FoundInvitation> = {}): FoundInvitation => ({
    externalId: 'by-hand',
    invitationId: null,
    email: 'ada@mail.example',
    invitedAt: null,
    expiresAt: null,
    report: { state: 'started', startedAt: null, submittedAt: null, result: null },
    ...part,
  });

  test('is not invited a second time, and attaching is offered instead', async () => {
    p.vendor.operations.findInvitations = async () => ({ ok: true, value: [found()] });
    const { key } = await p.sent();
    expect(p.vendor.invited).toEqual([]);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'failed' }]);
    expect(await detailOf(key)).toMatch(/at Coderbyte, made there by hand or by another Tagalong\. Attach that one/);
  });

  test('is not invited either when it was Tagalong, and this server knows nothing of it', async () => {
    p.vendor.operations.findInvitations = async () => ({ ok: true, value: [found({ invitationId: randomUUID() })] });
    await p.sent();
    expect(p.vendor.invited).toEqual([]);
  });

  test('is not invited either when the id is of one of ours of another connection', async () => {
    const earlier = await p.sent({ emails: ['earlier@mail.example'] });
    const elsewhere = { vendorConnectionId: p.atsConnectionId };
    await p.db.update(invitations).set(elsewhere).where(eq(invitations.id, earlier.invitationId));
    p.vendor.operations.findInvitations = async () => ({ ok: true, value: [found({ invitationId: earlier.invitationId })] });
    await p.sent();
    expect(p.vendor.invited).toHaveLength(1);
  });

  test('is invited when that one is over', async () => {
    const over = found({ report: { state: 'expired', startedAt: null, submittedAt: null, result: null } });
    p.vendor.operations.findInvitations = async () => ({ ok: true, value: [over] });
    await p.sent();
    expect(p.vendor.invited).toHaveLength(1);
  });

  test('is invited when that one carries the id of one of ours', async () => {
    p.vendor.operations.findInvitations = async () => {
      const [own] = await p.db.select({ id: invitations.id }).from(invitations);
      return { ok: true, value: [found({ invitationId: own?.id.toUpperCase() ?? null })] };
    };
    await p.sent();
    expect(p.vendor.invited).toHaveLength(1);
  });

  test.each([UNREACHABLE, FORBIDDEN])('is left to the vendor to refuse while it cannot be asked: $kind', async (answer) => {
    p.vendor.operations.findInvitations = async () => answer;
    await p.sent();
    expect(p.vendor.invited).toHaveLength(1);
  });
});
