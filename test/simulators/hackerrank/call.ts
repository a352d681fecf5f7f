import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { CallVariables } from '../frame/journal-calls.ts';

export type Env = { Bindings: Partial<HttpBindings>; Variables: CallVariables };

/** 400: the address or the text of the call is wrong. */
export class BadRequest extends Error {}

/** The body of an error is not public: "the body will usually contain additional information". This one is an invention. */
export const toErrorBody = (...errors: string[]) => ({ errors });

/** @throws BadRequest when it does not call itself JSON, or is none */
export async function readJson(c: Context<Env>): Promise<unknown> {
  if (!c.req.header('content-type')?.startsWith('application/json'))
    throw new BadRequest('content type must be application/json');
  try {
    return JSON.parse(await c.req.text());
  } catch (error) {
    throw new BadRequest(`body is not JSON: ${String(error)}`);
  }
}

/** @throws BadRequest */
export function refuseParameters(c: Context<Env>): void {
  const [first] = Object.keys(c.req.query());
  if (first !== undefined) throw new BadRequest(`unknown parameter ${first}`);
}
