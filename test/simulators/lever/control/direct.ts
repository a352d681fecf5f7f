import { z } from 'zod';
import { type Failures, failureSchema } from '../failures.ts';
import { WEBHOOK_EVENTS } from '../types.ts';
import type { LeverOutbox } from '../webhooks/outbox.ts';
import type { LeverWorld } from '../world.ts';
import { command } from './command.ts';

const settingsSchema = z
  .strictObject({
    rateLimit: z
      .strictObject({
        perSecond: z.number().positive(),
        burst: z.number().positive(),
        anySecond: z.number().positive().optional(),
      })
      .nullable(),
    regionRedirect: z.string().nullable(),
    audience: z.string(),
    acceptDoubleEncodedOffset: z.boolean(),
    envelopeId: z.boolean(),
    retryReusesToken: z.boolean(),
    allowHttpWebhooks: z.boolean(),
    deliver: z.enum(['deliver', 'drop', 'hold']),
  })
  .partial();

/** What no person at Lever can do: break the API, hold and forge webhooks, change how this Lever behaves. */
export function createDirect(world: LeverWorld, outbox: LeverOutbox, failures: Failures) {
  const deliveryId = z.strictObject({ deliveryId: z.string() });
  const nothing = z.strictObject({}).default({});
  return {
    configure: command(settingsSchema, (change) => Object.assign(world.settings, change)),
    failNext: command(failureSchema, (failure) => failures.failNext(failure)),
    /** Forgets the failures still ordered; calls that hang are let go. */
    clearFailures: command(nothing, () => failures.clear()),
    /** Lever takes no access token any more that it gave so far; consents stay. */
    endAccessTokens: command(nothing, () => world.account.oauth.accessTokens.clear()),
    retryDue: command(z.strictObject({ ignoreWaits: z.boolean().default(false) }).default({ ignoreWaits: false }), (input) =>
      outbox.retryDue(input),
    ),
    releaseHeld: command(z.strictObject({ reversed: z.boolean().default(false) }).default({ reversed: false }), (input) =>
      outbox.releaseHeld(input),
    ),
    rerun: command(deliveryId, (input) => outbox.rerun(input.deliveryId)),
    verifyConnection: command(z.strictObject({ webhookId: z.string() }), ({ webhookId }) => outbox.verifyConnection(webhookId)),
    sendTampered: command(
      deliveryId.extend({ data: z.record(z.string(), z.unknown()), event: z.enum(WEBHOOK_EVENTS).optional() }),
      (input) => outbox.sendTampered(input),
    ),
  };
}

export type LeverDirect = ReturnType<typeof createDirect>;
