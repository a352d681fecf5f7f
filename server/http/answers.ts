import type { z } from '@hono/zod-openapi';
import { apiErrorSchema } from '../../lib/contract/error.ts';

/** One JSON answer for `responses` of createRoute. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** A JSON request body. `required`, else a request without a content type would pass unchecked. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema, description = 'Request') {
  return { required: true, description, content: { 'application/json': { schema } } };
}

/** The answers that any route may give instead; handlers throw ApiError and the app turns it into one of these. */
export const refusals = {
  '4XX': json(apiErrorSchema, 'Refused: a code, and a sentence to act on'),
  '5XX': json(apiErrorSchema, 'Not possible just now; 503 carries Retry-After'),
};
