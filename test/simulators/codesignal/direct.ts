import { z } from 'zod';
import { command } from '../frame/command.ts';
import { type Failures, failureSchema } from '../frame/failures.ts';
import { settingsSchema } from './settings.ts';
import type { CodesignalWebhooks } from './webhooks.ts';
import type { CodesignalWorld } from './world.ts';

const reversed = z.strictObject({ reversed: z.boolean().default(false) }).default({ reversed: false });

/** What no person at CodeSignal can do: break the API, hold and forge webhooks, change how this CodeSignal behaves. */
export function createDirect(world: CodesignalWorld, hooks: CodesignalWebhooks, failures: Failures) {
  const nothing = z.strictObject({}).default({});
  return {
    configure: command(settingsSchema.partial(), (change) => Object.assign(world.settings, change)),
    failNext: command(failureSchema, failures.plan),
    clearFailures: command(nothing, failures.clear),
    releaseHangs: command(nothing, failures.releaseHangs),
    /** What is due by the clock; with `all` whatever waits, as if the time had passed. */
    runDue: command(z.strictObject({ all: z.boolean().default(false) }).default({ all: false }), (order) => hooks.runDue(order)),
    releaseHeld: command(reversed, (order) => hooks.releaseHeld(order)),
    /** One attempt once more, by its place in `attempts`. */
    resend: command(z.strictObject({ index: z.coerce.number().int().min(0) }), ({ index }) => hooks.resend(index)),
    sendForged: command(
      z.strictObject({
        id: z.coerce.number().int(),
        /** Signs with it; null: no signature. */
        secret: z.string().nullable().default(null),
        body: z.record(z.string(), z.unknown()),
      }),
      ({ id, ...forgery }) => hooks.sendForged(id, forgery),
    ),
  };
}

export type CodesignalDirect = ReturnType<typeof createDirect>;
