import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createQueue, type Queue } from '../../../server/jobs/queue.ts';
import { createMetrics, type Metrics } from '../../../server/metrics/metrics.ts';
import { READINGS, STORE_GAUGES } from '../../../server/metrics/store-readings.ts';
import { FRESH_STATE } from '../../../server/outbound/allowance-state.ts';
import { freePort } from '../../support/free-port.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { SOON } from '../../support/soon.ts';

const log = pino({ level: 'silent' });
let pipeline: Pipeline;
let queue: Queue;
let metrics: Metrics;

beforeAll(async () => {
  pipeline = await Pipeline.create();
  queue = createQueue({ address: pipeline.database.address, log, works: false });
  await queue.start();
  metrics = createMetrics({ address: pipeline.database.address, clock: pipeline.services.clock, log });
});
afterAll(async () => {
  await metrics.stop();
  await queue.stop({ timeoutMs: 1000 });
  await pipeline.drop();
});

async function read(of = metrics): Promise<{ text: string; shown(series: string): number | undefined }> {
  const { text } = await of.read();
  return {
    text,
    shown(series) {
      const line = text.split('\n').find((one) => one.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length + 1));
    },
  };
}

const ALL_ANSWERED = READINGS.map(({ name }) => `tagalong_reading_up{reading="${name}"}`);

/** Until every question was answered in its second, which a machine that stands still for a moment does not manage. */
const readAll = () =>
  vi.waitFor(async () => {
    const figures = await read();
    for (const series of ALL_ANSWERED) expect([series, figures.shown(series)]).toEqual([series, 1]);
    return figures;
  }, SOON);

describe('what a scrape reads from the database', () => {
  it('an office in which nothing waits: every question is answered, and there is nothing to see', async () => {
    const { shown } = await readAll();
    expect(shown('tagalong_webhooks_waiting')).toBe(0);
    expect(shown('tagalong_webhooks_waiting_oldest_seconds')).toBe(0);
    expect(shown('tagalong_lanes_behind')).toBe(0);
    expect(shown('tagalong_failures_open{kind="unconfirmed"}')).toBe(0);
  });

  it('what waits, how long, and of which kind', async () => {
    const p = pipeline;
    // What an attempt before this one has left would be counted as well.
    await p.db.execute(
      sql`truncate tagalong.applications, tagalong.deliveries, tagalong.failures, tagalong.vendor_catalogue cascade`,
    );
    await p.db.execute(sql`delete from pgboss.job`);
    const { key, effectId } = await p.sending();
    await p.hint(key);
    const since = (seconds: number) => new Date(p.now.getTime() - seconds * 1000).toISOString();
    await p.db.execute(sql`insert into tagalong.deliveries (endpoint_id, connection_id, delivery_key, event, received_at, hints)
      values (${p.endpointId}, ${p.atsConnectionId}, 'k', 'e', ${since(90)}, '[]')`);
    await p.db.execute(sql`update tagalong.effects set created_at = ${since(40)} where id = ${effectId}`);
    await p.db.execute(sql`insert into tagalong.failures (id, key, kind, reason, first_at, last_at, state) values
      (${randomUUID()}, 'effect:1', 'unconfirmed', '{}', now(), now(), 'open'),
      (${randomUUID()}, 'effect:2', 'unconfirmed', '{}', now(), now(), 'discarded'),
      (${randomUUID()}, 'job:1', 'job', '{}', now(), now(), 'open')`);
    const inAnHour = new Date(Date.now() + 3_600_000);
    for (const applicationKey of ['a', 'b', 'done']) await queue.send(p.db, 'lane', { applicationKey });
    await queue.send(p.db, 'lane', { applicationKey: 'later' }, { startAfter: inAnHour });
    await p.db.execute(sql`update pgboss.job set start_after = now() - interval '7 seconds' where singleton_key = 'a'`);
    await p.db.execute(sql`update pgboss.job set state = 'completed' where singleton_key = 'done'`);
    await p.db.execute(sql`update pgboss.job set state = 'retry' where singleton_key = 'b'`);
    // How far it looked is the ATS's time; when it did, ours.
    await p.db.execute(sql`update tagalong.connections set sweep_cursor = ${since(5000)},
      sweep_state = jsonb_build_object('sweptAt', ${since(1200)}::text) where id = ${p.atsConnectionId}`);
    await p.db.execute(sql`insert into tagalong.vendor_catalogue (vendor_connection_id, external_id, name, kind, state, first_seen_at, seen_at)
      values (${p.vendorConnectionId}, 'x', 'x', 'test', 'offered', ${since(9000)}, ${since(3600)}),
        (${p.vendorConnectionId}, 'y', 'y', 'test', 'gone', ${since(9000)}, ${since(8000)})`);
    const { shown } = await readAll();
    expect(shown('tagalong_webhooks_waiting')).toBe(1);
    expect(shown('tagalong_webhooks_waiting_oldest_seconds')).toBe(90);
    expect(shown('tagalong_lanes_behind')).toBe(1);
    expect(shown('tagalong_effects_waiting{kind="send-invitation"}')).toBe(1);
    expect(shown('tagalong_effects_waiting_oldest_seconds{kind="send-invitation"}')).toBe(40);
    expect(shown('tagalong_failures_open{kind="unconfirmed"}')).toBe(1);
    expect(shown('tagalong_failures_open{kind="job"}')).toBe(1);
    expect(shown('tagalong_jobs_ready{queue="lane"}')).toBe(2);
    expect(shown('tagalong_jobs_ready_oldest_seconds{queue="lane"}')).toBeGreaterThanOrEqual(7);
    expect(shown('tagalong_sweep_age_seconds{kind="lever"}')).toBe(1200);
    expect(shown('tagalong_catalogue_age_seconds{kind="coderbyte"}')).toBe(3600);
  });

  it('the credential with the fewest calls left, and no part of its name', async () => {
    const put = (key: string, state: object) =>
      pipeline.db.execute(sql`insert into tagalong.rate_allowances (key, state, updated_at)
        values (${key}, ${JSON.stringify(state)}::jsonb, ${pipeline.now.toISOString()})`);
    await pipeline.db.execute(sql`delete from tagalong.rate_allowances`);
    const now = Date.now();
    await put('lever 0123456789abcdef', { ...FRESH_STATE, bucket: { tokens: 7.9, at: now } });
    await put('lever fedcba9876543210', { ...FRESH_STATE, bucket: { tokens: 2.2, at: now }, pausedUntil: now + 60_000 });
    await put('nobody knows me', { ...FRESH_STATE });
    const { shown, text } = await readAll();
    expect(shown('tagalong_allowance_remaining{system="lever"}')).toBe(2);
    expect(shown('tagalong_allowance_paused_seconds{system="lever"}')).toBeGreaterThan(50);
    expect(text).not.toMatch(/0123456789abcdef|nobody/);
  });

  it('what has gone is not shown any longer', async () => {
    await pipeline.db.execute(sql`delete from tagalong.rate_allowances`);
    const { shown, text } = await readAll();
    expect(shown('tagalong_allowance_remaining{system="lever"}')).toBeUndefined();
    expect(text).toContain('# HELP tagalong_allowance_remaining');
  });

  it('no id, no name and no address of anybody', async () => {
    const { text } = await readAll();
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|@|https?:\/\//);
  });
});

describe('what is known in this process', () => {
  it('version, pools, panels and chores', async () => {
    metrics.watch({
      ...{ version: '1.2.3', role: 'worker', panels: () => 3 },
      pools: { main: { totalCount: 5, idleCount: 2, waitingCount: 4 } },
      chores: () => [{ name: 'old bodies', quietForMs: 1500 }],
    });
    const { shown } = await read();
    expect(shown('tagalong_build_info{version="1.2.3",role="worker"}')).toBe(1);
    expect(shown('tagalong_database_connections{pool="main",state="used"}')).toBe(3);
    expect(shown('tagalong_database_connections{pool="main",state="waiting"}')).toBe(4);
    expect(shown('tagalong_panels_connected')).toBe(3);
    expect(shown('tagalong_chore_age_seconds{chore="old-bodies"}')).toBe(1.5);
    expect(shown('nodejs_eventloop_lag_p99_seconds')).toBeDefined();
    expect(shown('process_resident_memory_bytes')).toBeGreaterThan(1e6);
  });
});

describe('a database that does not answer', () => {
  const without = async (address: Parameters<typeof createMetrics>[0]['address']) => {
    const lonely = createMetrics({ address, clock: pipeline.services.clock, log });
    lonely.meter.webhook('lever', 'busy');
    const startedAt = performance.now();
    const both = await Promise.all([read(lonely), read(lonely)]);
    const tookMs = performance.now() - startedAt;
    await lonely.stop();
    for (const { text, shown } of both) {
      for (const series of ALL_ANSWERED) expect([series, shown(series)]).toEqual([series, 0]);
      // Absent, because 0 would say that nothing waits.
      for (const name of Object.keys(STORE_GAUGES)) expect(text).not.toMatch(new RegExp(`^${name}[ {]`, 'm'));
      expect(shown('tagalong_webhooks_total{kind="lever",outcome="busy"}')).toBe(1);
    }
    return tookMs;
  };

  it('one that is away: the rest is shown at once', async () => {
    const port = await freePort();
    expect(await without({ host: '127.0.0.1', port, user: 'nobody', database: 'none' })).toBeLessThan(4000);
  });

  it('one that takes the line and says nothing: the rest is shown within seconds', async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    expect(await without({ host: '127.0.0.1', port, user: 'nobody', database: 'none' })).toBeLessThan(6000);
    mute.close();
  });
});
