import { z } from 'zod';

/** What the facts leave open, or what an organisation may have set differently. All can be changed while the simulator runs. */
export const settingsSchema = z.strictObject({
  /** The paid "API add-on". Without it every call of the API is refused. */
  apiAddOn: z.boolean(),
  /** Both vocabularies are Coderbyte's own; which one the API speaks is not public. */
  vocabulary: z.enum(['trigger', 'export']),
  /** How a report that is not ready is answered: with the status alone, or with 409. Not public. */
  notReady: z.enum(['status', 'refused']),
  /** A second `assessment_completed` when the report becomes ready. No document says so. */
  tellsWhenReady: z.boolean(),
  /** `iat` in the webhook's token. None is documented, none is excluded. */
  tokenIat: z.boolean(),
  webhooks: z.enum(['deliver', 'drop', 'hold', 'duplicate']),
});
export type CoderbyteSettings = z.output<typeof settingsSchema>;

export const strictSettings: CoderbyteSettings = {
  apiAddOn: true,
  vocabulary: 'trigger',
  notReady: 'status',
  tellsWhenReady: false,
  tokenIat: false,
  webhooks: 'deliver',
};
