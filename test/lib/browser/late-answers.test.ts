import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type OpenPort, World } from './background-harness.ts';
import { json } from './stub-server.ts';
import { ADA, applicationView, BOB, chooserView } from './views.ts';

const ada = applicationView();
const bob = applicationView({ key: 'bob-backend', reference: BOB, candidateName: 'Bob' });
const until = (check: () => void) => vi.waitFor(check, { interval: 5 });
const last = (port: OpenPort) => port.states.at(-1);

let world: World;
let port: OpenPort;
beforeEach(async () => {
  world = new World();
  world.knows(ADA, ada);
  world.knows(BOB, bob);
  await world.pair();
  port = world.open(1, ADA);
  await world.ask(1);
  await world.streaming();
});

/** The server takes its time with this command: resolves once it was asked, and answers when it is let go. */
function holdBack(command: string, answer: object) {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const path = `/api/commands/${command}`;
  world.server.on('POST', path, async () => {
    await held;
    return json(answer);
  });
  const asked = () => until(() => expect(world.server.askedFor(path)).toHaveLength(1));
  return { asked, release };
}

const readAgain = (applicationKey: string) => world.background.handlers.checkAgain({ applicationKey }, world.sender(1));

async function next() {
  world.go(1, BOB);
  await world.background.ports.follow(1);
  expect(last(port)).toMatchObject({ page: BOB, view: { candidateName: 'Bob' } });
}

async function expectNewsOfBob() {
  world.knows(BOB, { ...bob, version: 4 });
  world.tell({ type: 'application', key: bob.key, version: 4 });
  await until(() => expect(last(port)).toMatchObject({ page: BOB, view: { candidateName: 'Bob', version: 4 } }));
}

describe('a candidate who is read again', () => {
  test('is shown as the ATS has them now, and the next change after that', async () => {
    const { release } = holdBack('check-again', { ...ada, version: 2 });
    release();
    expect(await readAgain(ada.key)).toMatchObject({ link: 'live', page: ADA, isHint: false, view: { version: 2 } });
    world.knows(ADA, { ...ada, version: 3 });
    world.tell({ type: 'application', key: ada.key, version: 3 });
    await until(() => expect(last(port)).toMatchObject({ view: { version: 3 } }));
  });

  test('is not put back on the page of the next one, whose changes are still heard of', async () => {
    const { asked, release } = holdBack('check-again', { ...ada, version: 2 });
    const answer = readAgain(ada.key);
    await asked();
    await next();
    release();
    expect(await answer).toMatchObject({ page: BOB, view: { candidateName: 'Bob' } });
    await expectNewsOfBob();
  });

  test('gives way to the next one also where the panel has not followed yet', async () => {
    const { asked, release } = holdBack('check-again', { ...ada, version: 2 });
    const answer = readAgain(ada.key);
    await asked();
    world.go(1, BOB);
    release();
    expect(await answer).toMatchObject({ page: BOB });
    await until(() => expect(last(port)).toMatchObject({ link: 'live', page: BOB, view: { candidateName: 'Bob' } }));
  });

  test('is not read at all when the page had gone on before the click was heard', async () => {
    holdBack('check-again', { ...ada, version: 2 }).release();
    world.go(1, BOB);
    expect(await readAgain(ada.key)).toMatchObject({ page: BOB });
    await until(() => expect(last(port)).toMatchObject({ link: 'live', page: BOB, view: { candidateName: 'Bob' } }));
    expect(world.server.askedFor('/api/commands/check-again')).toEqual([]);
  });

  test('gives way to another application that was chosen on the same page meanwhile', async () => {
    const person = { ats: 'greenhouse', host: 'app.greenhouse.io', kind: 'person', candidateId: '1' } as const;
    const [seven, eight] = (['7', '8'] as const).map((applicationId) =>
      applicationView({ key: `key-${applicationId}`, reference: { ...person, kind: 'application', applicationId } }),
    );
    if (!seven || !eight) throw new Error('both are made above');
    world.knows(person, chooserView(['7', '8']));
    for (const view of [seven, eight]) world.knows(view.reference, view);
    world.go(1, person);
    await world.ask(1);
    await world.ask(1, { chosenApplicationId: '7' });
    const { asked, release } = holdBack('check-again', { ...seven, version: 2 });
    const answer = readAgain(seven.key);
    await asked();
    expect(await world.ask(1, { chosenApplicationId: '8' })).toMatchObject({ view: { key: eight.key } });
    release();
    expect(await answer).toMatchObject({ page: person, view: { key: eight.key } });
  });
});

describe("a command's answer", () => {
  const undo = () => world.background.handlers.undo({ ...world.click(ada.key), invitationId: 'i1' }, world.sender(1));
  const undone = (version: number) => ({ outcome: 'done', message: 'Undone.', mend: null, view: { ...ada, version } });

  test('that comes after the page has gone on does not end the changes of who is shown now', async () => {
    const { asked, release } = holdBack('undo', undone(2));
    const answer = undo();
    await asked();
    await next();
    release();
    expect(await answer).toMatchObject({ outcome: 'done', view: { key: ada.key } });
    await expectNewsOfBob();
  });

  test('is not asked for a second time when the stream tells of it', async () => {
    holdBack('undo', undone(2)).release();
    await undo();
    const before = world.server.askedFor('/api/panel').length;
    world.tell({ type: 'application', key: ada.key, version: 2 });
    world.knows(ADA, { ...ada, version: 3 });
    world.tell({ type: 'application', key: ada.key, version: 3 });
    await until(() => expect(last(port)).toMatchObject({ view: { version: 3 } }));
    expect(world.server.askedFor('/api/panel')).toHaveLength(before + 1);
  });
});
