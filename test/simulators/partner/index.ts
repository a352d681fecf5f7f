import type { Hono } from 'hono';
import { z } from 'zod';
import { type CandidateMail, createCandidateMails } from '../frame/candidate-mails.ts';
import { command } from '../frame/command.ts';
import { createCommandControl } from '../frame/command-control.ts';
import { createFailures } from '../frame/failures.ts';
import { Journal } from '../frame/journal.ts';
import { createOutbox, type Delivery } from '../frame/outbox.ts';
import { cryptoRandom, type Random, randomText } from '../frame/random.ts';
import type { Simulator } from '../frame/simulator.ts';
import { createActs } from './acts.ts';
import { createApi } from './api.ts';
import { toControlPage } from './control-page.ts';
import { createDirect, type PartnerDirect } from './direct.ts';
import { createPages } from './pages.ts';
import { createPlay, type PartnerPlay } from './play.ts';
import { type SeededPartner, seedPartner } from './seed.ts';
import { type PartnerSettings, strictSettings } from './settings.ts';
import type { PartnerInterview } from './types.ts';
import type { PartnerWorld } from './world.ts';

/** How often is not public. */
const MOST_ATTEMPTS = 4;

/** Adaface's address for a partner of this id (adaface.com, "Integration Partner API"). Below it the protocol is the same. */
export const toAdafacePath = (partnerId: string) => `/app/api/integrations/${partnerId}`;

export interface PartnerSimulatorOptions {
  now?: () => Date;
  random?: Random;
  /** How PATCHes leave. Tests pass the app under test. */
  fetch?: typeof globalThis.fetch;
  journal?: Journal;
  apiKey?: string;
  /** Before every path, without a slash at the end. */
  basePath?: string;
  settings?: Partial<PartnerSettings>;
  pagesOrigin?: string;
}

export interface PartnerSimulator extends Simulator {
  name: 'partner';
  pages: Hono;
  /** The organisation's key of now; `play.rotateKey` changes it. */
  apiKey(): string;
  readonly basePath: string;
  /** Candidates and people of the partner. */
  play: PartnerPlay;
  /** What no person can do: failures, PATCHes by hand, settings. */
  direct: PartnerDirect;
  /** Oldest first. Look, do not touch. */
  interviews(): readonly Readonly<PartnerInterview>[];
  responseErrors(): readonly unknown[];
  mails(): readonly CandidateMail[];
  deliveries(): readonly Delivery[];
  seed(): SeededPartner;
}

/** A server of Greenhouse's Assessment Partner protocol in memory; which of the many it is, is a matter of settings. */
export function createPartnerSimulator(options: PartnerSimulatorOptions = {}): PartnerSimulator {
  const now = options.now ?? (() => new Date());
  const random = options.random ?? cryptoRandom;
  const journal = options.journal ?? new Journal(now);
  const settings = { ...strictSettings, ...options.settings };
  const fetch = options.fetch ?? globalThis.fetch;
  const outbox = createOutbox({
    ...{ simulator: 'partner', journal, now, fetch, mostAttempts: MOST_ATTEMPTS },
    mode: () => settings.webhooks,
  });
  const mails = createCandidateMails({ simulator: 'partner', journal, now });
  const world: PartnerWorld = {
    ...{ settings, journal, now, random, mails, tests: new Map(), interviews: [], responseErrors: [] },
    apiKey: options.apiKey ?? randomText(random, 40),
    basePath: options.basePath ?? '',
    pagesOrigin: options.pagesOrigin ?? 'https://app.adaface.com',
    tellCompleted({ callbackUrl: url }) {
      if (url === null || !settings.patches) return;
      const authorization = `Basic ${Buffer.from(`${world.apiKey}:`).toString('base64')}`;
      outbox.tell('completed', { method: 'PATCH', url, headers: { authorization } });
    },
  };
  const acts = createActs(world);
  const failures = createFailures();
  const play = createPlay(world, acts);
  const direct = createDirect(world, outbox, failures);
  const seed = () => seedPartner(play);
  return {
    name: 'partner',
    apiKey: () => world.apiKey,
    basePath: world.basePath,
    api: createApi(world, acts, failures),
    pages: createPages(world, play),
    control: createCommandControl({
      name: 'partner',
      journal,
      commands: { ...play, ...direct, seed: command(z.strictObject({}), seed) },
      toState: () => toState(world, outbox.list()),
      toPage: () => toControlPage(world, outbox),
    }),
    ...{ journal, play, direct, seed },
    interviews: () => world.interviews,
    responseErrors: () => world.responseErrors,
    mails: mails.list,
    deliveries: outbox.list,
    settle: () => outbox.settle(),
  };
}

/** Without the key, which is also in the header of every PATCH. */
function toState({ settings, tests, interviews, mails }: PartnerWorld, deliveries: readonly Delivery[]) {
  const shown = deliveries.map(({ call, ...delivery }) => ({ ...delivery, url: call.url }));
  return { settings, tests: [...tests.values()], interviews, mails: mails.list(), deliveries: shown };
}
