import type { Hono } from 'hono';
import { z } from 'zod';
import { Journal } from '../frame/journal.ts';
import type { Simulator } from '../frame/simulator.ts';
import { createAccount, type LeverAccount } from './account.ts';
import { createActs } from './acts.ts';
import { createApi } from './api/index.ts';
import { command } from './control/command.ts';
import { createDirect, type LeverDirect } from './control/direct.ts';
import { createControl } from './control/index.ts';
import { createPlay, type LeverPlay } from './control/play.ts';
import { createFailures } from './failures.ts';
import { createPages } from './pages/index.ts';
import { type SeededCompany, seedCompany } from './seed.ts';
import type { LeverDelivery } from './webhooks/delivery.ts';
import { createOutbox } from './webhooks/outbox.ts';
import { cryptoRandom, type LeverRandom, type LeverSettings, strictSettings } from './world.ts';

export interface LeverSimulatorOptions {
  now?: () => Date;
  /** How webhooks leave. Tests pass the app under test. */
  fetch?: typeof globalThis.fetch;
  journal?: Journal;
  random?: LeverRandom;
  /** The strictest Lever unless said otherwise; may be changed later with `direct.configure`. */
  settings?: Partial<LeverSettings>;
  pagesOrigin?: string;
}

export interface LeverSimulator extends Simulator {
  name: 'lever';
  pages: Hono;
  /** What the account holds. Look, do not touch: `play` acts. */
  account: LeverAccount;
  /** A person at Lever. */
  play: LeverPlay;
  /** What no person can do: failures, webhooks by hand, settings. */
  direct: LeverDirect;
  deliveries(): readonly LeverDelivery[];
  seed(): SeededCompany;
}

/** A Lever account in memory, as strict as the published facts allow. Nothing of it is shared with the code under test. */
export function createLeverSimulator(options: LeverSimulatorOptions = {}): LeverSimulator {
  const now = options.now ?? (() => new Date());
  const journal = options.journal ?? new Journal(now);
  const base = {
    account: createAccount(),
    settings: { ...strictSettings, ...options.settings },
    journal,
    random: options.random ?? cryptoRandom,
    nowMs: () => now().getTime(),
  };
  const outbox = createOutbox(base, options.fetch ?? globalThis.fetch);
  const world = { ...base, tell: outbox.tell };
  const acts = createActs(world);
  const failures = createFailures();
  const play = createPlay(world, acts);
  const direct = createDirect(world, outbox, failures);
  const seed = () => seedCompany(play, world.nowMs());
  const pagesOrigin = options.pagesOrigin ?? 'https://hire.lever.co';
  return {
    name: 'lever',
    api: createApi({ ...world, acts, pagesOrigin }, failures),
    pages: createPages(world, play),
    control: createControl(world, outbox, { ...play, ...direct, seed: command(z.strictObject({}), seed) }),
    journal,
    account: world.account,
    play,
    direct,
    deliveries: outbox.deliveries,
    seed,
    settle: () => outbox.settle(),
  };
}
