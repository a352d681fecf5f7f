import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type OpenPort, World } from './background-harness.ts';
import { json, refusal } from './stub-server.ts';
import { ADA, applicationView, BOB, chooserView } from './views.ts';

const ada = applicationView();
const bob = applicationView({ key: 'bob-backend', reference: BOB, candidateName: 'Bob' });
const done = (view = applicationView({ version: 2 })) => json({ outcome: 'done', message: 'Sent.', mend: null, view });
const last = (port: OpenPort) => port.states.at(-1);
const until = (check: () => void) => vi.waitFor(check, { interval: 5 });

let world: World;
beforeEach(async () => {
  world = new World();
  world.knows(ADA, ada);
  world.knows(BOB, bob);
  await world.pair();
});

const ask = (tabId = 1, message: { chosenApplicationId?: string } = {}) => world.ask(tabId, message);
const send = (key: string, tabId = 1) =>
  world.background.handlers.send({ ...world.click(key), assessmentId: 'senior-swe' }, world.sender(tabId));

describe('what the panel shows', () => {
  test('is the candidate of the tab, fresh from the server', async () => {
    world.open(1, ADA);
    expect(await ask()).toMatchObject({
      link: 'live',
      page: ADA,
      view: ada,
      stale: false,
      member: { name: 'Rae' },
      trouble: null,
    });
  });

  test('is there at once, without anything to show yet, while a slow server is asked', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.server.on('GET', '/api/panel', async () => {
      await held;
      return json(ada);
    });
    const port = world.open(1, ADA);
    const first = await world.background.handlers.getPanelState({}, world.sender(1));
    expect(first).toMatchObject({ link: 'connecting', page: ADA, view: null });
    release();
    await until(() => expect(last(port)).toMatchObject({ link: 'live', view: ada }));
  });

  test('comes to the new page while the panel of the page before has not gone yet', async () => {
    const before = world.open(1, ADA);
    await ask();
    const after = world.open(1, BOB);
    expect(await world.background.handlers.getPanelState({}, world.sender(1))).toMatchObject({ page: BOB });
    await until(() => expect(last(after)).toMatchObject({ link: 'live', page: BOB, view: { candidateName: 'Bob' } }));
    expect(last(before)?.page).not.toEqual(BOB);
  });

  test('is nobody on a page without a candidate', async () => {
    world.open(1, null);
    expect(await ask()).toMatchObject({ page: null, view: null });
  });

  test('is the last known copy at once when the candidate is opened again, and the fresh one after it', async () => {
    world.open(1, ADA);
    await ask();
    world.knows(ADA, applicationView({ version: 5 }));
    world.wake();
    const port = world.open(2, ADA);
    expect(await ask(2)).toMatchObject({ view: { version: 1 }, stale: true, viewAt: '2025-11-21T14:00:00.000Z' });
    await until(() => expect(last(port)).toMatchObject({ view: { version: 5 }, stale: false, link: 'live' }));
  });

  test('is the last known copy with the trouble while the server is away', async () => {
    world.open(1, ADA);
    await ask();
    world.server.isAway = true;
    expect(await ask()).toMatchObject({ link: 'offline', view: ada, stale: true, trouble: { code: 'offline' } });
  });

  test('follows the tab to the next candidate, whose copy comes first', async () => {
    const port = world.open(1, ADA);
    await ask();
    world.go(1, BOB);
    await world.background.ports.follow(1);
    expect(last(port)).toMatchObject({ page: BOB, view: { candidateName: 'Bob' } });
    world.go(1, null);
    await world.background.ports.follow(1);
    expect(last(port)).toMatchObject({ page: null, view: null });
  });

  test('is never an answer about the candidate before, however late it comes', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.server.on('GET', '/api/panel', async (_body, url) => {
      if (url.searchParams.get('applicationId') !== (ADA.kind === 'application' && ADA.applicationId)) return json(bob);
      await held;
      return json(ada);
    });
    world.open(1, ADA);
    const answer = ask();
    await until(() => expect(world.server.askedFor('/api/panel')).not.toEqual([]));
    world.go(1, BOB);
    release();
    expect(await answer).toMatchObject({ page: BOB, view: { candidateName: 'Bob' } });
  });

  test('changes when the server says that the application shown has changed, and only then', async () => {
    const port = world.open(1, ADA);
    const other = world.open(2, BOB);
    await Promise.all([ask(1), ask(2)]);
    await world.streaming();
    await until(() => expect(last(other)).toBeDefined());
    const before = other.states.length;
    world.knows(ADA, applicationView({ version: 3 }));
    world.tell({ type: 'application', key: ada.key, version: 3 });
    await until(() => expect(last(port)).toMatchObject({ view: { version: 3 }, link: 'live' }));
    expect(other.states).toHaveLength(before);
  });
});

describe('a person with several applications', () => {
  const person = { ats: 'greenhouse', host: 'app.greenhouse.io', kind: 'person', candidateId: '1' } as const;
  const seven = { ...person, kind: 'application', applicationId: '7' } as const;
  const chosen = applicationView({ key: 'seven', reference: seven });
  beforeEach(() => {
    world.knows(person, chooserView(['7', '8']));
    world.knows(seven, chosen);
  });

  test('is asked about the application that was chosen, also after a command', async () => {
    const port = world.open(1, person);
    expect(await ask()).toMatchObject({ view: { kind: 'chooser' } });
    expect(await ask(1, { chosenApplicationId: '7' })).toMatchObject({ page: person, view: { key: 'seven' } });
    world.server.on('POST', '/api/commands/send', () => done({ ...chosen, version: 2 }));
    expect(await send('seven')).toMatchObject({ outcome: 'done' });
    expect(world.server.askedFor('/api/commands/send')[0]?.body).toMatchObject({ page: person, applicationKey: 'seven' });
    port.say({ tagalong: 'choose', applicationId: '7' });
    expect(await ask()).toMatchObject({ view: { key: 'seven' } });
  });

  test('keeps no choice that was made for somebody else', async () => {
    const other = { ...person, candidateId: '2' };
    world.knows(other, chooserView(['9']));
    world.open(1, person);
    await ask();
    await ask(1, { chosenApplicationId: '7' });
    world.go(1, other);
    expect(await ask(1, { chosenApplicationId: '7' })).toMatchObject({ page: other, view: { kind: 'chooser' } });
  });
});

describe('a page whose document names the candidate', () => {
  const REVIEW = 'https://app.greenhouse.io/applications/review/app_review?page=1';
  const ben = {
    ats: 'greenhouse',
    host: 'app.greenhouse.io',
    kind: 'application',
    applicationId: '7',
    candidateId: '1',
  } as const;
  const cara = { ...ben, applicationId: '8', candidateId: '2' } as const;
  const hintOf = ({ applicationId, candidateId }: typeof ben | typeof cara) =>
    `/people/${candidateId}?application_id=${applicationId}`;
  let port: OpenPort;
  beforeEach(() => {
    world.knows(ben, applicationView({ key: 'ben', reference: ben, candidateName: 'Ben Lee' }));
    world.knows(cara, applicationView({ key: 'cara', reference: cara, candidateName: 'Cara Diaz' }));
    world.server.on('POST', '/api/commands/send', () => done());
    world.documents.set(1, hintOf(ben));
    port = world.open(1, ADA);
    world.tabs.set(1, REVIEW);
  });

  test('shows that candidate, marked as told by the document', async () => {
    expect(await ask()).toMatchObject({ page: ben, isHint: true, view: { candidateName: 'Ben Lee' } });
    world.tabs.set(1, 'https://app.greenhouse.io/people/1?application_id=7');
    expect(await ask()).toMatchObject({ page: ben, isHint: false });
  });

  test('follows the document in place', async () => {
    await ask();
    world.documents.set(1, hintOf(cara));
    await world.background.ports.follow(1);
    expect(last(port)).toMatchObject({ page: cara, isHint: true, view: { candidateName: 'Cara Diaz' } });
    world.documents.set(1, undefined);
    await world.background.ports.follow(1);
    expect(last(port)).toMatchObject({ page: null, view: null });
  });

  test('carries a click while document and panel mean the same candidate', async () => {
    await ask();
    expect(await send('ben')).toMatchObject({ outcome: 'done' });
    expect(world.server.askedFor('/api/commands/send')).toMatchObject([{ body: { page: ben, applicationKey: 'ben' } }]);
  });

  test.each([
    ['another candidate', () => world.documents.set(1, hintOf(cara)), 'The page has moved on to Cara Diaz. Nothing was sent.'],
    ['nobody any more', () => world.documents.set(1, undefined), 'The page has moved on to another candidate. Nothing was sent.'],
    ['nonsense', () => world.documents.set(1, { href: 1 }), 'The page has moved on to another candidate. Nothing was sent.'],
    [
      'two at once',
      () => world.documents.set(1, `${hintOf(ben)}&application_id=9`),
      'The page has moved on to another candidate. Nothing was sent.',
    ],
    [
      'nothing, as it was reloaded',
      () => world.documents.delete(1),
      'The page has moved on to another candidate. Nothing was sent.',
    ],
  ])('sends nothing when the document names %s at the moment of the click', async (_what, change, message) => {
    world.documents.set(1, hintOf(cara));
    await ask();
    world.documents.set(1, hintOf(ben));
    await world.background.ports.follow(1);
    change();
    expect(await send('ben')).toEqual({ refused: 'page-moved-on', message });
    expect(world.server.askedFor('/api/commands/send')).toEqual([]);
  });

  test('sends nothing when the document never answers', async () => {
    await ask();
    world.documents.set(1, new Promise(() => {}));
    expect(await send('ben')).toMatchObject({ refused: 'page-moved-on' });
  });

  test('is not asked where the address says whom it shows', async () => {
    world.go(1, ADA);
    expect(await ask()).toMatchObject({ page: ADA, isHint: false });
  });
});

test('a page that names two candidates shows nobody, says so, and sends nothing', async () => {
  const port = world.open(1, ADA);
  await ask();
  world.tabs.set(1, 'https://app.greenhouse.io/people/1?application_id=2&application_id=3');
  await world.background.ports.follow(1);
  expect(last(port)).toMatchObject({ page: null, view: null, contradiction: 'greenhouse' });
  expect(await send(ada.key)).toMatchObject({ refused: 'page-moved-on' });
  world.go(1, null);
  await world.background.ports.follow(1);
  expect(last(port)).toMatchObject({ page: null, contradiction: null });
});

describe('a click', () => {
  test('goes to the server with the page of the tab and the application that was shown', async () => {
    world.open(1, ADA);
    await ask();
    world.server.on('POST', '/api/commands/send', () => done());
    expect(await send(ada.key)).toMatchObject({ outcome: 'done', view: { version: 2 } });
    expect(world.server.askedFor('/api/commands/send')).toMatchObject([
      { token: 'Bearer token-1', body: { page: ADA, applicationKey: ada.key, assessmentId: 'senior-swe', confirmedLate: false } },
    ]);
  });

  test('that belongs to the candidate shown before the page moved on sends nothing and says so', async () => {
    world.open(1, ADA);
    await ask();
    world.open(2, BOB);
    await ask(2);
    world.go(1, BOB);
    expect(await send(ada.key)).toEqual({
      refused: 'page-moved-on',
      message: 'The page has moved on to Bob. Nothing was sent.',
    });
    world.go(1, null);
    expect(await send(ada.key)).toMatchObject({ refused: 'page-moved-on' });
    expect(world.server.askedFor('/api/commands/send')).toEqual([]);
  });

  test('from a page that is no ATS sends nothing', async () => {
    world.open(1, ADA);
    await ask();
    world.tabs.set(1, 'https://evil.example/candidates/250d8f03-738a-4bba-a671-8a3d73477145');
    expect(await send(ada.key)).toMatchObject({ refused: 'page-moved-on' });
  });

  test('without its parts is refused before the server hears of it', async () => {
    world.open(1, ADA);
    await ask();
    const click = { ...world.click(ada.key), actionId: 'not-a-uuid', assessmentId: 'senior-swe' };
    expect(await world.background.handlers.send(click, world.sender(1))).toMatchObject({ refused: 'invalid' });
  });

  test("is answered with the server's sentence when the server refuses it", async () => {
    world.open(1, ADA);
    await ask();
    world.server.on('POST', '/api/commands/send', () => refusal(403, 'forbidden', 'Your role does not allow this.'));
    expect(await send(ada.key)).toEqual({ refused: 'forbidden', message: 'Your role does not allow this.' });
  });
});

describe('a click while the server is away', () => {
  beforeEach(async () => {
    world.open(1, ADA);
    await ask();
    world.server.isAway = true;
  });

  test('is kept, shown, and sent under the same action id when the server is back, also by a new worker', async () => {
    expect(await send(ada.key)).toEqual({ refused: 'queued', message: 'Saved here, will be sent when you are back online.' });
    expect(world.waitingWasTold).toBe(1);
    expect((await ask()).outbox).toMatchObject([{ text: 'Send Senior SWE to Ada Lovelace', needsConfirmation: false }]);
    const tried = world.server.askedFor('/api/commands/send').length;
    world.wake();
    world.server.isAway = false;
    world.server.on('POST', '/api/commands/send', () => done());
    expect(await world.background.flush()).toBe(true);
    const sent = world.server.askedFor('/api/commands/send').slice(tried);
    expect(sent).toMatchObject([{ body: { page: ADA, applicationKey: ada.key, assessmentId: 'senior-swe' } }]);
    expect((await ask()).outbox).toEqual([]);
  });

  test('asks again when it is over an hour old, and is sent as confirmed or thrown away', async () => {
    await send(ada.key);
    await send(ada.key);
    world.time = new Date('2025-11-21T15:00:01.000Z');
    world.server.isAway = false;
    world.server.on('POST', '/api/commands/send', () => done());
    expect(await world.background.flush()).toBe(false);
    const [first, second] = (await ask()).outbox;
    expect([first?.needsConfirmation, second?.needsConfirmation]).toEqual([true, true]);
    const { resolveOutbox } = world.background.handlers;
    world.server.on('POST', '/api/commands/take-back', () => done());
    await resolveOutbox({ actionId: first?.actionId ?? '', decision: 'send' }, world.sender(1));
    const after = await resolveOutbox({ actionId: second?.actionId ?? '', decision: 'discard' }, world.sender(1));
    expect(after.outbox).toEqual([]);
    const taken = world.server
      .askedFor('/api/commands/send')
      .filter(({ body }) => JSON.stringify(body).includes('"confirmedLate":true'));
    expect(taken).toMatchObject([{ body: { actionId: first?.actionId } }]);
  });

  test('is not kept when it only makes sense at once', async () => {
    const click = { ...world.click(ada.key), invitationId: 'i1' };
    expect(await world.background.handlers.undo(click, world.sender(1))).toMatchObject({ refused: 'offline' });
    expect(await world.background.handlers.copyLink(click, world.sender(1))).toMatchObject({ refused: 'offline' });
    expect((await ask()).outbox).toEqual([]);
  });
});

describe('the pairing', () => {
  test('ends when the server says so: everything kept here is gone, and every panel shows it', async () => {
    const port = world.open(1, ADA);
    await ask();
    world.server.isAway = true;
    await send(ada.key);
    world.server.isAway = false;
    world.server.on('GET', '/api/panel', () => refusal(401, 'unauthorised', 'No.'));
    expect(await ask()).toMatchObject({
      link: 'not-connected',
      view: null,
      member: null,
      outbox: [],
      trouble: { code: 'revoked' },
    });
    const revoked = { link: 'not-connected', view: null, outbox: [], trouble: { code: 'revoked' } };
    await until(() => expect(last(port)).toMatchObject(revoked));
    expect(await world.background.handlers.getStatus(undefined, {})).toMatchObject({ link: 'not-connected', serverUrl: null });
  });

  test('ends at once when the stream says so', async () => {
    const port = world.open(1, ADA);
    await ask();
    await world.streaming();
    world.tell({ type: 'revoked' });
    await until(() => expect(last(port)).toMatchObject({ link: 'not-connected', view: null, trouble: { code: 'revoked' } }));
  });

  test('ends here on "disconnect", also while the server is away', async () => {
    world.server.isAway = true;
    await world.background.handlers.unpair(undefined, {});
    expect(await ask()).toMatchObject({ link: 'not-connected', trouble: null });
    expect(await world.background.handlers.getStatus(undefined, {})).toMatchObject({ link: 'not-connected' });
  });

  test('survives a stopped worker and a server that is away', async () => {
    world.wake();
    world.server.isAway = true;
    expect(await world.background.handlers.getStatus(undefined, {})).toMatchObject({ link: 'offline', member: { name: 'Rae' } });
  });

  test('is refused over plain http to another computer, before the code is sent anywhere', async () => {
    const before = world.server.asked.length;
    const message = { serverUrl: 'http://tagalong.acme.com', code: 'ABCD-EFGH', name: 'Rae' };
    const answer = await world.background.handlers.pair(message, {});
    expect(answer).toMatchObject({ refused: 'invalid', message: expect.stringContaining('https://') });
    expect(world.server.asked).toHaveLength(before);
  });

  test('says when it is the browser that does not let us reach the server', async () => {
    world.server.isAway = true;
    expect(await world.pair()).toMatchObject({ refused: 'offline' });
    world.mayReach = false;
    expect(await world.pair()).toMatchObject({
      refused: 'forbidden',
      message: expect.stringContaining('https://tagalong.acme.com'),
    });
  });

  test('tells the server which browser it is', () => {
    expect(world.server.askedFor('/api/pair')[0]).toMatchObject({
      token: null,
      body: { device: 'Firefox on Linux', name: 'Rae' },
    });
  });
});

describe('popup and options', () => {
  test('undo from the popup names the page where the candidate was seen, or else where the list says they are', async () => {
    world.server.on('POST', '/api/commands/undo', () => done());
    const item = { candidateName: 'Bob', jobName: null, text: 'Held', at: '2025-11-21T14:00:00.000Z', held: null };
    const url = 'https://hire.lever.co/candidates/5a9b2c1e-738a-4bba-a671-8a3d73477145';
    world.server.on('GET', '/api/waiting', () =>
      json({ items: [{ ...item, key: 'bob-backend', url }], serverTime: '2025-11-21T14:00:00.000Z' }),
    );
    world.open(1, ADA);
    await ask();
    const { undoFromPopup } = world.background.handlers;
    expect(await undoFromPopup({ invitationId: 'i1', applicationKey: ada.key }, {})).toMatchObject({ outcome: 'done' });
    expect(await undoFromPopup({ invitationId: 'i2', applicationKey: 'bob-backend' }, {})).toMatchObject({ outcome: 'done' });
    expect(world.server.askedFor('/api/commands/undo').map(({ body }) => body)).toMatchObject([
      { page: ADA, invitationId: 'i1' },
      { page: BOB, invitationId: 'i2' },
    ]);
  });

  test("the status tells the company's own addresses, and none that is not a company's", async () => {
    const hosts = ['acme.greenhouse.io', 'app.greenhouse.io', 'boards.greenhouse.io', 'evil.example', '*.greenhouse.io'];
    const { getStatus } = world.background.handlers;
    expect(await getStatus(undefined, {})).toMatchObject({ link: 'live', pageHosts: [] });
    world.server.on('GET', '/api/me', () => json({ member: { id: 'rae', name: 'Rae', role: 'admin' }, pageHosts: hosts }));
    expect(await getStatus(undefined, {})).toMatchObject({ pageHosts: ['acme.greenhouse.io'] });
  });

  test('the admin API is reached by path alone, so that the token never leaves for another server', async () => {
    world.server.on('GET', '/api/overview', () => json({ company: 'Acme' }));
    const { callApi } = world.background.handlers;
    expect(await callApi({ method: 'GET', path: '/api/overview' }, {})).toEqual({ status: 200, body: { company: 'Acme' } });
    for (const path of ['https://evil.example/api/x', '//evil.example/api/x', '/api/../hooks/x', '/hooks/x', '/api\\..\\x']) {
      expect(await callApi({ method: 'GET', path }, {}), path).toMatchObject({ refused: 'invalid' });
    }
    expect(world.server.asked.filter(({ token, path }) => token && !path.startsWith('/api/'))).toEqual([]);
  });

  test("a refusal of the admin API is handed on as it is, with the server's details", async () => {
    const answer = await world.background.handlers.callApi({ method: 'POST', path: '/api/codes', body: {} }, {});
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
  });
});
