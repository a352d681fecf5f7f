import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Stage, startStage } from '../support/stage.ts';
import { createCrowd } from './crowd.ts';
import { gatherEvidence, webhooksOf } from './evidence.ts';
import { findDuplicated } from './find-duplicated.ts';
import { findLost } from './find-lost.ts';
import { findSilent } from './find-silent.ts';
import { chooseKillMoment, killAt } from './kill-moment.ts';
import { inReverse, loseAnswers, repeatSome, rerunGivenUp, retryFailed, takeTests } from './people-at-work.ts';
import { createStoreReader, type Pending } from './read-store.ts';
import { chooseSeed, createSeededRandom } from './seeded-random.ts';

const KILLS = 20;
/** What a killed server held is free again after half a minute; the rest is for slow machines. */
const SETTLE_WITHIN_MS = 120_000;
const NOTHING: Pending = { deliveries: 0, lanes: 0, inputs: 0, effects: 0, looks: 0 };

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({
    name: 'kill-nine',
    world: { greenhouse: { rateLimit: 100_000, tokenRateLimit: 100_000 }, lever: { rateLimit: null } },
    setUp: { rules: { advanceOnPass: true, tagRecheckSeconds: 1 } },
  });
});

afterAll(async () => {
  await stage?.close();
});

test('the server is killed 20 times in the middle of its work, and nothing is lost, nothing happens twice, nothing is silent', async () => {
  const seed = chooseSeed();
  process.stdout.write(`kill -9: FAULT_SEED=${seed} repeats this run\n`);
  const random = createSeededRandom(seed);
  const { world } = stage;
  const crowd = createCrowd(world, random, { waves: KILLS, singles: 64, twins: 15 });
  const reader = createStoreReader(stage.dataDir);
  const underWay: Promise<unknown>[] = [];
  let inTime = 0;

  for (let wave = 0; wave < KILLS; wave += 1) {
    const moment = chooseKillMoment(random);
    const killed = killAt(world.journal, moment, () => stage.server.process.kill('SIGKILL'));
    if (random.chance(0.25)) loseAnswers(world, random);
    if (random.chance(0.25)) underWay.push(inReverse(world, () => crowd.act(wave)));
    else crowd.act(wave);
    takeTests(world, random, 3);
    underWay.push(repeatSome(world, random, 3));
    if (await killed) inTime += 1;
    await stage.restart('SIGKILL');
    // Half of the time before the next kill, else the senders would have used up their attempts.
    const retried = retryFailed(world);
    underWay.push(retried);
    if (random.chance(0.5)) await retried;
  }
  await Promise.all(underWay);
  await rerunGivenUp(world);
  await vi
    .waitUntil(
      async () => {
        await retryFailed(world);
        return JSON.stringify(await reader.pending()) === JSON.stringify(NOTHING);
      },
      { timeout: SETTLE_WITHIN_MS, interval: 500 },
    )
    .catch(async (error: unknown) => {
      throw new Error(`never came to rest: ${JSON.stringify(await reader.pending())}`, { cause: error });
    });

  const evidence = await gatherEvidence(stage, reader, crowd.seekers);
  const lost = findLost(evidence);
  const duplicated = findDuplicated(evidence);
  const silent = findSilent(evidence);
  const invitations = [...evidence.views.values()].flatMap((view) => view.invitations);
  const unconfirmed = invitations.filter(({ state }) => state === 'unconfirmed').length;
  const everUnconfirmed = evidence.store.reasons.filter(({ code }) => code === 'invitation-unconfirmed').length;
  const row = {
    seed,
    deliveries: webhooksOf(world).length,
    kills: KILLS,
    'at their moment': inTime,
    invitations: invitations.length,
    lost: lost.length,
    duplicated: duplicated.length,
    silent: silent.length,
    unconfirmed,
    'ever unconfirmed': everUnconfirmed,
  };
  process.stdout.write(`${Object.keys(row).join(' | ')}\n${Object.values(row).join(' | ')}\n`);
  expect({ lost, duplicated, silent }).toEqual({ lost: [], duplicated: [], silent: [] });
  expect(row.deliveries).toBeGreaterThanOrEqual(300);
  // Otherwise the kills hit an idle server, and the rest proves nothing.
  expect(inTime).toBeGreaterThanOrEqual(KILLS / 2);
  expect(invitations.length).toBeGreaterThanOrEqual(20);
}, 240_000);
