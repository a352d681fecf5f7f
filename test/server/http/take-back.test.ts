import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { PATHS } from '../../../lib/contract/paths.ts';
import { retryFailure } from '../../../server/failures/retry-failure.ts';
import { addCommandRoutes } from '../../../server/http/commands.routes.ts';
import { referenceOf } from '../../../server/http/page-agreement.ts';
import { failureKeys, noteFailure } from '../../../server/storage/failures.repository.ts';
import { releaseLease, takeLease } from '../../../server/storage/lease.ts';
import { failures, inputs } from '../../../server/storage/schema.ts';
import { UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { openPipelineApp } from '../../support/pipeline-app.ts';
import { waitUntil } from '../../support/wait-until.ts';

const pipeline = usePipeline();
let p: Pipeline;
let call: Awaited<ReturnType<typeof openPipelineApp>>;
beforeEach(async () => {
  p = pipeline.current();
  call = await openPipelineApp(p, 'recruiter', (app) => addCommandRoutes(app, p.parts));
});

/** A candidate whom the panel shows. */
async function arrive(): Promise<string> {
  const key = await p.apply();
  await p.look(key);
  return key;
}

const about = async (key: string) => ({
  page: await referenceOf(p.services, key),
  applicationKey: key,
  clickedAt: p.now.toISOString(),
});
const send = async (key: string, actionId: string, wish: object = {}) =>
  await call('POST', PATHS.commands.send, { ...(await about(key)), actionId, assessmentId: p.assessment.id, ...wish });
const takeBack = async (key: string, sendActionId: string, actionId: string = randomUUID()) =>
  await call('POST', PATHS.commands.takeBack, { ...(await about(key)), actionId, sendActionId });

/** All holds are over and all that waits is done. */
async function rest(): Promise<void> {
  p.pass(60);
  await p.settle();
  p.pass(60);
  await p.settle();
}
const wentOut = () => p.vendor.count('invite');
const statesOf = async (key: string) => (await p.invitationsOf(key)).map(({ state }) => state);
const answer = (outcome: string, message: string) => ({ status: 200, body: { outcome, message } });
const BEFORE = 'Undone before it was sent: nothing goes out.';
const NOT_OUT = 'It had not gone out: nothing is left to undo.';
const UNDONE = 'Ada undid sending Senior SWE.';
const REFUSED = { ok: false, kind: 'refused', status: 422, detail: 'no credits left' } as const;
const listed = () => p.db.select().from(failures).orderBy(failures.firstAt);
/** What an admin does with the first on the failures list. */
async function tryAgain(): Promise<string> {
  const [failure] = await listed();
  const member = { id: randomUUID(), name: 'Rosa', role: 'admin' } as const;
  const asked = { failure: failure ?? expect.fail('nothing is listed'), member, checked: false };
  return await retryFailure({ services: p.services, queue: p.queue }, asked);
}
const sendAgain = async (key: string, invitationId: string) =>
  await call('POST', PATHS.commands.sendAgain, { ...(await about(key)), actionId: randomUUID(), invitationId });
const INVALID = { status: 400, body: { error: { code: 'invalid' } } };
const storedUnder = async (actionId: string) =>
  (
    await p.db
      .select()
      .from(inputs)
      .where(eq(inputs.key, `action:${actionId}`))
  )[0];
const until = (isSo: () => Promise<boolean>) => waitUntil(isSo, { withinMs: 3_000, everyMs: 5, describe: () => 'not stored' });

describe('a send that is taken back by its click', () => {
  test('and never came: should it come later, it is answered as taken back, and nothing goes out', async () => {
    const key = await arrive();
    const sent = randomUUID();
    expect(await takeBack(key, sent)).toMatchObject(answer('done', BEFORE));
    p.pass(2 * 3600);
    expect(await send(key, sent)).toMatchObject(answer('done', BEFORE));
    expect(await send(key, sent)).toMatchObject(answer('done', BEFORE));
    await rest();
    expect(await statesOf(key)).toEqual([]);
    expect(wentOut()).toBe(0);
  });

  test('and is held: undone at once; sent again as another click it goes out', async () => {
    const key = await arrive();
    const sent = randomUUID();
    await send(key, sent);
    expect(await statesOf(key)).toEqual(['held']);
    expect(await takeBack(key, sent)).toMatchObject(answer('done', UNDONE));
    await rest();
    expect(await statesOf(key)).toEqual(['undone']);
    expect(wentOut()).toBe(0);
    await send(key, randomUUID());
    await rest();
    expect(wentOut()).toBe(1);
  });

  test('and was undone already: done', async () => {
    const key = await arrive();
    const sent = randomUUID();
    await send(key, sent);
    const [held] = await p.invitationsOf(key);
    await call('POST', PATHS.commands.undo, { ...(await about(key)), actionId: randomUUID(), invitationId: held?.id });
    expect(await takeBack(key, sent)).toMatchObject(answer('done', NOT_OUT));
  });

  test('and has gone out, or is going: refused, with the view', async () => {
    const key = await arrive();
    const sent = randomUUID();
    await send(key, sent);
    p.pass(11);
    await p.lane(key);
    expect(await statesOf(key)).toEqual(['sending']);
    const tooLate = answer('refused', 'Too late to undo: Senior SWE is already on its way.');
    const told = await takeBack(key, sent);
    expect(told).toMatchObject(tooLate);
    expect(told.body).toMatchObject({ view: { kind: 'application', invitations: [{ state: 'sending' }] } });
    await rest();
    expect(await takeBack(key, sent)).toMatchObject(tooLate);
    expect(wentOut()).toBe(1);
  });

  test('and failed: it is closed, and neither the panel nor the failures list sends it after all', async () => {
    const key = await arrive();
    const sent = randomUUID();
    p.vendor.fail('invite', REFUSED);
    await send(key, sent);
    await rest();
    const [failed] = await p.invitationsOf(key);
    expect(failed).toMatchObject({ state: 'failed' });
    expect(await listed()).toMatchObject([{ state: 'open' }]);
    expect(await takeBack(key, sent)).toMatchObject(answer('done', UNDONE));
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'undone', closedAt: p.now.toISOString() }]);
    expect(await listed()).toMatchObject([{ state: 'settled' }]);
    expect(await tryAgain()).toBe('gone');
    expect(await sendAgain(key, failed?.id ?? '')).toMatchObject({ body: { outcome: 'refused' } });
    await rest();
    expect(p.vendor.invited).toEqual([]);
    expect(await takeBack(key, sent)).toMatchObject(answer('done', NOT_OUT));
  });

  test('and failed, and another has gone out in its place: refused', async () => {
    const key = await arrive();
    const sent = randomUUID();
    p.vendor.fail('invite', REFUSED);
    await send(key, sent);
    await rest();
    await p.change(key, (snapshot) => ({ ...snapshot, emails: ['ada@right.example'] }));
    await p.look(key);
    expect(await tryAgain()).toBe('retried');
    await rest();
    expect(await statesOf(key)).toEqual(['undone', 'sent']);
    const tooLate = answer('refused', 'Too late to undo: Senior SWE is already on its way.');
    expect(await takeBack(key, sent)).toMatchObject(tooLate);
    expect(await statesOf(key)).toEqual(['undone', 'sent']);
  });

  test('and was refused: nothing had gone out', async () => {
    const key = await arrive();
    await send(key, randomUUID());
    const second = randomUUID();
    expect(await send(key, second)).toMatchObject({ body: { outcome: 'refused' } });
    expect(await takeBack(key, second)).toMatchObject(answer('done', NOT_OUT));
    expect(await statesOf(key)).toEqual(['held']);
  });

  test('and only added the tag: told that this is not taken back', async () => {
    const key = await arrive();
    const tagged = randomUUID();
    await send(key, tagged, { onlyTag: true });
    expect(await takeBack(key, tagged)).toMatchObject(
      answer('refused', 'That click only added the tag "Senior SWE", which is not taken back here.'),
    );
  });

  test('and is about another application, was no send, or is the same id: invalid, and nothing is changed', async () => {
    const [key, other] = [await arrive(), await arrive()];
    const [sent, undone] = [randomUUID(), randomUUID()];
    await send(key, sent);
    expect(await takeBack(other, sent)).toMatchObject(INVALID);
    expect(await statesOf(key)).toEqual(['held']);
    await takeBack(key, sent, undone);
    expect(await takeBack(key, undone)).toMatchObject(INVALID);
    expect(await takeBack(key, undone, undone)).toMatchObject({ status: 200 });
    const fresh = randomUUID();
    expect(await takeBack(key, fresh, fresh)).toMatchObject(INVALID);
    expect(await storedUnder(fresh)).toBeUndefined();
  });
});

describe('given again', () => {
  test('under its own id: the first answer, whatever has become of it', async () => {
    const key = await arrive();
    const [sent, undone] = [randomUUID(), randomUUID()];
    await send(key, sent);
    const first = answer('done', UNDONE);
    expect(await takeBack(key, sent, undone)).toMatchObject(first);
    p.pass(5 * 3600);
    expect(await takeBack(key, sent, undone)).toMatchObject(first);
    expect(await p.codes(key)).toEqual(['send-requested', 'send-undone']);
  });

  test('many at once, under one id and under several: once', async () => {
    const key = await arrive();
    const [sent, undone] = [randomUUID(), randomUUID()];
    await send(key, sent);
    const ids = [undone, undone, undone, randomUUID(), randomUUID()];
    const answers = await Promise.all(ids.map((id) => takeBack(key, sent, id)));
    expect(answers.map(({ body }) => (body as { outcome: string }).outcome)).toEqual(ids.map(() => 'done'));
    expect((await p.codes(key)).filter((code) => code === 'send-undone')).toHaveLength(1);
    await rest();
    expect(wentOut()).toBe(0);
  });

  test('it is told once in what happened', async () => {
    const key = await arrive();
    const sent = randomUUID();
    await takeBack(key, sent);
    await takeBack(key, sent);
    const { body } = await send(key, sent);
    const { view } = body as { view: { happenings: { text: string }[] } };
    expect(view.happenings.map(({ text }) => text)).toEqual([BEFORE]);
  });
});

const ROUNDS = 8;

/** The send and the way back at the same moment, each order as it comes; answers with what the way back was told and how many went out. */
async function bothAtOnce(hold: number): Promise<{ told: string; out: number }[]> {
  await p.setRules({ holdSeconds: hold });
  const seen: { told: string; out: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const key = await arrive();
    const sent = randomUUID();
    const before = wentOut();
    const first = round % 2 === 0 ? send(key, sent) : undefined;
    const [{ body }] = await Promise.all([takeBack(key, sent), first ?? send(key, sent)]);
    await rest();
    seen.push({ told: (body as { outcome: string }).outcome, out: wentOut() - before });
  }
  return seen;
}

describe('at the same moment as the send', () => {
  test('with a hold nothing ever goes out', async () => {
    expect(await bothAtOnce(10)).toEqual(Array.from({ length: ROUNDS }, () => ({ told: 'done', out: 0 })));
  });

  test('without a hold it is never said to be undone and gone out all the same', async () => {
    for (const { told, out } of await bothAtOnce(0)) expect({ told, out }).toEqual({ told: out ? 'refused' : 'done', out });
  });

  test.each([10, 0])('while the send is being decided (a hold of %i s): decided again, and nothing goes out', async (hold) => {
    await p.setRules({ holdSeconds: hold });
    const key = await arrive();
    const sent = randomUUID();
    const asked = Promise.withResolvers<Awaited<ReturnType<typeof takeBack>>>();
    // After the lane has decided, before it commits.
    p.onVendor = async () => {
      p.onVendor = () => undefined;
      takeBack(key, sent).then(asked.resolve, asked.reject);
      await until(async () => (await storedUnder(sent))?.input.kind === 'called-off');
    };
    expect(await send(key, sent)).toMatchObject(answer('done', BEFORE));
    expect(await asked.promise).toMatchObject(answer('done', BEFORE));
    await rest();
    expect(await statesOf(key)).toEqual([]);
    expect(wentOut()).toBe(0);
  });

  test('as the release of the hold: one of both, and told which', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = await arrive();
      const sent = randomUUID();
      await send(key, sent);
      const before = wentOut();
      p.pass(11);
      const [told] = await Promise.all([takeBack(key, sent), p.lane(key)]);
      const { outcome } = told.body as { outcome: string };
      await rest();
      expect({ outcome, out: wentOut() - before }).toEqual({ outcome, out: outcome === 'done' ? 0 : 1 });
    }
  });
});

describe('while the ATS does not answer', () => {
  test('a send that waits for it is called off at once, and stays so when the ATS is back', async () => {
    const key = await p.apply();
    p.ats.fail('readSnapshot', UNREACHABLE, UNREACHABLE, UNREACHABLE);
    const sent = randomUUID();
    expect(await send(key, sent)).toMatchObject({ body: { outcome: 'pending' } });
    expect(await takeBack(key, sent)).toMatchObject(answer('done', BEFORE));
    p.ats.failures.clear();
    await rest();
    expect(await send(key, sent)).toMatchObject(answer('done', BEFORE));
    expect(await statesOf(key)).toEqual([]);
    expect(wentOut()).toBe(0);
  });
});

describe('when a process dies', () => {
  test('after the send was stored: nobody decides it any more', async () => {
    const key = await arrive();
    const sent = randomUUID();
    const by = { kind: 'member' as const, memberId: randomUUID(), name: 'Ben' };
    const wish = { email: null, options: {}, retake: false, clickedAt: p.now.toISOString() };
    await p.put(key, { kind: 'send', actionId: sent, by, assessmentId: p.assessment.id, ...wish }, `action:${sent}`);
    expect(await takeBack(key, sent)).toMatchObject(answer('done', BEFORE));
    await rest();
    expect(wentOut()).toBe(0);
  });

  test('after the way back was stored and before the lane was worked off: another finds it', async () => {
    const key = await arrive();
    const [sent, undone] = [randomUUID(), randomUUID()];
    await send(key, sent);
    // The lane belongs to a process that works no more.
    const token = randomUUID();
    await takeLease(p.db, key, { token, holder: null }, p.now);
    const asked = takeBack(key, sent, undone);
    await until(async () => (await storedUnder(undone)) !== undefined);
    // Undone before anybody decided anything.
    expect(await statesOf(key)).toEqual(['undone']);
    await releaseLease(p.db, key, token);
    expect(await asked).toMatchObject(answer('done', UNDONE));
    await rest();
    expect(wentOut()).toBe(0);
  });

  test('while the way back is being stored: none of it is, and it can be given again', async () => {
    const key = await arrive();
    const [sent, undone] = [randomUUID(), randomUUID()];
    await send(key, sent);
    const { sendLane } = p.queue;
    p.queue.sendLane = () => Promise.reject(new Error('the connection was lost'));
    expect(await takeBack(key, sent, undone)).toMatchObject({ status: 500 });
    p.queue.sendLane = sendLane;
    expect(await statesOf(key)).toEqual(['held']);
    expect(await takeBack(key, sent, undone)).toMatchObject(answer('done', UNDONE));
  });

  test('a send that was put aside as faulty is called off for good', async () => {
    const key = await arrive();
    const sent = randomUUID();
    const by = { kind: 'member' as const, memberId: randomUUID(), name: 'Ben' };
    const wish = { email: null, options: {}, retake: false, clickedAt: p.now.toISOString() };
    await p.put(key, { kind: 'send', actionId: sent, by, assessmentId: p.assessment.id, ...wish }, `action:${sent}`);
    const [faulty = expect.fail('not stored')] = await p.db
      .update(inputs)
      .set({ handledAt: p.now })
      .where(eq(inputs.key, `action:${sent}`))
      .returning({ id: inputs.id });
    const reason = { code: 'input-failed', values: { input: 'send', fault: 'TypeError' } };
    await noteFailure(p.db, p.services, { key: failureKeys.input(faulty.id), kind: 'job', applicationKey: key, reason });
    expect(await takeBack(key, sent)).toMatchObject(answer('done', BEFORE));
    expect(await listed()).toMatchObject([{ state: 'settled' }]);
    expect(await tryAgain()).toBe('gone');
    // "Try again" on the failures list takes up what has no decision; this has one now.
    expect((await storedUnder(sent))?.decisionId).not.toBeNull();
    await rest();
    expect(wentOut()).toBe(0);
  });
});
