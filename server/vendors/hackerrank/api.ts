import type { CallResult } from '../../outbound/outcome.ts';
import { toBearer } from './bearer.ts';
import type { HackerrankClient } from './client.ts';

/** Where a result is to be told, and the secret behind the bearers; null while webhooks cannot reach this server. */
export type FindResultAddress = () => Promise<{ url: string; secret: string } | null>;

export interface HackerrankApi {
  client: HackerrankClient;
  findResultAddress: FindResultAddress;
  now(): Date;
}

/** Without an address the report goes to the inviter by e-mail, and we ask for it. */
export async function toResultAddress({ findResultAddress }: HackerrankApi, invitationId: string) {
  const address = await findResultAddress();
  if (!address) return {};
  return {
    test_result_url: address.url,
    webhook_authentication: { type: 'bearer_token', data: { token: toBearer(invitationId, address.secret) } },
    accept_result_updates: true,
  };
}

export function candidatesOf(testId: string): string[] {
  return ['tests', testId, 'candidates'];
}

/** 2026-03-18T19:26:29+00:00, as the samples write it. */
export function toTime(iso: string): string {
  return new Date(iso).toISOString().replace(/\.\d+Z$/, '+00:00');
}

export function refused(detail: string): CallResult<never> {
  return { ok: false, kind: 'refused', status: 409, detail };
}

export function notFound(detail: string): CallResult<never> {
  return { ok: false, kind: 'not-found', status: 404, detail };
}

export function unreadable(detail: string): CallResult<never> {
  return { ok: false, kind: 'unreadable', detail };
}
