import { expect, onTestFinished, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../lib/contract/settings.ts';
import { startStage } from '../support/stage.ts';
import { waitUntil } from '../support/wait-until.ts';
import { comeToRest } from './come-to-rest.ts';
import { createCrowd } from './crowd.ts';
import { startFaultStage } from './fault-stage.ts';
import { judge, printRow, toFigures } from './judge.ts';
import { chooseKillMoment, strikeAt } from './kill-moment.ts';
import { repeatSome, retryFailed, takeTests } from './people-at-work.ts';
import { createStoreReader } from './read-store.ts';
import { chooseSeed, createSeededRandom } from './seeded-random.ts';
import { applyAtGreenhouse } from './seekers.ts';

const TIMES = 5;
const WITHIN_MS = 10_000;

test('told to end in the middle of its work, the server ends within 10 s, and nothing is lost, twice, silent or uncertain', async () => {
  // A second try begins with nobody, too.
  const stage = await startFaultStage('shutdown');
  onTestFinished(() => stage.close());
  const seed = chooseSeed();
  process.stdout.write(`SIGTERM: FAULT_SEED=${seed} repeats this run\n`);
  const random = createSeededRandom(seed);
  const { world } = stage;
  const crowd = createCrowd(world, random, { waves: TIMES, singles: 24, twins: 6 });
  const underWay: Promise<unknown>[] = [];
  const ends: { code: number | null; ms: number }[] = [];

  for (let wave = 0; wave < TIMES; wave += 1) {
    const told = strikeAt(world.journal, chooseKillMoment(random), () => stage.server.process.kill('SIGTERM'));
    crowd.act(wave);
    takeTests(world, random, 4);
    underWay.push(repeatSome(world, random, 3));
    await told;
    const from = performance.now();
    const code = await stage.server.stop();
    ends.push({ code, ms: Math.round(performance.now() - from) });
    await stage.restart('SIGTERM');
    underWay.push(retryFailed(world));
  }
  await Promise.all(underWay);
  const reader = createStoreReader(stage.dataDir);
  await comeToRest(world, reader);

  const verdict = await judge(stage, reader, crowd.seekers);
  printRow({ seed, ends: ends.map(({ code, ms }) => `${code} in ${ms} ms`).join(', '), ...toFigures(verdict) });
  expect(verdict.wrong).toEqual({ lost: [], duplicated: [], silent: [] });
  // Nobody took the answers away, so there is nothing to be uncertain about.
  expect(verdict.everUnconfirmed).toBe(0);
  expect(ends.filter(({ code, ms }) => code !== 0 || ms > WITHIN_MS)).toEqual([]);
  expect(verdict.invitations).toBeGreaterThanOrEqual(5);
}, 180_000);

test('told to end while a vendor takes the call and says nothing, the server ends within 10 s all the same', async () => {
  const stage = await startFaultStage('shutdown-in-silence');
  onTestFinished(() => stage.close());
  const { world } = stage;
  world.coderbyte.direct.failNext({ method: 'POST', path: '/invitations$', kind: 'hang', when: 'after', times: 20 });
  const [seeker] = applyAtGreenhouse(world, { name: 'Ada Quiet', email: 'ada.quiet@mail.example', tag: 'Senior SWE' }, 1);
  seeker?.take({ kind: 'move', to: 'assessment' });
  await waitUntil(() => world.coderbyte.invitations().length > 0, { withinMs: 30_000, describe: () => 'nobody was invited' });
  const from = performance.now();
  expect(await stage.server.stop()).toBe(0);
  expect(performance.now() - from).toBeLessThan(WITHIN_MS);
}, 60_000);

test('nor does it wait for an ATS that is asked in the name of an admin', async () => {
  const stage = await startStage({
    name: 'shutdown-beside-admin',
    world: { lever: { rateLimit: null, allowHttpWebhooks: true } },
  });
  onTestFinished(() => stage.close());
  const { world, company } = stage;
  const { secret } = world.lever.play.createKey({ label: 'second', permissions: ['webhooks:read', 'webhooks:write'] });
  const settings = { kind: 'lever', apiUrl: world.urls.leverApi, performAs: world.seeds.lever.users.admin };
  const wanted = { name: 'Second Lever', settings, secrets: { apiKey: secret } };
  const { id } = await company.api.call(connectionViewSchema, 'POST', PATHS.connections, wanted);
  const before = world.lever.account.webhooks.size;
  world.lever.direct.failNext({ method: 'POST', path: '/webhooks', when: 'after', times: 20, answer: { kind: 'hang' } });
  const asked = stage.api('POST', PATHS.managedWebhooks.replace('{id}', id)).catch(() => 'cut off');
  const isAsked = () => world.lever.account.webhooks.size > before;
  await waitUntil(isAsked, { withinMs: 30_000, describe: () => 'Lever was not asked' });
  const from = performance.now();
  expect(await stage.server.stop()).toBe(0);
  expect(performance.now() - from).toBeLessThan(WITHIN_MS);
  expect(await asked).toBe('cut off');
}, 60_000);
