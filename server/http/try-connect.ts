import type { CallResult } from '../outbound/outcome.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import { ApiError } from './api-error.ts';
import type { HttpParts } from './http-parts.ts';

/**
 * For pages that must work while a connection is only half set up: why there is no adapter becomes a sentence to show beside the rest.
 * Anything but a refusal in words goes on as an error.
 */
export async function tryConnect<Adapter>(
  connect: Promise<Adapter>,
): Promise<{ ok: true; adapter: Adapter } | { ok: false; message: string }> {
  try {
    return { ok: true, adapter: await connect };
  } catch (error) {
    if (error instanceof ApiError) return { ok: false, message: error.message };
    throw error;
  }
}

/** The same where a failure is to be passed on as a value, like the answer of any call. */
export async function tryVendor(parts: Pick<HttpParts, 'connectVendor'>, id: string): Promise<CallResult<VendorAdapter>> {
  const tried = await tryConnect(parts.connectVendor(id));
  return tried.ok ? { ok: true, value: tried.adapter } : { ok: false, kind: 'misconfigured', detail: tried.message };
}
