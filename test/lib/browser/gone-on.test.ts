import { beforeEach, describe, expect, test, vi } from 'vitest';
import { World } from './background-harness.ts';
import { json, refusal } from './stub-server.ts';
import { ADA, applicationView, BOB } from './views.ts';

const ada = applicationView();
const bob = applicationView({ key: 'bob-backend', reference: BOB, candidateName: 'Bob' });
const done = () => json({ outcome: 'done', message: 'Sent.', mend: null, view: applicationView({ version: 2 }) });
const refused = () => json({ outcome: 'refused', message: 'She has one.', mend: null, view: null });
const SEND = '/api/commands/send';
const UNDO = '/api/commands/undo';

let world: World;
beforeEach(async () => {
  world = new World();
  world.knows(ADA, ada);
  world.knows(BOB, bob);
  await world.pair();
  world.open(1, BOB);
  await world.ask(1);
  world.go(1, ADA);
  await world.ask(1);
});

const sendAll = (assessmentIds: string[]) => {
  const { applicationKey, clickedAt } = world.click(ada.key);
  const sends = assessmentIds.map((assessmentId) => ({ actionId: world.click(ada.key).actionId, assessmentId }));
  return world.background.handlers.sendAll({ applicationKey, clickedAt, sends }, world.sender(1));
};
const sent = () => world.server.askedFor(SEND).map(({ body }) => body);

describe('several sends of one click', () => {
  test('all go to the one who was shown, also when the tab goes on after the first', async () => {
    world.server.on('POST', SEND, () => {
      world.go(1, BOB);
      return done();
    });
    expect(await sendAll(['senior-swe', 'data'])).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }]);
    expect(sent()).toMatchObject([
      { page: ADA, applicationKey: ada.key, assessmentId: 'senior-swe' },
      { page: ADA, applicationKey: ada.key, assessmentId: 'data' },
    ]);
    expect(new Set(sent().map((body) => (body as { actionId: string }).actionId)).size).toBe(2);
  });

  test('are none when the tab had gone on before', async () => {
    world.go(1, BOB);
    expect(await sendAll(['senior-swe', 'data'])).toEqual([
      { refused: 'page-moved-on', message: 'The page has moved on to Bob. Nothing was sent.' },
    ]);
    expect(sent()).toEqual([]);
  });

  test('are all kept while the server is away, each asked for once it is back', async () => {
    world.server.on('POST', SEND, () => new Response(null, { status: 502 }));
    expect(await sendAll(['senior-swe', 'data', 'third'])).toMatchObject([
      { refused: 'queued' },
      { refused: 'queued' },
      { refused: 'queued' },
    ]);
    expect((await world.ask(1)).outbox).toHaveLength(3);
    expect(world.waitingWasTold).toBe(1);
    // Each would wait as long as the first for a server that does not answer.
    expect(sent()).toHaveLength(1);
    world.server.on('POST', SEND, done);
    expect(await world.background.flush()).toBe(true);
    expect(new Set(sent().map((body) => (body as { assessmentId: string }).assessmentId))).toEqual(
      new Set(['senior-swe', 'data', 'third']),
    );
  });

  test('end at the first that the server refuses', async () => {
    world.server.on('POST', SEND, refused);
    expect(await sendAll(['senior-swe', 'data'])).toMatchObject([{ outcome: 'refused' }]);
    expect(sent()).toHaveLength(1);
  });

  test('are none when one of them cannot be read', async () => {
    world.server.on('POST', SEND, done);
    expect(await sendAll(['senior-swe', ''])).toMatchObject([{ refused: 'invalid' }]);
    expect(sent()).toEqual([]);
  });
});

describe('undo', () => {
  const undo = () => world.background.handlers.undo({ ...world.click(ada.key), invitationId: 'i1' }, world.sender(1));

  test('is given to the server although the tab has gone on: it is the way back, not a send', async () => {
    world.server.on('POST', UNDO, done);
    world.go(1, BOB);
    expect(await undo()).toMatchObject({ outcome: 'done' });
    world.go(1, null);
    expect(await undo()).toMatchObject({ outcome: 'done' });
    expect(world.server.askedFor(UNDO).map(({ body }) => body)).toMatchObject([
      { page: ADA, applicationKey: ada.key, invitationId: 'i1' },
      { page: ADA, applicationKey: ada.key, invitationId: 'i1' },
    ]);
  });

  test('never says "nothing was sent" when it is refused for its page', async () => {
    world.server.on('POST', UNDO, () => refusal(409, 'page-moved-on', 'The page has moved on to Bob. Nothing was sent.'));
    expect(await undo()).toEqual({
      refused: 'page-moved-on',
      message: 'The page has moved on to another candidate. Nothing was done.',
    });
  });
});

test('what is no send says of a page that has moved on that nothing was done', async () => {
  const { cancelInvitation, copyLink, findOutside } = world.background.handlers;
  const click = { ...world.click(ada.key), invitationId: 'i1' };
  const question = { applicationKey: ada.key, assessmentId: 'senior-swe' };
  world.go(1, BOB);
  const moved = { refused: 'page-moved-on', message: 'The page has moved on to Bob. Nothing was done.' };
  expect(await cancelInvitation(click, world.sender(1))).toEqual(moved);
  expect(await copyLink(click, world.sender(1))).toEqual(moved);
  world.go(1, null);
  expect(await findOutside(question, world.sender(1))).toEqual({
    refused: 'page-moved-on',
    message: 'The page has moved on to another candidate. Nothing was done.',
  });
});

test('a click that is discarded when the server has it already is said to', async () => {
  const { cancelInvitation, resolveOutbox } = world.background.handlers;
  const CANCEL = '/api/commands/cancel';
  const click = { ...world.click(ada.key), invitationId: 'i1' };
  world.server.isAway = true;
  await cancelInvitation(click, world.sender(1));
  const discard = () => resolveOutbox({ actionId: click.actionId, decision: 'discard' }, world.sender(1));
  expect(await discard()).toMatchObject({ outbox: [], trouble: { code: 'offline' } });

  await cancelInvitation(click, world.sender(1));
  world.server.isAway = false;
  world.server.on('POST', CANCEL, done);
  await vi.waitFor(async () => expect(await world.background.flush()).toBe(true));
  expect(await discard()).toMatchObject({
    trouble: { code: 'too-late', text: expect.stringContaining('the server has it already') },
  });
});
