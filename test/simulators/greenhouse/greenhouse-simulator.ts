import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { Journal } from '../frame/journal.ts';
import type { Simulator } from '../frame/simulator.ts';
import { changeCredential, createCredential, type NewCredential, rotateSecret } from './acts/credentials.ts';
import { Failures, type PlannedFailure } from './api/failures.ts';
import { createHarvestApi } from './api/harvest-api.ts';
import { Interludes } from './api/interludes.ts';
import { RateWindow } from './api/rate-window.ts';
import { Tokens } from './api/tokens.ts';
import { type ActMethods, createDoAct, toMethods } from './control/act-table.ts';
import { createControlApp } from './control/control-app.ts';
import { createCandidatePages } from './pages/candidate-pages.ts';
import { type SeedIds, seedCompany } from './seed.ts';
import { DEFAULT_SETTINGS, type GreenhouseSettings } from './settings.ts';
import { V1Keys } from './v1/keys.ts';
import type { Delivery } from './webhooks/delivery.ts';
import { type NewWebhook, WebhookSender } from './webhooks/webhook-sender.ts';
import type { Credential, Webhook } from './world/records.ts';
import { World } from './world/world.ts';

export interface GreenhouseSimulatorOptions {
  now?: () => Date;
  /** How webhooks go out. */
  fetch?: typeof fetch;
  journal?: Journal;
  /** What `Link` headers begin with; the address of the request when absent. */
  publicApiUrl?: string;
  /** Where the candidate pages are, for urls inside webhooks. */
  pagesUrl?: string;
  newId?: () => string;
  /** Called with the wait before each retry of a webhook. Absent: retries wait for `retryDue()`. */
  schedule?: (delayMs: number, run: () => void) => void;
  webhookTimeoutMs?: number;
  settings?: Partial<GreenhouseSettings>;
}

/** A Greenhouse company to play with. The acts (`move`, `tag`, `reject`, ...) are what a person does in its pages. */
export interface GreenhouseSimulator extends Simulator, ActMethods {
  name: 'greenhouse';
  pages: Hono;
  /** The first credential: all scopes, a Site Admin as service user. */
  readonly credential: { clientId: string; clientSecret: string };
  /** The Harvest v1 keys; there is none before one is made. */
  readonly v1Keys: V1Keys;
  readonly settings: Readonly<GreenhouseSettings>;
  /** Everything there is, for a test that wants to look closer. */
  readonly world: World;
  readonly deliveries: readonly Delivery[];
  seed(): SeedIds;
  change(settings: Partial<GreenhouseSettings>): GreenhouseSettings;
  createCredential(wanted?: NewCredential): Credential & { clientSecret: string };
  changeCredential(change: NewCredential & { clientId?: string }): void;
  rotateSecret(wanted: { clientId: string; dropOld?: boolean }): string;
  revokeTokens(): void;
  createWebhook(wanted: NewWebhook): Promise<Webhook>;
  updateWebhook(id: number, fields: Partial<NewWebhook>): Promise<Webhook>;
  retryDue(which?: { all?: boolean }): Promise<number>;
  releaseHeld(order?: { newestFirst?: boolean }): Promise<number>;
  resend(deliveryId: number): Promise<void>;
  failNext(failure: PlannedFailure): void;
  clearFailures(): void;
  /** Runs `act` once, right before the next call to this path is answered: what somebody does between two calls of one reading. */
  beforeNext(path: string, act: () => void): void;
  releaseHangs(): void;
}

export function createGreenhouseSimulator(options: GreenhouseSimulatorOptions = {}): GreenhouseSimulator {
  const { now = () => new Date(), newId = randomUUID, pagesUrl = 'https://app.greenhouse.io' } = options;
  const journal = options.journal ?? new Journal(now);
  const world = new World({ now, pagesUrl, settings: { ...DEFAULT_SETTINGS, ...options.settings } });
  const { schedule = () => {}, webhookTimeoutMs: timeoutMs = 10_000 } = options;
  const sender = new WebhookSender({ world, journal, newId, schedule, timeoutMs, fetch: options.fetch ?? fetch });
  const tokens = new Tokens(world, newId);
  const v1Keys = new V1Keys(newId);
  const failures = new Failures();
  const interludes = new Interludes();
  const api = createHarvestApi({
    ...options,
    world,
    journal,
    tokens,
    v1Keys,
    rates: new RateWindow(now),
    failures,
    interludes,
    newId,
    publicApiUrl: options.publicApiUrl,
  });
  const doAct = createDoAct(world, (what, detail) =>
    journal.add({ simulator: 'greenhouse', kind: 'act', what, status: null, detail }),
  );
  const pages = createCandidatePages({ world, journal, doAct });
  const { clientId, clientSecret } = createCredential(world, newId);
  const parts = {
    name: 'greenhouse' as const,
    api,
    pages,
    journal,
    world,
    v1Keys,
    settings: world.settings,
    credential: { clientId, clientSecret },
  };
  const simulator: Omit<GreenhouseSimulator, 'control'> = {
    ...parts,
    ...toMethods(doAct),
    deliveries: sender.deliveries,
    seed: () => seedCompany(world),
    change: (settings) => Object.assign(world.settings, settings),
    createCredential: (wanted) => createCredential(world, newId, wanted),
    changeCredential: (change) => changeCredential(world, change),
    rotateSecret: (wanted) => rotateSecret(world, newId, wanted),
    revokeTokens: () => tokens.revokeAll(),
    createWebhook: (wanted) => sender.createWebhook(wanted),
    updateWebhook: (id, fields) => sender.updateWebhook(id, fields),
    retryDue: (which) => sender.retryDue(which),
    releaseHeld: (order) => sender.releaseHeld(order),
    resend: (deliveryId) => sender.resend(deliveryId),
    failNext: (failure) => failures.plan(failure),
    clearFailures: () => failures.clear(),
    beforeNext: (path, act) => interludes.plan(path, act),
    releaseHangs: () => failures.releaseHangs(),
    settle: () => sender.settle(),
  };
  return withControl(simulator, (whole) => createControlApp({ simulator: whole, world, doAct }));
}

/** The control app plays the simulator that it is part of. */
function withControl(
  simulator: Omit<GreenhouseSimulator, 'control'>,
  create: (whole: GreenhouseSimulator) => Hono,
): GreenhouseSimulator {
  const whole = simulator as GreenhouseSimulator;
  whole.control = create(whole);
  return whole;
}
