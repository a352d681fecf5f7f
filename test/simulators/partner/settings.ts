import { z } from 'zod';

const path = z.string().regex(/^\/[A-Za-z0-9_\-/]+$/);

/** How one of the many servers of this protocol behaves. Everything here was seen in a real one, or is left open by the documents. */
export const settingsSchema = z.strictObject({
  /** Below the base address; partners name them as they like. */
  paths: z.strictObject({ listTests: path, sendTest: path, testStatus: path, responseError: path }),
  /** The key is switched off: 401. `no-api`: the plan does not include the integration, 403. */
  account: z.enum(['active', 'no-api']),
  /** `partner_interview_id` as a number, as in the old documents' example. */
  numericIds: z.boolean(),
  /** The words before "complete". `sent`: of each state its own word. */
  statuses: z.enum(['states', 'sent', 'incomplete', 'in_progress', 'pending']),
  /** Score and address are already told while it is not complete. */
  earlyScore: z.boolean(),
  /** Free texts with dates as somebody wrote them, or none at all. */
  metadata: z.enum(['spaced', 'joined', 'none']),
  /** No score, though complete. */
  scored: z.boolean(),
  /** The callback must lead to app.greenhouse.io, otherwise 400. */
  greenhouseCallbackOnly: z.boolean(),
  /** Whether `url` must be there at all: the documents say so. */
  callbackRequired: z.boolean(),
  /** The profile must be an address at Greenhouse that names candidate and application, otherwise 400. */
  greenhouseProfileOnly: z.boolean(),
  /** Whether completion is told by PATCH. */
  patches: z.boolean(),
  /** A second test for the same address: another interview, the same one again, or 422. */
  repeat: z.enum(['another', 'same', 'refuse']),
  /** Parameters and fields that the documents do not name: refused, or ignored. */
  unknownFields: z.enum(['refuse', 'ignore']),
  webhooks: z.enum(['deliver', 'drop', 'hold', 'duplicate']),
});
export type PartnerSettings = z.output<typeof settingsSchema>;

export const strictSettings: PartnerSettings = {
  paths: { listTests: '/list_tests', sendTest: '/send_test', testStatus: '/test_status', responseError: '/response_error' },
  account: 'active',
  numericIds: false,
  statuses: 'states',
  earlyScore: false,
  metadata: 'spaced',
  scored: true,
  greenhouseCallbackOnly: true,
  callbackRequired: false,
  greenhouseProfileOnly: false,
  patches: true,
  repeat: 'another',
  unknownFields: 'refuse',
  webhooks: 'deliver',
};
