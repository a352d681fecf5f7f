import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import { buildServer, type Server } from '../../server/build.ts';
import { READINGS } from '../../server/metrics/store-readings.ts';
import { systemRandom } from '../../server/random.ts';
import { leverPage, useTestServer } from '../support/test-server.ts';

const METRICS_TOKEN = 'a-token-for-scrapes';
const server = useTestServer({
  environment: { METRICS_TOKEN },
  setUp: { rules: { holdSeconds: 0, automaticHoldSeconds: 0 } },
});

async function scrape({ app }: Server): Promise<(series: string) => number | undefined> {
  const answer = await app.request(PATHS.metrics, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split('\n');
  return (series) => {
    const line = lines.find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };
}

const ALL_ANSWERED = READINGS.map(({ name }) => `tagalong_reading_up{reading="${name}"}`);

test('a candidate who enters the stage is invited, and the figures tell of each step', async () => {
  const { world } = server();
  const { lever, seeds } = world;
  const { postings, stages } = seeds.lever;
  const before = await scrape(server().server);
  const oneMore = (series: string) => (before(series) ?? 0) + 1;
  const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: [`${randomUUID()}@mail.example`] }).id;
  const { id } = lever.play.createOpportunity({
    ...{ contactId, postingId: postings.backend, stageId: stages.phoneScreen, tags: ['Senior SWE'] },
  });
  lever.play.move({ opportunityId: id, stageId: stages.assessment });
  await server().settle();
  const ben = await server().join('Ben');
  expect((await ben.open(leverPage(id))).invitations).toMatchObject([{ state: 'sent' }]);

  // Each question has a second, which a machine that stands still for a moment does not manage.
  const shown = await server().until(async () => {
    const figures = await scrape(server().server);
    for (const series of ALL_ANSWERED) expect([series, figures(series)]).toEqual([series, 1]);
    return figures;
  });
  expect(shown('tagalong_webhooks_total{kind="lever",outcome="stored"}')).toBeGreaterThanOrEqual(1);
  expect(shown('tagalong_webhooks_total{kind="lever",outcome="test"}')).toBeGreaterThanOrEqual(1);
  expect(shown('tagalong_decision_seconds_count')).toBeGreaterThanOrEqual(1);
  for (const series of [
    'tagalong_effects_total{kind="send-invitation",end="done"}',
    'tagalong_effects_total{kind="write-note",end="done"}',
  ])
    expect(shown(series)).toBe(oneMore(series));
  expect(shown('tagalong_call_seconds_count{to="coderbyte",outcome="ok"}')).toBeGreaterThanOrEqual(1);
  expect(shown('tagalong_call_seconds_count{to="lever",outcome="ok"}')).toBeGreaterThanOrEqual(1);
  expect(shown('tagalong_allowance_remaining{system="lever"}')).toBeGreaterThanOrEqual(0);
  expect(shown('tagalong_webhooks_waiting')).toBe(0);
  expect(shown('tagalong_chore_age_seconds{chore="relay"}')).toBeLessThan(60);
  expect(shown('tagalong_database_connections{pool="main",state="waiting"}')).toBe(0);
});

test('a browser that follows the changes is counted while it does', async () => {
  const ben = await server().join('Ben');
  const over = new AbortController();
  const stream = await server().fetch(PATHS.stream, { headers: { authorization: `Bearer ${ben.token}` }, signal: over.signal });
  expect(stream.status).toBe(200);
  await server().until(async () => expect((await scrape(server().server))('tagalong_panels_connected')).toBe(1));
  over.abort();
  await server().until(async () => expect((await scrape(server().server))('tagalong_panels_connected')).toBe(0));
});

test('a process that only works answers health, readiness and its own figures, and nothing else', async () => {
  const { services, parts } = server().server;
  const { host = '', port = 0, user = '', database = '' } = parts.pool.options;
  const worker = await buildServer({
    config: { ...services.config, role: 'worker' },
    address: { host, port, user, database },
    sealer: services.sealer,
    clock: services.clock,
    random: systemRandom,
    log: services.log,
  });
  try {
    await worker.start();
    const shown = await scrape(worker);
    expect(shown('tagalong_effects_total{kind="send-invitation",end="done"}')).toBeUndefined();
    expect(shown('tagalong_chore_age_seconds{chore="relay"}')).toBeLessThan(60);
    for (const path of [PATHS.health, PATHS.ready]) expect((await worker.app.request(path)).status).toBe(200);
    for (const path of [PATHS.me, PATHS.openapi, '/hooks/a-token-that-is-long-enough'])
      expect((await worker.app.request(path, { method: path.startsWith('/hooks') ? 'POST' : 'GET' })).status).toBe(404);
  } finally {
    await worker.stop();
  }
});
