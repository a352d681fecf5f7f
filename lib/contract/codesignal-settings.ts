import { z } from 'zod';

/** CodeSignal's GraphQL API. https://github.com/CodeSignal/developer-docs */

export const CODESIGNAL_API = 'https://app.codesignal.com/graphql';

/**
 * What stands for the id of a live interview: CodeSignal's have no kinds among which one could choose, so that there is one entry for all
 * of them, named by us.
 */
export const LIVE_INTERVIEW = 'live-interview';

export const codesignalSettingsSchema = z.object({
  kind: z.literal('codesignal'),
  apiUrl: z.url().max(500).default(CODESIGNAL_API).describe('Another address than CodeSignal’s own is for TEST_HOSTS only.'),
  liveInterviews: z
    .boolean()
    .default(false)
    .describe(
      `CodeSignal Interviews is in the plan: live interviews can be sent, as the assessment with the id ${LIVE_INTERVIEW}.`,
    ),
  tellCancelled: z
    .boolean()
    .default(false)
    .describe('CodeSignal writes to the candidate when an invitation is taken back (sendNotificationEmail).'),
});
export type CodesignalSettings = z.infer<typeof codesignalSettingsSchema>;

/** Where CodeSignal has its pages: https://app.codesignal.com */
export const CODESIGNAL_HOSTS = ['codesignal.com'];
