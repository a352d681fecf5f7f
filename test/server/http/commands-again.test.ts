import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { PATHS } from '../../../lib/contract/paths.ts';
import { addCommandRoutes } from '../../../server/http/commands.routes.ts';
import { referenceOf } from '../../../server/http/page-agreement.ts';
import { inputs } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { openPipelineApp } from '../../support/pipeline-app.ts';

const pipeline = usePipeline();
let p: Pipeline;
let call: Awaited<ReturnType<typeof openPipelineApp>>;
beforeEach(async () => {
  p = pipeline.current();
  call = await openPipelineApp(p, 'recruiter', (app) => addCommandRoutes(app, p.parts));
});

/** A click, to be given as often as one likes. */
const clickOn = async (key: string, wish: object) => ({
  actionId: randomUUID(),
  page: await referenceOf(p.services, key),
  applicationKey: key,
  clickedAt: p.now.toISOString(),
  ...wish,
});

describe('a click that was taken and whose answer was lost gets that answer when it is given again', () => {
  test('a send, also hours later and while the connection is off', async () => {
    const key = await p.apply();
    await p.look(key);
    const click = await clickOn(key, { assessmentId: p.assessment.id });
    const first = await call('POST', PATHS.commands.send, click);
    expect(first).toMatchObject({ status: 200, body: { outcome: 'done' } });
    const { message } = first.body as { message: string };
    p.pass(2 * 3600);
    await p.switchConnection(p.atsConnectionId, false);
    expect(await call('POST', PATHS.commands.send, click)).toMatchObject({ status: 200, body: { outcome: 'done', message } });
    expect(await p.db.$count(inputs)).toBe(1);
    const other = { ...click, actionId: randomUUID() };
    expect(await call('POST', PATHS.commands.send, other)).toMatchObject({
      status: 409,
      body: { error: { code: 'late-click' } },
    });
    const fresh = { ...other, clickedAt: p.now.toISOString() };
    expect(await call('POST', PATHS.commands.send, fresh)).toMatchObject({ body: { error: { code: 'connection-off' } } });
  });

  test('a move, also once the candidate stands in no stage or the connection is off', async () => {
    const { key } = await p.sent({ connectionId: p.atsConnectionId });
    const click = await clickOn(key, { toStageId: 'onsite' });
    const first = await call('POST', PATHS.commands.move, click);
    expect(first).toMatchObject({ status: 200, body: { outcome: 'done' } });
    const { message } = first.body as { message: string };
    await p.change(key, (snapshot) => ({ ...snapshot, stage: null }));
    await p.look(key);
    expect(await call('POST', PATHS.commands.move, click)).toMatchObject({ status: 200, body: { outcome: 'done', message } });
    const other = { ...click, actionId: randomUUID() };
    expect(await call('POST', PATHS.commands.move, other)).toMatchObject({ body: { error: { code: 'ats-not-visible' } } });
    await p.switchConnection(p.atsConnectionId, false);
    expect(await call('POST', PATHS.commands.move, click)).toMatchObject({ status: 200, body: { message } });
  });
});
