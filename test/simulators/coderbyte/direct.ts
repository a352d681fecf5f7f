import { z } from 'zod';
import { command } from '../frame/command.ts';
import { type Failures, failureSchema } from '../frame/failures.ts';
import type { CoderbyteOutbox } from './outbox.ts';
import { settingsSchema } from './settings.ts';
import type { CoderbyteWorld } from './world.ts';

const deliveryId = z.coerce.number().int();
const reversed = z.strictObject({ reversed: z.boolean().default(false) }).default({ reversed: false });

/** What no person at Coderbyte can do: break the API, hold and forge webhooks, change how this Coderbyte behaves. */
export function createDirect(world: CoderbyteWorld, outbox: CoderbyteOutbox, failures: Failures) {
  const nothing = z.strictObject({}).default({});
  return {
    configure: command(settingsSchema.partial(), (change) => Object.assign(world.settings, change)),
    failNext: command(failureSchema, failures.plan),
    clearFailures: command(nothing, failures.clear),
    releaseHangs: command(nothing, failures.releaseHangs),
    retryDue: command(nothing, () => outbox.retryDue()),
    releaseHeld: command(reversed, (order) => outbox.releaseHeld(order)),
    resend: command(z.strictObject({ deliveryId }), (input) => outbox.resend(input.deliveryId)),
    sendForged: command(
      z.strictObject({
        deliveryId,
        apiKey: z.string().optional(),
        organizationId: z.string().optional(),
        body: z.record(z.string(), z.unknown()).optional(),
      }),
      (forgery) => outbox.sendForged(forgery),
    ),
  };
}

export type CoderbyteDirect = ReturnType<typeof createDirect>;
