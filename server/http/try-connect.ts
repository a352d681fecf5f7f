import { ApiError } from './api-error.ts';

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
