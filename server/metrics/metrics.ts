import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Services } from '../services.ts';
import { createPool } from '../storage/create-pool.ts';
import type { DatabaseAddress } from '../storage/database-address.ts';
import type { Meter } from './meter.ts';
import { createProcessGauges, type ProcessFigures } from './process-gauges.ts';
import { createPrometheusMeter } from './prometheus-meter.ts';
import { createStoreGauges, READING_MS } from './store-gauges.ts';

/** The metrics of one server; two servers in one process have nothing in common. */
export interface Metrics {
  meter: Meter;
  /** What is shown besides what the meter is told. Once, when there is a server to look at. */
  watch(figures: ProcessFigures): void;
  /** All figures in Prometheus' text format, read anew. A database that is away costs a second, and its figures are not in it. */
  read(): Promise<{ contentType: string; text: string }>;
  stop(): Promise<void>;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function createMetrics({ address, clock, log }: { address: DatabaseAddress } & Pick<Services, 'clock' | 'log'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // One connection of its own, which goes when nobody asks: what keeps the others busy must not hide that they are busy.
  const pool = createPool({ address, log, max: 1, giveUpMs: READING_MS });
  const store = createStoreGauges(registry, { pool, clock, log });
  return {
    meter: createPrometheusMeter(registry),
    watch: (figures) => createProcessGauges(registry, figures),
    async read() {
      await store.read();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
    async stop() {
      await pool.end();
      registry.clear();
    },
  };
}
