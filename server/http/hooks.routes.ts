import { z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { PATHS } from '../../lib/contract/paths.ts';
import type { Accept } from '../webhooks/accept.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { HOOK_BODY_BYTES, HOOK_TOKEN, RECEIVED, refuseUnaccepted, toWebhookRequest } from './webhook-exchange.ts';

const DESCRIPTION = `Greenhouse, Lever and Coderbyte send what they send. For vendors without webhooks (Byteboard) there is a generic one, signed as
https://www.standardwebhooks.com says (headers webhook-id, webhook-timestamp, webhook-signature) with the secret that
POST /api/webhooks/{id}/secrets makes:

    {
      "invitation": "our id, as filled into the link",  or  "assessment": "its externalId or name", "email": "the candidate's",
      "state": "started" | "submitted" | "scored" | "expired",
      "rating": "Strong" | "Leaning Strong" | "Needs Improvement" | "Poor",
      "score": { "value": 71, "max": 100 },
      "skills": [{ "name": "Code Quality", "rating": "Strong" }],
      "notes": "plain text",
      "report_url": "https://..."
    }

Only who and state are needed; a result counts with the state scored.`;

/**
 * Webhooks of ATS and vendors: verified, stored, acknowledged after the commit. The table of outcomes stands in webhooks/accept.ts. A server
 * that listens at a port takes them before they get here: see hook-listener.ts.
 */
export function addHookRoutes(app: App, { accept, publicUrl }: { accept: Accept; publicUrl: string | null }): void {
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: PATHS.hook,
    summary: 'Takes one webhook of an ATS or a vendor; the address is secret',
    description: DESCRIPTION,
    request: {
      params: z.object({ token: z.string() }),
      body: { required: true, content: { 'application/json': { schema: z.object({}).loose() } } },
    },
    responses: {
      200: { description: 'Stored, a repeat of what is stored, or a set-up test' },
      401: { description: 'Not signed by a known secret' },
      404: { description: 'No such address' },
      413: { description: 'Larger than two megabytes' },
      503: { description: 'Not known to be stored; send it again, after what Retry-After says' },
    },
  });
  const refuse = () => {
    throw new ApiError('too-large');
  };
  app.post('/hooks/:token', bodyLimit({ maxSize: HOOK_BODY_BYTES, onError: refuse }), async (c) => {
    const token = c.req.param('token');
    if (!HOOK_TOKEN.test(token)) throw new ApiError('not-found');
    const body = new Uint8Array(await c.req.arrayBuffer());
    const headers = Object.fromEntries(c.req.raw.headers.entries());
    const url = new URL(c.req.url);
    const request = toWebhookRequest({ headers, body, publicUrl, host: url.host, path: `${url.pathname}${url.search}` });
    refuseUnaccepted(await accept(token, request));
    return c.json(RECEIVED, 200);
  });
}
