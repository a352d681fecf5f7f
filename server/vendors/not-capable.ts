import type { CallResult } from '../outbound/outcome.ts';

/** For methods whose capability is denied: nobody calls them, and who does so all the same is told and nothing happens. */
export async function notCapable(): Promise<CallResult<never>> {
  return { ok: false, kind: 'misconfigured', detail: 'This vendor cannot do that.' };
}
