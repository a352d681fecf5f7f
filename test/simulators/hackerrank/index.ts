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
import { toErrorBody } from './call.ts';
import { toControlPage } from './control-page.ts';
import { createDirect, type HackerrankDirect } from './direct.ts';
import { createPages } from './pages.ts';
import { createPlay, type HackerrankPlay } from './play.ts';
import { sendInterview, sendResult } from './result-webhook.ts';
import { type SeededAccount, seedAccount } from './seed.ts';
import { type HackerrankSettings, strictSettings } from './settings.ts';
import type { HackerrankCandidate, HackerrankInterview } from './types.ts';
import type { HackerrankWorld } from './world.ts';

/** How often is not public. */
const MOST_ATTEMPTS = 4;

export interface HackerrankSimulatorOptions {
  now?: () => Date;
  random?: Random;
  /** How webhooks leave. Tests pass the app under test. */
  fetch?: typeof globalThis.fetch;
  journal?: Journal;
  apiKey?: string;
  settings?: Partial<HackerrankSettings>;
  pagesOrigin?: string;
}

export interface HackerrankSimulator extends Simulator {
  name: 'hackerrank';
  pages: Hono;
  /** The key of now; `play.rotateKey` changes it. */
  apiKey(): string;
  /** Candidates and people of the account. */
  play: HackerrankPlay;
  /** What no person can do: failures, webhooks by hand, settings. */
  direct: HackerrankDirect;
  /** Oldest first. Look, do not touch. */
  candidates(): readonly Readonly<HackerrankCandidate>[];
  interviews(): readonly Readonly<HackerrankInterview>[];
  mails(): readonly CandidateMail[];
  deliveries(): readonly Delivery[];
  seed(): SeededAccount;
}

/** A HackerRank for Work account in memory, from its published documentation; what that leaves open is a setting. */
export function createHackerrankSimulator(options: HackerrankSimulatorOptions = {}): HackerrankSimulator {
  const now = options.now ?? (() => new Date());
  const random = options.random ?? cryptoRandom;
  const journal = options.journal ?? new Journal(now);
  const settings = { ...strictSettings, ...options.settings };
  const fetch = options.fetch ?? globalThis.fetch;
  const outbox = createOutbox({
    ...{ simulator: 'hackerrank', journal, now, fetch, mostAttempts: MOST_ATTEMPTS },
    mode: () => settings.webhooks,
  });
  const mails = createCandidateMails({ simulator: 'hackerrank', journal, now });
  const world: HackerrankWorld = {
    ...{ settings, journal, now, random, mails, tests: new Map(), candidates: [], interviews: [] },
    apiKey: options.apiKey ?? randomText(random, 64),
    pagesOrigin: options.pagesOrigin ?? 'https://www.hackerrank.com',
    tellResult: (candidate) => sendResult(world, outbox, candidate),
    tellInterview: (interview) => sendInterview(world, outbox, interview),
  };
  const acts = createActs(world);
  const failures = createFailures(toErrorBody);
  const play = createPlay(world, acts);
  const direct = createDirect(world, outbox, failures);
  const seed = () => seedAccount(play);
  return {
    name: 'hackerrank',
    apiKey: () => world.apiKey,
    api: createApi(world, acts, failures),
    pages: createPages(world, play),
    control: createCommandControl({
      name: 'hackerrank',
      journal,
      commands: { ...play, ...direct, seed: command(z.strictObject({}), seed) },
      toState: () => toState(world, outbox.list()),
      toPage: () => toControlPage(world, outbox),
    }),
    ...{ journal, play, direct, seed },
    candidates: () => world.candidates,
    interviews: () => world.interviews,
    mails: mails.list,
    deliveries: outbox.list,
    settle: () => outbox.settle(),
  };
}

/** Without the key, and without what the webhooks carry as proof of who sends them. */
function toState({ settings, tests, candidates, interviews, mails }: HackerrankWorld, deliveries: readonly Delivery[]) {
  const people = candidates.map(({ authentication: _authentication, ...candidate }) => candidate);
  const shown = deliveries.map(({ call, ...delivery }) => ({ ...delivery, url: call.url, body: call.body }));
  return { settings, tests: [...tests.values()], candidates: people, interviews, mails: mails.list(), deliveries: shown };
}
