import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { PATHS } from '../../../lib/contract/paths.ts';
import { addFollowUpRoutes } from '../../../server/http/follow-ups.routes.ts';
import { referenceOf } from '../../../server/http/page-agreement.ts';
import { FakeVendor, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { openPipelineApp } from '../../support/pipeline-app.ts';

const pipeline = usePipeline();
let p: Pipeline;
let call: Awaited<ReturnType<typeof openPipelineApp>>;
beforeEach(async () => {
  p = pipeline.current();
  p.vendor = new FakeVendor();
  p.vendor.allow('resend');
  call = await openPipelineApp(p, 'recruiter', (app) => addFollowUpRoutes(app, p.parts));
});

type Sent = Awaited<ReturnType<Pipeline['sent']>>;
const resend = async ({ key, invitationId }: Sent, actionId: string = randomUUID()) =>
  await call('POST', PATHS.commands.resend, {
    actionId,
    page: await referenceOf(p.services, key),
    applicationKey: key,
    clickedAt: p.now.toISOString(),
    invitationId,
  });
const RUNNING = { status: 409, body: { error: { code: 'already-done', message: 'That is being done just now.' } } };

/** Longer ago than a click rests on what was read, and the ATS does not answer: the click waits. */
const whileAway = async (): Promise<Sent> => {
  const sent = await p.sent();
  p.pass(300);
  p.ats.fail('readSnapshot', UNREACHABLE, UNREACHABLE, UNREACHABLE);
  return sent;
};
const atsIsBack = async ({ key }: Sent) => {
  p.ats.failures.clear();
  p.pass(120);
  await p.look(key);
  await p.settle();
};

describe('a resend that waits for the ATS', () => {
  test('is asked for once, however often anybody clicks: one e-mail', async () => {
    const sent = await whileAway();
    expect(await resend(sent)).toMatchObject({ status: 200, body: { outcome: 'pending' } });
    expect(await resend(sent)).toMatchObject(RUNNING);
    expect(await p.waitingInputs(sent.key)).toHaveLength(1);
    await atsIsBack(sent);
    expect(p.vendor.resent).toEqual([sent.invitationId]);
  });

  test('and people who click at the same moment, each at another process, are no exception', async () => {
    const sent = await whileAway();
    // Each has stored its click and none has committed it when they look whether there is another.
    const clicks = 5;
    const { sendLane } = p.queue;
    const allStored = Promise.withResolvers<void>();
    let stored = 0;
    p.queue.sendLane = async (tx, key) => {
      stored += 1;
      if (stored === clicks) allStored.resolve();
      await allStored.promise;
      await sendLane.call(p.queue, tx, key);
    };
    const answers = await Promise.all(Array.from({ length: clicks }, () => resend(sent)));
    p.queue.sendLane = sendLane;
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    await atsIsBack(sent);
    expect(p.vendor.resent).toEqual([sent.invitationId]);
  });

  test('the same click once more is no other click', async () => {
    const sent = await whileAway();
    const actionId = randomUUID();
    expect(await resend(sent, actionId)).toMatchObject({ body: { outcome: 'pending' } });
    expect(await resend(sent, actionId)).toMatchObject({ body: { outcome: 'pending' } });
    await atsIsBack(sent);
    expect(p.vendor.resent).toEqual([sent.invitationId]);
  });

  test('holds up no other invitation, and none once it has ended', async () => {
    const other = await p.sent();
    const sent = await whileAway();
    await resend(sent);
    expect(await resend(other)).toMatchObject({ status: 200 });
    await atsIsBack(sent);
    expect(p.vendor.resent).toContain(sent.invitationId);
    expect(await resend(sent)).toMatchObject({ body: { outcome: 'done' } });
    expect(await resend(sent)).toMatchObject(RUNNING);
    await p.settle();
    expect(p.vendor.resent.filter((id) => id === sent.invitationId)).toHaveLength(2);
  });
});
