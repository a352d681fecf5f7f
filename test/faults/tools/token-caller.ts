/**
 * A process of its own that calls an ATS as a server process does: tokens from the shared database, the ATS through the network.
 * Started by the check of token refreshes, talks through the parent's channel.
 */
import { Pool } from 'pg';
import { z } from 'zod';
import { greenhouseSettingsSchema, leverSettingsSchema } from '../../../lib/contract/settings.ts';
import { createGreenhouseAdapter } from '../../../server/ats/greenhouse/index.ts';
import { NOTHING_KEPT } from '../../../server/ats/kept-names.ts';
import { createLeverAdapter } from '../../../server/ats/lever/index.ts';
import { toLeverOauthApp } from '../../../server/ats/lever/oauth-app.ts';
import { createLeverOauthTokens } from '../../../server/ats/lever/oauth-tokens.ts';
import type { AtsAdapter } from '../../../server/ats/port.ts';
import { createHttpClient } from '../../../server/outbound/http.ts';
import { UNLIMITED } from '../../../server/outbound/rate-limiter.ts';
import { createAtsTokenStore } from '../../../server/storage/ats-tokens.ts';
import { createSealer } from '../../../server/storage/seal.ts';

export const callerStartSchema = z.object({
  kind: z.enum(['greenhouse', 'lever']),
  address: z.object({ host: z.string(), port: z.number(), user: z.string(), database: z.string() }),
  masterKey: z.string(),
  connectionId: z.string(),
  host: z.string(),
  apiUrl: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
});
export type CallerStart = z.infer<typeof callerStartSchema>;

/** So many calls at once, at that time. */
export interface CallOrder {
  calls: number;
  nowMs: number;
}
/** How many ended how: `ok`, or the kind of the failure. */
export type CallOutcomes = Record<string, number>;

const orderSchema = z.object({ calls: z.number(), nowMs: z.number() });

if (process.send) {
  const start = callerStartSchema.parse(JSON.parse(process.env.CALLER ?? ''));
  let nowMs = 0;
  const clock = { now: () => new Date(nowMs) };
  const pool = new Pool({ ...start.address, max: 10 });
  pool.on('error', () => undefined);
  const adapter = makeAdapter(start, { clock, pool });
  process.on('message', (message) => {
    const order = orderSchema.parse(message);
    nowMs = order.nowMs;
    void callAtOnce(adapter, order.calls).then((outcomes) => process.send?.(outcomes));
  });
  process.on('disconnect', () => process.exit());
  process.send('ready');
}

function makeAdapter(start: CallerStart, { clock, pool }: { clock: { now(): Date }; pool: Pool }): AtsAdapter {
  const { kind, host, apiUrl, connectionId, clientId, clientSecret } = start;
  const log = { debug: () => undefined, warn: () => undefined };
  const http = createHttpClient({ testHosts: [host], allowedHosts: [host], log, clock });
  const sealer = createSealer(Buffer.from(start.masterKey, 'hex'));
  const store = createAtsTokenStore({ pool, sealer, clock });
  if (kind === 'greenhouse') {
    const settings = greenhouseSettingsSchema.parse({ kind, apiUrl, authUrl: apiUrl });
    return createGreenhouseAdapter({
      http,
      limiter: UNLIMITED,
      settings,
      clientId,
      clientSecret,
      tokens: store,
      clock,
      connectionId,
    });
  }
  const settings = leverSettingsSchema.parse({ kind, auth: 'oauth', apiUrl });
  const app = toLeverOauthApp(settings, { clientId, clientSecret });
  return createLeverAdapter({
    ...{ http, settings, clock, connectionId, keptNames: NOTHING_KEPT },
    credential: createLeverOauthTokens({ http, store, clock, connectionId, app }),
    // The pace is another check's business.
    limiter: UNLIMITED,
  });
}

async function callAtOnce(adapter: AtsAdapter, calls: number): Promise<CallOutcomes> {
  const outcomes: CallOutcomes = {};
  const results = await Promise.allSettled(Array.from({ length: calls }, () => adapter.check()));
  for (const result of results) {
    const how = result.status === 'rejected' ? `thrown: ${String(result.reason)}` : result.value.ok ? 'ok' : result.value.kind;
    outcomes[how] = (outcomes[how] ?? 0) + 1;
  }
  return outcomes;
}
