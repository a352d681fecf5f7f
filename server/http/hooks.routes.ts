import { z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { PATHS } from '../../lib/contract/paths.ts';
import { say } from '../say.ts';
import { type Acceptance, type AcceptParts, acceptDelivery } from '../webhooks/accept.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';

/** A candidate with a long history makes a large body; nothing sensible is larger than this. */
const HOOK_BODY_BYTES = 2 * 1024 * 1024;

/** What our own addresses look like; anything else was never one. */
const ADDRESS = /^[\w-]{16,200}$/;

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

/** Webhooks of ATS and vendors: verified, stored, acknowledged after the commit. The table of outcomes stands in webhooks/accept.ts. */
export function addHookRoutes(app: App, parts: AcceptParts): void {
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
      503: { description: 'Not stored; send it again' },
    },
  });
  const refuse = () => {
    throw new ApiError('too-large');
  };
  app.post('/hooks/:token', bodyLimit({ maxSize: HOOK_BODY_BYTES, onError: refuse }), async (c) => {
    if (!ADDRESS.test(c.req.param('token'))) throw new ApiError('not-found');
    const body = new Uint8Array(await c.req.arrayBuffer());
    const addresses = addressesOf(parts.services.config.publicUrl, new URL(c.req.url));
    const request = { headers: headersOf(c.req.raw.headers), body, addresses };
    const acceptance = await acceptDelivery(parts, c.req.param('token'), request);
    return answer(acceptance);
  });
}

/**
 * As the set-up page shows it; else as it was called, where somebody entered another name of this server. That a stranger may choose the
 * name that was called proves nothing to them: what they lack is the secret.
 */
function addressesOf(publicUrl: string | null, { host, pathname, search }: URL): string[] {
  const path = `${pathname}${search}`;
  const origins = [...(publicUrl === null ? [] : [publicUrl]), `https://${host}`, `http://${host}`];
  return [...new Set(origins.map((origin) => `${origin}${path}`))];
}

function headersOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(headers.entries());
}

/** Greenhouse takes exactly 200 for success. */
function answer(acceptance: Acceptance): Response {
  switch (acceptance.outcome) {
    case 'stored':
    case 'duplicate':
    case 'test':
      return Response.json({ received: true }, { status: 200 });
    case 'refused':
      throw new ApiError('unauthorised', {
        message: say(`server.refused.${acceptance.because}`),
        details: [{ path: 'because', message: acceptance.because }],
      });
    case 'unknown':
      throw new ApiError('not-found');
    case 'too-large':
      throw new ApiError('too-large');
  }
}
