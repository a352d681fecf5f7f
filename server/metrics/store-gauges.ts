import type { Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';
import { loggableError } from '../loggable-error.ts';
import type { Services } from '../services.ts';
import { READINGS, type Reading, STORE_GAUGES, type StoreGauge } from './store-readings.ts';

/** All of them together; what has not been read by then is left out. */
const READ_WITHIN_MS = 2500;
/** One question; the pool is made with it (see metrics.ts). */
export const READING_MS = 1000;

export interface StoreGauges {
  /** Asks the database anew. Never throws, and never takes much longer than READ_WITHIN_MS: what cannot be read is not shown. */
  read(): Promise<void>;
}

/**
 * Gauges of what stands in the database. One that could not be read is absent, not 0: `tagalong_reading_up` says which questions were
 * answered. Scrapes that come at once share one reading.
 */
export function createStoreGauges(
  registry: Registry,
  { pool, clock, log }: { pool: Pool } & Pick<Services, 'clock' | 'log'>,
): StoreGauges {
  const gauges = new Map<StoreGauge, Gauge>();
  for (const [name, { help, labels }] of Object.entries(STORE_GAUGES))
    gauges.set(name as StoreGauge, new Gauge({ name, help, labelNames: labels, registers: [registry] }));
  const up = new Gauge({
    name: 'tagalong_reading_up',
    help: '1 when the database answered this question of the scrape in time',
    labelNames: ['reading'],
    registers: [registry],
  });
  let running: Promise<void> | null = null;

  const ask = async ({ name, text, points }: Reading): Promise<void> => {
    const now = clock.now();
    const { rows } = await pool.query(text, text.includes('$1') ? [now.toISOString()] : []);
    for (const { gauge, labels, value } of points(rows, now)) gauges.get(gauge)?.set(labels ?? {}, value);
    up.set({ reading: name }, 1);
  };
  const readAll = async () => {
    // A gauge that has no labels would come back from a reset as 0.
    for (const gauge of gauges.values()) hasLabels(gauge) ? gauge.reset() : gauge.remove();
    for (const { name } of READINGS) up.set({ reading: name }, 0);
    const startedAt = performance.now();
    for (const reading of READINGS) {
      if (performance.now() - startedAt > READ_WITHIN_MS - READING_MS) return;
      try {
        await ask(reading);
      } catch (error) {
        const why = error instanceof Error ? loggableError(error) : 'unknown';
        log.warn({ error: why, reading: reading.name }, 'a reading for the metrics failed');
        // Where the database is away, each of the others would wait as long in vain.
        if (pool.totalCount === 0) return;
      }
    }
  };
  return {
    read() {
      running ??= readAll().finally(() => {
        running = null;
      });
      return running;
    },
  };

  function hasLabels(gauge: Gauge): boolean {
    return [...gauges].some(([name, one]) => one === gauge && STORE_GAUGES[name].labels.length > 0);
  }
}
