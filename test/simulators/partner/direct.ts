import { z } from 'zod';
import { command } from '../frame/command.ts';
import { type Failures, failureSchema } from '../frame/failures.ts';
import type { Outbox } from '../frame/outbox.ts';
import { settingsSchema } from './settings.ts';
import type { PartnerWorld } from './world.ts';

const deliveryId = z.coerce.number().int();

/** What no person at the partner can do: break the API, hold the PATCHes, change what kind of server this is. */
export function createDirect(world: PartnerWorld, outbox: Outbox, failures: Failures) {
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
    /** The same call with another header, or none. Answers the receiver's status. */
    sendForged: command(z.strictObject({ deliveryId, authorization: z.string().optional() }), ({ authorization, ...input }) =>
      outbox.sendForged(input.deliveryId, { headers: authorization ? { authorization } : {} }),
    ),
  };
}

export type PartnerDirect = ReturnType<typeof createDirect>;
