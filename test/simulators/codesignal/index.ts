import type { Hono } from 'hono';
import { z } from 'zod';
import { type CandidateMail, createCandidateMails } from '../frame/candidate-mails.ts';
import { command } from '../frame/command.ts';
import { createCommandControl } from '../frame/command-control.ts';
import { createFailures } from '../frame/failures.ts';
import { Journal } from '../frame/journal.ts';
import { cryptoRandom, type Random, randomText } from '../frame/random.ts';
import type { Simulator } from '../frame/simulator.ts';
import { createActs } from './acts.ts';
import { createApi, toErrorBody } from './api.ts';
import { toControlPage } from './control-page.ts';
import { type CodesignalDirect, createDirect } from './direct.ts';
import { createPages } from './pages.ts';
import { type CodesignalPlay, createPlay } from './play.ts';
import { type SeededCodesignal, seedCompany } from './seed.ts';
import { type CodesignalSettings, strictSettings } from './settings.ts';
import type { LiveInterview, TestSession } from './types.ts';
import { type Attempt, createWebhooks, type Webhook } from './webhooks.ts';
import type { CodesignalWorld } from './world.ts';

export interface CodesignalSimulatorOptions {
  now?: () => Date;
  random?: Random;
  /** How webhooks leave. Tests pass the app under test. */
  fetch?: typeof globalThis.fetch;
  /** Called with the wait before the next webhook; the default does nothing, and `direct.runDue()` is called by hand. */
  schedule?: (delayMs: number, run: () => void) => void;
  journal?: Journal;
  apiKey?: string;
  settings?: Partial<CodesignalSettings>;
  pagesOrigin?: string;
}

export interface CodesignalSimulator extends Simulator {
  name: 'codesignal';
  pages: Hono;
  /** The key of now; `play.rotateKey` changes it. */
  apiKey(): string;
  /** Candidates, auditors and people of the company. */
  play: CodesignalPlay;
  /** What no person can do: failures, webhooks by hand, settings. */
  direct: CodesignalDirect;
  /** Oldest first. Look, do not touch. */
  sessions(): readonly Readonly<TestSession>[];
  interviews(): readonly Readonly<LiveInterview>[];
  mails(): readonly CandidateMail[];
  webhooks(): readonly Readonly<Webhook>[];
  /** Every event that was sent, once for each try. */
  attempts(): readonly Attempt[];
  seed(): SeededCodesignal;
}

/** A CodeSignal company in memory, from its published documentation; what that leaves open is a setting. */
export function createCodesignalSimulator(options: CodesignalSimulatorOptions = {}): CodesignalSimulator {
  const now = options.now ?? (() => new Date());
  const random = options.random ?? cryptoRandom;
  const journal = options.journal ?? new Journal(now);
  const mails = createCandidateMails({ simulator: 'codesignal', journal, now });
  const world: CodesignalWorld = {
    ...{ journal, random, mails, tests: new Map(), sessions: [], interviews: [] },
    settings: { ...strictSettings, ...options.settings },
    apiKey: options.apiKey ?? randomText(random, 48),
    pagesOrigin: options.pagesOrigin ?? 'https://app.codesignal.com',
    now: () => now().getTime(),
    tell: (event, payload) => hooks.tell(event, payload),
  };
  const sending = { fetch: options.fetch ?? globalThis.fetch, schedule: options.schedule ?? (() => {}) };
  const hooks = createWebhooks(world, sending);
  const acts = createActs(world);
  const failures = createFailures(toErrorBody);
  const play = createPlay(world, acts, hooks);
  const direct = createDirect(world, hooks, failures);
  const seed = () => seedCompany(play);
  return {
    name: 'codesignal',
    apiKey: () => world.apiKey,
    api: createApi(world, acts, failures),
    pages: createPages(world, play),
    control: createCommandControl({
      name: 'codesignal',
      journal,
      commands: { ...play, ...direct, seed: command(z.strictObject({}), seed) },
      toState: () => toState(world, hooks.list()),
      toPage: () => toControlPage(world, hooks),
    }),
    ...{ journal, play, direct, seed },
    sessions: () => world.sessions,
    interviews: () => world.interviews,
    mails: mails.list,
    webhooks: hooks.list,
    attempts: hooks.attempts,
    settle: hooks.settle,
  };
}

/** Without the keys. */
function toState({ settings, tests, sessions, interviews, mails }: CodesignalWorld, webhooks: readonly Webhook[]) {
  const shown = webhooks.map(({ secret: _secret, headers: _headers, ...webhook }) => webhook);
  return { settings, tests: [...tests.values()], sessions, interviews, mails: mails.list(), webhooks: shown };
}
