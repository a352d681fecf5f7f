import { expect, onTestFinished, test } from 'vitest';
import { comeToRest } from './come-to-rest.ts';
import { createCrowd } from './crowd.ts';
import { startFaultStage } from './fault-stage.ts';
import { judge, printRow, toFigures } from './judge.ts';
import { chooseKillMoment, strikeAt } from './kill-moment.ts';
import { inReverse, loseAnswers, repeatSome, retryFailed, takeTests } from './people-at-work.ts';
import { createStoreReader } from './read-store.ts';
import { chooseSeed, createSeededRandom } from './seeded-random.ts';

const KILLS = 20;
/** A machine that stands still for a while comes to the moment all the same. */
const MOMENT_MS = 10_000;

test('the server is killed 20 times in the middle of its work: nothing is lost, nothing happens twice, nothing is silent', async () => {
  // A second try begins with nobody, too.
  const stage = await startFaultStage('kill-nine');
  onTestFinished(() => stage.close());
  const seed = chooseSeed();
  process.stdout.write(`kill -9: FAULT_SEED=${seed} repeats this run\n`);
  const random = createSeededRandom(seed);
  const { world } = stage;
  const crowd = createCrowd(world, random, { waves: KILLS, singles: 64, twins: 15 });
  const underWay: Promise<unknown>[] = [];
  let hits = 0;

  for (let wave = 0; wave < KILLS; wave += 1) {
    const killed = strikeAt(world.journal, chooseKillMoment(random), () => stage.server.process.kill('SIGKILL'), MOMENT_MS);
    if (random.chance(0.25)) loseAnswers(world, random);
    if (random.chance(0.25)) underWay.push(inReverse(world, () => crowd.act(wave)));
    else crowd.act(wave);
    takeTests(world, random, 3);
    underWay.push(repeatSome(world, random, 3));
    if (await killed) hits += 1;
    await stage.restart('SIGKILL');
    const retried = retryFailed(world);
    underWay.push(retried);
    // Half of the time before the next kill, else the senders would have used up their attempts.
    if (random.chance(0.5)) await retried;
  }
  await Promise.all(underWay);
  const reader = createStoreReader(stage.dataDir);
  await comeToRest(world, reader);

  const verdict = await judge(stage, reader, crowd.seekers);
  printRow({ seed, kills: KILLS, 'in mid-work': hits, ...toFigures(verdict) });
  expect(verdict.wrong).toEqual({ lost: [], duplicated: [], silent: [] });
  // Otherwise the kills hit an idle server, and the rest proves nothing.
  expect(verdict.deliveries).toBeGreaterThanOrEqual(300);
  expect(verdict.invitations).toBeGreaterThanOrEqual(20);
  expect(hits).toBeGreaterThanOrEqual(KILLS / 2);
}, 420_000);
