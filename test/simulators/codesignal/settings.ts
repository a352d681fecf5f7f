import { z } from 'zod';

/** What the facts leave open, or what a company may have set differently. All can be changed while the simulator runs. */
export const settingsSchema = z.strictObject({
  /** The queries and mutations that the API key may use; "Access Denied" for the others. */
  permissions: z.union([z.literal('all'), z.array(z.string())]),
  /** Without an API in the plan every key is denied. */
  apiInPlan: z.boolean(),
  /** How a key that is none is answered: with 401, or with 200 and an error in the body. Not public. */
  badKey: z.enum(['status', 'errors']),
  /** How a call above the limit is answered. Not public. */
  limited: z.enum(['status', 'errors']),
  /** Calls per second and field; null: no limit. Mutations: inferred. */
  queriesPerSecond: z.coerce.number().int().positive().nullable(),
  mutationsPerSecond: z.coerce.number().int().positive().nullable(),
  /** The most that `first` may be. A third party's code says 20; null: only the cost counts. */
  pageLimit: z.coerce.number().int().positive().nullable(),
  /** Whether the session that is not there is null, or an error as well. */
  missing: z.enum(['null', 'error']),
  /** Which session `reactivateCompanyTestSession` answers with. */
  reactivateAnswers: z.enum(['new', 'old']),
  /** `documented`: only where the older documents list it (declined, shared, expired, verification pending). */
  externalIdIn: z.enum(['all', 'documented']),
  /** The "empty payload" of the registration probe: no text at all, or {}. */
  probeBody: z.enum(['nothing', 'object']),
  webhooks: z.enum(['deliver', 'drop', 'hold', 'duplicate']),
});
export type CodesignalSettings = z.output<typeof settingsSchema>;

export const strictSettings: CodesignalSettings = {
  permissions: 'all',
  apiInPlan: true,
  badKey: 'status',
  limited: 'errors',
  queriesPerSecond: 10,
  mutationsPerSecond: 5,
  pageLimit: 20,
  missing: 'null',
  reactivateAnswers: 'new',
  externalIdIn: 'all',
  probeBody: 'nothing',
  webhooks: 'deliver',
};
