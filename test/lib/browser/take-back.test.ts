import { beforeEach, describe, expect, test, vi } from 'vitest';
import { World } from './background-harness.ts';
import { json, refusal } from './stub-server.ts';
import { ADA, applicationView, BOB } from './views.ts';

const ada = applicationView();
const bob = applicationView({ key: 'bob-backend', reference: BOB, candidateName: 'Bob' });
const SEND = '/api/commands/send';
const TAKE_BACK = '/api/commands/take-back';
const done = (message: string) => json({ outcome: 'done', message, mend: null, view: applicationView({ version: 2 }) });
const tooLate = () => json({ outcome: 'refused', message: 'Too late to undo.', mend: null, view: null });
const away = () => new Response(null, { status: 502 });

let world: World;
beforeEach(async () => {
  world = new World();
  world.knows(ADA, ada);
  world.knows(BOB, bob);
  world.server.on('POST', SEND, () => done('Sent.')).on('POST', TAKE_BACK, () => done('Undone.'));
  await world.pair();
  world.open(1, ADA);
  await world.ask(1);
});

const sendClick = () => ({ ...world.click(ada.key), assessmentId: 'senior-swe' });
const send = (click: ReturnType<typeof sendClick>) => world.background.handlers.send(click, world.sender(1));
const takeBackOf = (sent: { actionId: string }) => ({ ...world.click(ada.key), sendActionId: sent.actionId });
const takeBack = (click: ReturnType<typeof takeBackOf>) => world.background.handlers.takeBack(click, world.sender(1));
const told = () => world.server.askedFor(TAKE_BACK).map(({ body }) => body);
const outbox = async () => (await world.ask(1)).outbox;

/** A path whose answers wait until they are let go. */
function holdBack(path: string, give: () => Response) {
  const release: (() => void)[] = [];
  world.server.on('POST', path, () => new Promise((resolve) => release.push(() => resolve(give()))));
  return { release: () => release.splice(0).forEach((each) => void each()), asked: () => release.length };
}

describe('a send that is taken back', () => {
  test('is told to the server at once, while the send has no answer yet, whoever is shown now', async () => {
    const slow = holdBack(SEND, () => done('Sent.'));
    const click = sendClick();
    const sent = send(click);
    await vi.waitFor(() => expect(slow.asked()).toBe(1));
    world.go(1, BOB);
    const back = takeBackOf(click);
    expect(await takeBack(back)).toMatchObject({ outcome: 'done', message: 'Undone.' });
    world.go(1, null);
    expect(await takeBack(back)).toMatchObject({ outcome: 'done' });
    expect(told()).toEqual([
      { ...back, page: ADA },
      { ...back, page: ADA },
    ]);
    slow.release();
    await sent;
    expect(await world.background.flush()).toBe(true);
  });

  test('asks nothing of the page, which may never answer', async () => {
    world.tabs.set(1, 'https://app.greenhouse.io/applications/review/app_review?page=1');
    const asked = vi.spyOn(world.documents, 'has');
    expect(await takeBack(takeBackOf(sendClick()))).toMatchObject({ outcome: 'done' });
    expect(told()).toMatchObject([{ page: ADA }]);
    expect(asked).not.toHaveBeenCalled();
  });

  test('outlives the worker: what had no answer is told by the next one, and never as a send', async () => {
    const slow = holdBack(TAKE_BACK, away);
    world.server.isAway = true;
    const click = sendClick();
    expect(await send(click)).toMatchObject({ refused: 'queued' });
    world.server.isAway = false;
    const back = takeBackOf(click);
    void takeBack(back);
    await vi.waitFor(() => expect(slow.asked()).toBe(1));
    expect(world.waitingWasTold).toBe(2);

    world.wake();
    world.server.on('POST', TAKE_BACK, () => done('Undone.'));
    expect(await world.background.flush()).toBe(true);
    expect(told()).toEqual([
      { ...back, page: ADA },
      { ...back, page: ADA },
    ]);
    expect(world.server.askedFor(SEND)).toEqual([]);
  });

  test('stays in the list while the server is away, and is told without asking however old it is', async () => {
    world.server.isAway = true;
    const click = sendClick();
    await send(click);
    expect(await takeBack(takeBackOf(click))).toEqual({
      refused: 'queued',
      message: expect.stringContaining('Not undone yet.'),
    });
    const waiting = { kind: 'way back', text: 'Undo sending Senior SWE to Ada Lovelace', needsConfirmation: false };
    expect(await outbox()).toMatchObject([waiting]);
    world.time = new Date('2025-11-21T17:00:00.000Z');
    expect(await outbox()).toMatchObject([waiting]);
    world.server.isAway = false;
    expect(await world.background.flush()).toBe(true);
    expect(told()).toHaveLength(1);
    expect(world.server.askedFor(SEND)).toEqual([]);
    expect(await outbox()).toEqual([]);
  });

  test('is not put back where it waited when its own answer is lost after that', async () => {
    const slow = holdBack(SEND, away);
    const click = sendClick();
    const sent = send(click);
    await vi.waitFor(() => expect(slow.asked()).toBe(1));
    await takeBack(takeBackOf(click));
    slow.release();
    expect(await sent).toMatchObject({ outcome: 'done', message: 'You undid this click.' });
    expect(await outbox()).toEqual([]);
  });

  test('is not called undone when its answer is lost and its way back was refused', async () => {
    const slow = holdBack(SEND, away);
    world.server.on('POST', TAKE_BACK, () => refusal(403, 'forbidden', 'Your role does not allow this.'));
    const click = sendClick();
    const sent = send(click);
    await vi.waitFor(() => expect(slow.asked()).toBe(1));
    const back = takeBackOf(click);
    await takeBack(back);
    slow.release();
    expect(await sent).toMatchObject({ refused: 'offline' });
    expect(await outbox()).toMatchObject([{ kind: 'way back', needsConfirmation: true }]);
    // Once somebody has put the refusal away, it is a send like any other.
    await world.background.handlers.resolveOutbox({ actionId: back.actionId, decision: 'discard' }, world.sender(1));
    world.server.on('POST', SEND, away);
    expect(await send(click)).toMatchObject({ refused: 'queued' });
    expect(await outbox()).toMatchObject([{ kind: 'send' }]);
  });

  test('is not put back by a new worker either, while its way back has no answer', async () => {
    world.server.isAway = true;
    const click = sendClick();
    await takeBack(takeBackOf(click));
    world.wake();
    expect(await send(click)).toMatchObject({ outcome: 'done', message: 'You undid this click.' });
    expect(await outbox()).toMatchObject([{ kind: 'way back' }]);
  });

  test('is told again where the server has a trouble of its own, which holds up no other click', async () => {
    world.server.on('POST', TAKE_BACK, () => refusal(500, 'internal', 'The server made a mistake.'));
    expect(await takeBack(takeBackOf(sendClick()))).toMatchObject({ refused: 'queued' });
    world.server.on('POST', SEND, away);
    const other = sendClick();
    await send(other);
    world.server.on('POST', SEND, () => done('Sent.'));
    expect(await world.background.flush()).toBe(false);
    expect(await outbox()).toMatchObject([{ kind: 'way back', needsConfirmation: false }]);
    world.server.on('POST', TAKE_BACK, () => done('Undone.'));
    expect(await world.background.flush()).toBe(true);
  });

  test('too late is said at once, and stands in the list until somebody puts it away', async () => {
    world.server.on('POST', TAKE_BACK, tooLate);
    const back = takeBackOf(sendClick());
    expect(await takeBack(back)).toMatchObject({ outcome: 'refused', message: 'Too late to undo.' });
    world.wake();
    expect(await outbox()).toMatchObject([
      {
        actionId: back.actionId,
        kind: 'way back',
        needsConfirmation: true,
        text: expect.stringContaining(': Too late to undo.'),
      },
    ]);
    await world.background.flush();
    expect(told()).toHaveLength(1);
    await world.background.handlers.resolveOutbox({ actionId: back.actionId, decision: 'discard' }, world.sender(1));
    expect(await world.background.flush()).toBe(true);
  });

  test('too late is pushed to the panels, and is the same where the server was away at first', async () => {
    world.server.isAway = true;
    await takeBack(takeBackOf(sendClick()));
    world.server.isAway = false;
    world.server.on('POST', TAKE_BACK, tooLate);
    await world.background.flush();
    expect(await outbox()).toMatchObject([{ needsConfirmation: true, text: expect.stringContaining(': Too late to undo.') }]);
    const port = world.open(2, BOB);
    await world.ask(2);
    await takeBack(takeBackOf(sendClick()));
    await vi.waitFor(() => expect(port.states.at(-1)?.outbox).toHaveLength(2));
  });

  test('is told again under the same id while the server has not decided it, until it has', async () => {
    const pending = () =>
      json({ outcome: 'pending', message: 'Still working.', mend: null, view: applicationView({ version: 2 }) });
    world.server.on('POST', TAKE_BACK, pending);
    const back = takeBackOf(sendClick());
    expect(await takeBack(back)).toMatchObject({ outcome: 'pending', message: 'Still working.' });
    expect(await outbox()).toMatchObject([{ actionId: back.actionId, kind: 'way back', needsConfirmation: false }]);
    expect(await world.background.flush()).toBe(false);
    world.server.on('POST', TAKE_BACK, tooLate);
    expect(await world.background.flush()).toBe(false);
    expect(told()).toEqual(Array(3).fill({ ...back, page: ADA }));
    expect(await outbox()).toMatchObject([{ needsConfirmation: true, text: expect.stringContaining(': Too late to undo.') }]);
  });

  test('that the server would not do is "Not undone", here and in the list, until it is tried again', async () => {
    // As an older server has it, which knows no such path.
    world.server.on('POST', TAKE_BACK, () => refusal(404, 'not-found', 'That is not there.'));
    world.server.isAway = true;
    const click = sendClick();
    await send(click);
    world.server.isAway = false;
    const message = 'Not undone: That is not there.';
    const back = takeBackOf(click);
    expect(await takeBack(back)).toEqual({ refused: 'not-found', message });
    const item = { actionId: back.actionId, kind: 'way back', needsConfirmation: true };
    expect(await outbox()).toMatchObject([{ ...item, text: `Undo sending Senior SWE to Ada Lovelace: ${message}` }]);

    const tryAgain = () => world.background.handlers.resolveOutbox({ ...back, decision: 'send' }, world.sender(1));
    world.server.on('POST', TAKE_BACK, away);
    expect((await tryAgain()).outbox).toMatchObject([{ ...item, needsConfirmation: false }]);
    world.server.on('POST', TAKE_BACK, () => done('Undone.'));
    expect(await world.background.flush()).toBe(true);
    expect(world.server.askedFor(SEND)).toEqual([]);
  });

  test('is in the list once, with what came of the last click on "Undo"', async () => {
    world.server.on('POST', TAKE_BACK, () => refusal(403, 'forbidden', 'Your role does not allow this.'));
    const click = sendClick();
    await takeBack(takeBackOf(click));
    await takeBack(takeBackOf(click));
    expect(await outbox()).toMatchObject([{ text: expect.stringContaining('Not undone: Your role does not allow this.') }]);
    world.server.on('POST', TAKE_BACK, () => done('Undone.'));
    await takeBack(takeBackOf(click));
    expect(await outbox()).toEqual([]);
  });

  test('where no page of the candidate is known any more says that it was not undone', async () => {
    world.go(1, null);
    const back = { ...takeBackOf(sendClick()), applicationKey: 'lever:nobody' };
    const message = 'Not undone: The page has moved on to another candidate. Nothing was done.';
    expect(await takeBack(back)).toEqual({ refused: 'page-moved-on', message });
  });

  test('is not told to the server that another pairing is with', async () => {
    await world.background.handlers.unpair(undefined, {});
    expect(await takeBack(takeBackOf(sendClick()))).toEqual({
      refused: 'not-connected',
      message: expect.stringMatching(/^Not undone: Tagalong is not connected\./),
    });
    expect(await outbox()).toEqual([]);
    await world.pair();
    expect(await world.background.flush()).toBe(true);
    expect(told()).toEqual([]);
  });
});

describe('"Discard" of a kept send', () => {
  const discard = (actionId: string) =>
    world.background.handlers.resolveOutbox({ actionId, decision: 'discard' }, world.sender(1));
  let click: ReturnType<typeof sendClick>;
  beforeEach(async () => {
    click = sendClick();
    // The server has taken it, and its answer was lost.
    world.server.on('POST', SEND, away);
    await send(click);
  });

  test('takes it back at the server too', async () => {
    expect((await discard(click.actionId)).outbox).toEqual([]);
    expect(told()).toMatchObject([{ sendActionId: click.actionId, page: ADA, applicationKey: ada.key }]);
  });

  test('keeps the way back while the server is away', async () => {
    world.server.isAway = true;
    expect((await discard(click.actionId)).outbox).toMatchObject([{ kind: 'way back' }]);
    world.server.isAway = false;
    expect(await world.background.flush()).toBe(true);
    expect(told()).toMatchObject([{ sendActionId: click.actionId }]);
  });

  test('says once, in the list, that it has gone out', async () => {
    world.server.on('POST', TAKE_BACK, tooLate);
    const { outbox: listed, trouble } = await discard(click.actionId);
    expect(listed).toMatchObject([{ kind: 'way back', text: expect.stringContaining(': Too late to undo.') }]);
    expect(trouble).toBeNull();
  });

  test('of any other click only takes it out here', async () => {
    world.server.isAway = true;
    const cancel = { ...world.click(ada.key), invitationId: 'i1' };
    await world.background.handlers.cancelInvitation(cancel, world.sender(1));
    expect((await discard(cancel.actionId)).outbox).toMatchObject([{ kind: 'send' }]);
    expect(told()).toEqual([]);
  });
});
