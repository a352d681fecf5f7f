import type { Hono } from 'hono';
import { z } from 'zod';
import { command } from '../frame/command.ts';
import { createCommandControl } from '../frame/command-control.ts';
import { createFailures } from '../frame/failures.ts';
import { Journal } from '../frame/journal.ts';
import type { Simulator } from '../frame/simulator.ts';
import { createActs } from './acts.ts';
import { createApi } from './api.ts';
import { toControlPage } from './control-page.ts';
import { type CoderbyteDirect, createDirect } from './direct.ts';
import { type CoderbyteDelivery, createOutbox } from './outbox.ts';
import { createPages } from './pages.ts';
import { type CoderbytePlay, createPlay } from './play.ts';
import { type SeededOrganization, seedOrganization } from './seed.ts';
import { type CoderbyteSettings, strictSettings } from './settings.ts';
import type { CoderbyteInvitation } from './types.ts';
import { type CoderbyteWorld, cryptoText, type RandomText } from './world.ts';

export interface CoderbyteSimulatorOptions {
  now?: () => Date;
  /** How webhooks leave. Tests pass the app under test. */
  fetch?: typeof globalThis.fetch;
  journal?: Journal;
  apiKey?: string;
  organizationId?: string;
  text?: RandomText;
  settings?: Partial<CoderbyteSettings>;
  pagesOrigin?: string;
}

export interface CoderbyteSimulator extends Simulator {
  name: 'coderbyte';
  pages: Hono;
  readonly organizationId: string;
  /** The key of now; `play.rotateKey` changes it. */
  apiKey(): string;
  /** Candidates and people of the organisation. */
  play: CoderbytePlay;
  /** What no person can do: failures, webhooks by hand, settings. */
  direct: CoderbyteDirect;
  /** Oldest first. Look, do not touch. */
  invitations(): readonly Readonly<CoderbyteInvitation>[];
  deliveries(): readonly CoderbyteDelivery[];
  seed(): SeededOrganization;
}

/** A Coderbyte organisation in memory. Its webhooks are as documented; the paths of its API are an invention (see api.ts). */
export function createCoderbyteSimulator(options: CoderbyteSimulatorOptions = {}): CoderbyteSimulator {
  const now = options.now ?? (() => new Date());
  const text = options.text ?? cryptoText;
  const world: CoderbyteWorld = {
    organizationId: options.organizationId ?? 'northwindengineering',
    apiKey: options.apiKey ?? text(40),
    settings: { ...strictSettings, ...options.settings },
    assessments: new Map(),
    invitations: [],
    webhookUrls: new Map(),
    pagesOrigin: options.pagesOrigin ?? 'https://coderbyte.com',
    journal: options.journal ?? new Journal(now),
    now,
    text,
    tell: (operation, fields) => outbox.tell(operation, fields),
  };
  const outbox = createOutbox(world, options.fetch ?? globalThis.fetch);
  const acts = createActs(world);
  const failures = createFailures();
  const play = createPlay(world, acts);
  const direct = createDirect(world, outbox, failures);
  const seed = () => seedOrganization(play);
  return {
    name: 'coderbyte',
    organizationId: world.organizationId,
    apiKey: () => world.apiKey,
    api: createApi(world, acts, failures),
    pages: createPages(world, play, acts),
    control: createCommandControl({
      name: 'coderbyte',
      journal: world.journal,
      commands: { ...play, ...direct, seed: command(z.strictObject({}), seed) },
      toState: () => toState(world, outbox.deliveries()),
      toPage: () => toControlPage(world, outbox),
    }),
    journal: world.journal,
    play,
    direct,
    invitations: () => world.invitations,
    deliveries: outbox.deliveries,
    seed,
    settle: () => outbox.settle(),
  };
}

/** Without the key. */
function toState(world: CoderbyteWorld, deliveries: readonly CoderbyteDelivery[]) {
  const { organizationId, settings, assessments, invitations, webhookUrls } = world;
  return {
    ...{ organizationId, settings, invitations, deliveries },
    assessments: [...assessments.values()],
    webhookUrls: Object.fromEntries(webhookUrls),
  };
}
