import { z } from 'zod';
import { command } from '../frame/command.ts';
import { type Failures, failureSchema } from '../frame/failures.ts';
import type { Outbox } from '../frame/outbox.ts';
import { settingsSchema } from './settings.ts';
import type { HackerrankWorld } from './world.ts';

const deliveryId = z.coerce.number().int();

/** What no person at HackerRank can do: break the API, hold and forge webhooks, change how this HackerRank behaves. */
export function createDirect(world: HackerrankWorld, outbox: Outbox, failures: Failures) {
  const nothing = z.strictObject({}).default({});
  return {
    configure: command(settingsSchema.partial(), (change) => Object.assign(world.settings, change)),
    failNext: command(failureSchema, failures.plan),
    clearFailures: command(nothing, failures.clear),
    releaseHangs: command(nothing, failures.releaseHangs),
    retryDue: command(nothing, () => outbox.retryDue()),
    releaseHeld: command(z.strictObject({ reversed: z.boolean().default(false) }).default({ reversed: false }), (order) =>
      outbox.releaseHeld(order),
    ),
    resend: command(z.strictObject({ deliveryId }), (input) => outbox.resend(input.deliveryId)),
    /** The same delivery with another header, or none, or another body. Answers the receiver's status. */
    sendForged: command(
      z.strictObject({ deliveryId, authorization: z.string().optional(), body: z.unknown().optional() }),
      ({ authorization, body, ...input }) => {
        const forged = body === undefined ? {} : { body };
        return outbox.sendForged(input.deliveryId, { headers: authorization ? { authorization } : {}, ...forged });
      },
    ),
  };
}

export type HackerrankDirect = ReturnType<typeof createDirect>;
