import { afterEach, describe, expect, test } from 'vitest';
import { HOOK_EVENTS, type HookEvent } from '../../../lib/domain/hook-event.ts';
import { readConfig } from '../../../server/config.ts';
import { addHook, changeHook, deleteHook, listHooks } from '../../../server/storage/outgoing-hooks.repository.ts';
import { type HookReceiver, startHookReceiver } from '../../simulators/byteboard/hook-receiver.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN, makeResult } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
let receiver: HookReceiver | null = null;
afterEach(async () => {
  await receiver?.close();
  receiver = null;
});

/** A company that tells another system. */
async function telling(events: readonly HookEvent[] = HOOK_EVENTS): Promise<{ p: Pipeline; to: HookReceiver; hookId: string }> {
  const p = pipeline.current();
  const to = await startHookReceiver(() => p.now);
  receiver = to;
  to.expect(SECRET);
  Object.assign(p.services, { config: readConfig({ COMPANY: 'Analytical Engines', TEST_HOSTS: to.host }) });
  const hookId = await addHook(p.services, { name: 'Warehouse', url: to.url, events: [...events], enabled: true }, SECRET);
  return { p, to, hookId };
}
const typesAt = (to: HookReceiver) => to.received.map(({ type }) => type);
const rowOf = async (p: Pipeline) => (await listHooks(p.db))[0];

const score = async (p: Pipeline, key: string, invitationId: string, notes = 'Well done') => {
  const result = { ...makeResult({ notes, rating: 'Strong' }), enteredBy: 'Ben' };
  await p.put(key, { kind: 'enter-result', invitationId, by: BEN, result });
  await p.lane(key);
  await p.settle();
};

describe('another system', () => {
  test('is told what becomes of an invitation, signed, each once', async () => {
    const { p, to } = await telling();
    const { key, invitationId } = await p.sent({ emails: ['ada@mail.example'], name: 'Ada Moreno' });
    await score(p, key, invitationId, '<b>Well</b> done, see https://vendor.example/t?token=1');
    await p.enter(key, 'offer');
    await p.look(key);
    await p.settle();
    expect(to.refused).toEqual([]);
    expect(typesAt(to)).toEqual(['invitation.sent', 'result.reported', 'outcome.changed']);
    expect(to.received.every(({ tries }) => tries === 1)).toBe(true);
    const [sent, result, outcome] = to.received;
    expect(sent?.data).toMatchObject({
      invitation: { id: invitationId, attempt: 1 },
      assessment: { id: 'swe', name: 'Senior SWE', tag: 'Senior SWE', vendor: 'coderbyte' },
      candidate: { email: 'ada@mail.example', name: 'Ada Moreno' },
      application: { ats: 'lever' },
    });
    expect(result?.data.result).toMatchObject({ rating: 'Strong', score: { value: 84, max: 100 }, notes: 'Well done, see …' });
    expect(outcome?.data.outcome).toEqual({ next_step: 'advanced', offer_status: 'extended' });
    expect(await rowOf(p)).toMatchObject({ lastOkAt: p.now, lastFailedAt: null });
    expect(await p.codes(key)).toContain('hook-called');
  });

  test('is told only of what it wants, and of a cancelled one', async () => {
    const { p, to } = await telling(['invitation.cancelled']);
    const { key, invitationId } = await p.sent();
    await p.put(key, { kind: 'cancel', invitationId, by: BEN });
    await p.lane(key);
    await p.settle();
    expect(typesAt(to)).toEqual(['invitation.cancelled']);
  });

  test('is told once that the deadline went by', async () => {
    const { p, to } = await telling();
    const { key } = await p.sent();
    const [invitation] = await p.invitationsOf(key);
    p.pass((Date.parse(invitation?.expiresAt ?? '') - p.now.getTime()) / 1000);
    for (let round = 0; round < 2; round++) {
      await p.look(key);
      await p.settle();
    }
    expect(typesAt(to)).toEqual(['invitation.sent', 'invitation.expired']);
    expect(to.received[1]?.data.invitation).toMatchObject({ id: invitation?.id, expires_at: invitation?.expiresAt });
  });

  test('never gets the link of the test, and the address stays out of the log', async () => {
    const { p, to } = await telling();
    p.vendor.receipt = { link: 'https://vendor.example/personal-link', emailedBy: 'us' };
    await p.sent();
    expect(p.mails).toHaveLength(1);
    expect(to.bodies.join()).not.toContain('personal-link');
    expect(JSON.stringify(p.log)).not.toContain('path-that-is-a-secret');
  });

  test('is not told name and address where the ATS calls the application confidential', async () => {
    const { p, to } = await telling();
    await p.sent({ emails: ['ada@mail.example'], confidential: true });
    expect(to.received[0]?.data.candidate).toBeNull();
    expect(to.bodies.join()).not.toContain('ada@mail.example');
  });

  test('that does not answer well is told again later, under the same id', async () => {
    const { p, to } = await telling(['invitation.sent']);
    to.answerNext('take-then-500', 503, 404);
    const { key } = await p.sent();
    expect(await rowOf(p)).toMatchObject({ lastOkAt: null, lastFailedBecause: 'HTTP 500' });
    for (const seconds of [10, 20, 40, 80, 160]) {
      p.pass(seconds);
      await p.settle();
    }
    expect(to.refused).toEqual([]);
    expect(to.received).toMatchObject([{ type: 'invitation.sent', tries: 2 }]);
    expect(await p.codes(key)).toContain('hook-called');
  });

  test.each([
    ['refuses for a day: it was not told', 404, 'hook-failed'],
    ['fails for a day: it may have taken it all the same', 503, 'hook-unconfirmed'],
  ])('that %s, which is said', async (_what, status, code) => {
    const { p, to } = await telling(['invitation.sent']);
    to.answerNext(...Array.from({ length: 60 }, () => status));
    const { key } = await p.sent();
    for (let hour = 0; hour < 26; hour += 1) {
      p.pass(3600);
      await p.settle();
    }
    expect(await p.codes(key)).toContain(code);
    expect(to.received).toEqual([]);
  });

  test('that was switched off or deleted meanwhile is told nothing', async () => {
    const { p, to, hookId } = await telling(['invitation.sent', 'invitation.cancelled']);
    to.answerNext(503);
    await p.sent();
    await changeHook(p.services, hookId, { enabled: false });
    p.pass(60);
    await p.settle();
    expect(to.received).toEqual([]);
    await deleteHook(p.db, { id: hookId, now: p.now });
    expect(await listHooks(p.db)).toEqual([]);
    await p.sent();
    expect(to.received).toEqual([]);
  });

  test('that took it without our hearing of it, and was switched off: it is not certain', async () => {
    const { p, to, hookId } = await telling(['invitation.sent']);
    to.answerNext('take-then-500', 503);
    const { key } = await p.sent();
    p.pass(60);
    await p.settle();
    await changeHook(p.services, hookId, { enabled: false });
    p.pass(3600);
    await p.settle();
    expect(to.received).toHaveLength(1);
    expect(await p.codes(key)).toContain('hook-unconfirmed');
  });

  test('at a private address is never called', async () => {
    const { p, to } = await telling(['invitation.sent']);
    Object.assign(p.services, { config: readConfig({ COMPANY: 'Analytical Engines' }) });
    const { key } = await p.sent();
    expect(to.received).toEqual([]);
    expect(await p.codes(key)).toContain('hook-failed');
  });
});
