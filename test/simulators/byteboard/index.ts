import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { command } from '../frame/command.ts';
import { createCommandControl } from '../frame/command-control.ts';
import { Journal } from '../frame/journal.ts';
import type { Simulator } from '../frame/simulator.ts';
import { toControlPage } from './control-page.ts';
import { createPages } from './pages.ts';
import { createReporter } from './reporter.ts';
import { type ByteboardSession, type ByteboardWorld, RATINGS, reportSchema } from './world.ts';

interface ByteboardSimulatorOptions {
  now?: () => Date;
  /** How reports leave. Tests pass the app under test. */
  fetch?: typeof globalThis.fetch;
  journal?: Journal;
  newId?: () => string;
}

export type ByteboardSimulator = ReturnType<typeof createByteboardSimulator>;

/** Byteboard as a candidate and a grader see it. It has no public API, so there is none here either. */
export function createByteboardSimulator({ now = () => new Date(), ...options }: ByteboardSimulatorOptions = {}) {
  const world: ByteboardWorld = {
    sessions: new Map(),
    grades: new Map(),
    webhook: null,
    settings: { reportsProgress: true },
    journal: options.journal ?? new Journal(now),
    now,
    newId: options.newId ?? randomUUID,
  };
  const reporter = createReporter(world, options.fetch ?? globalThis.fetch);
  const commands = {
    /** Where reports go, and the secret that the product shows for it. */
    setWebhook: command(z.strictObject({ url: z.url(), secret: z.string().min(1) }), (webhook) => {
      world.webhook = webhook;
    }),
    configure: command(z.strictObject({ reportsProgress: z.boolean() }).partial(), (change) =>
      Object.assign(world.settings, change),
    ),
    /** Any report, as it is; `secret` signs with another one. Answers the receiver's status. */
    sendResult: command(reportSchema.extend({ secret: z.string().optional() }), ({ secret, ...report }) =>
      reporter.report(report, secret),
    ),
    /** A believable result with this rating. */
    grade: command(
      z.strictObject({ invitation: z.string(), rating: z.enum(RATINGS).default('Strong'), notes: z.string().optional() }),
      ({ invitation, rating, notes }) => {
        const session = world.sessions.get(invitation);
        if (session) session.state = 'scored';
        world.grades.set(invitation, { rating, notes: notes ?? NOTES });
        const skills = ['Code Quality', 'Translating Ideas to Code', 'Trade-off Analysis'].map((name) => ({ name, rating }));
        const report_url = `https://client.byteboard.dev/candidates/coreeval/${encodeURIComponent(invitation)}`;
        return reporter.report({ invitation, state: 'scored', rating, skills, notes: notes ?? NOTES, report_url });
      },
    ),
    repeatLast: command(z.strictObject({}).default({}), () => reporter.repeatLast()),
  };
  const simulator: Simulator & { name: 'byteboard'; pages: Hono } = {
    name: 'byteboard',
    api: new Hono(),
    pages: createPages(world, reporter),
    control: createCommandControl({
      name: 'byteboard',
      journal: world.journal,
      commands,
      toState: () => ({ sessions: [...world.sessions.values()], webhook: world.webhook?.url ?? null }),
      toPage: () => toControlPage(world),
    }),
    journal: world.journal,
    settle: () => reporter.settle(),
  };
  return { ...simulator, ...commands, sessions: (): readonly ByteboardSession[] => [...world.sessions.values()] };
}

const NOTES = 'Clear design document, weighs the options. The code is well tested.';
