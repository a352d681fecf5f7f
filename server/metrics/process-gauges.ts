import type { Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';

/** What is known in this process without asking anybody. Read at the scrape. */
export interface ProcessFigures {
  version: string;
  role: string;
  /** By the name of what they are for. */
  pools: Readonly<Record<string, Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount'>>>;
  /** Browsers that follow the changes at this process. */
  panels(): number;
  /** Seconds since each chore of the background last ended well. */
  chores(): { name: string; quietForMs: number }[];
}

/** Gauges of this process. */
export function createProcessGauges(registry: Registry, figures: ProcessFigures): void {
  const registers = [registry];
  new Gauge({
    name: 'tagalong_build_info',
    help: '1; its labels tell the version and the role',
    labelNames: ['version', 'role'],
    registers,
  }).set({ version: figures.version, role: figures.role }, 1);
  new Gauge({
    name: 'tagalong_database_connections',
    help: 'Connections to the database by pool: in use, at rest, and askers that wait for one',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of Object.entries(figures.pools)) {
        this.set({ pool, state: 'used' }, totalCount - idleCount);
        this.set({ pool, state: 'idle' }, idleCount);
        this.set({ pool, state: 'waiting' }, waitingCount);
      }
    },
  });
  new Gauge({
    name: 'tagalong_panels_connected',
    help: 'Browsers that follow the changes at this process',
    registers,
    collect() {
      this.set(figures.panels());
    },
  });
  new Gauge({
    name: 'tagalong_chore_age_seconds',
    help: 'Since this chore of the background last ended well in this process',
    labelNames: ['chore'],
    registers,
    collect() {
      for (const { name, quietForMs } of figures.chores()) this.set({ chore: name.replaceAll(' ', '-') }, quietForMs / 1000);
    },
  });
}
