import { z } from 'zod';

/** YYYY-MM-DDThh:mm:ss with an offset, in either of the two forms that the documents show. */
const time = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/, 'is not a time with an offset')
  .transform((text, context) => {
    const at = new Date(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
    if (Number.isNaN(at.getTime())) context.addIssue('is not a time');
    return at;
  });

const authentication = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer_token'), data: z.strictObject({ token: z.string().min(1) }) }),
  z.strictObject({
    type: z.literal('basic_auth'),
    data: z.strictObject({ username: z.string().min(1), password: z.string().min(1) }),
  }),
]);

const changeable = z.strictObject({
  full_name: z.string().nullable(),
  ats_state: z.number().int().min(0).max(22),
  invite_valid_from: time.nullable(),
  invite_valid_to: time.nullable(),
  invite_metadata: z.record(z.string(), z.unknown()).nullable(),
  evaluator_email: z.email().nullable(),
  test_finish_url: z.url().nullable(),
  test_result_url: z.url({ protocol: /^https?$/ }).nullable(),
  webhook_authentication: authentication.nullable(),
  accept_result_updates: z.boolean().nullable(),
  tags: z.array(z.string()).nullable(),
  accommodations: z
    .strictObject({ additional_time_percent: z.number().int().positive('must be greater than 0').optional() })
    .nullable(),
});

export const inviteSchema = changeable.partial().extend({
  email: z.email(),
  subject: z.string().nullish(),
  message: z.string().nullish(),
  template: z.string().nullish(),
  send_email: z.boolean().nullish(),
  force: z.boolean().nullish(),
  force_reattempt: z.boolean().nullish(),
});

export const updateSchema = changeable.partial();

/** The body's words into ours. What was not named stays undefined. */
export function toChangeable(body: z.output<typeof updateSchema>) {
  return {
    fullName: body.full_name,
    atsState: body.ats_state,
    validFrom: body.invite_valid_from,
    validTo: body.invite_valid_to,
    metadata: body.invite_metadata,
    evaluatorEmail: body.evaluator_email,
    finishUrl: body.test_finish_url,
    resultUrl: body.test_result_url,
    authentication: body.webhook_authentication,
    takesUpdates: body.accept_result_updates ?? undefined,
    tags: body.tags ?? undefined,
    additionalTimePercent: body.accommodations === null ? null : body.accommodations?.additional_time_percent,
  };
}
