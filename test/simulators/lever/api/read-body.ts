import { z } from 'zod';
import type { LeverContext } from './api-env.ts';
import { badRequest } from './api-error.ts';

/** A JSON body that fits the schema to the letter: an unknown key, `perform_as` among them, is refused with 400. */
export async function readBody<S extends z.ZodType>(c: LeverContext, schema: S): Promise<z.output<S>> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
    throw badRequest('Content-Type must be application/json');
  const parsed = schema.safeParse(toJson(await c.req.text()));
  if (!parsed.success) throw badRequest(z.prettifyError(parsed.error));
  return parsed.data;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('The body is not JSON');
  }
}
