import { readFile } from 'node:fs/promises';
import { leverSettingsSchema } from '../../../../lib/contract/settings.ts';
import { NOTHING_KEPT } from '../../../../server/ats/kept-names.ts';
import { leverKey } from '../../../../server/ats/lever/credential.ts';
import { createLeverAdapter, type LeverAdapterOptions } from '../../../../server/ats/lever/index.ts';
import type { HttpClient, HttpRequest } from '../../../../server/outbound/http.ts';
import type { CallFailure } from '../../../../server/outbound/outcome.ts';
import { UNLIMITED } from '../../../../server/outbound/rate-limiter.ts';

/** A body as Lever documents it. */
export async function fixture(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../../../fixtures/lever/${name}.json`, import.meta.url), 'utf8'));
}

export type ScriptedAnswer = { body: unknown } | CallFailure;
type Script = Record<string, ScriptedAnswer | ScriptedAnswer[] | ((request: HttpRequest) => ScriptedAnswer)>;

export const NOW = new Date('2026-09-21T14:20:00.000Z');
export const OPPORTUNITY = '250d8f03-738a-4bba-a671-8a3d73477145';
export const TARGET = { applicationId: OPPORTUNITY, candidateId: null };
export const FORBIDDEN: CallFailure = { kind: 'forbidden', status: 403, detail: 'no' };

/**
 * The adapter against written-down answers, by "METHOD /path". A list is used up one by one, its last answer stays. What is not in
 * the script is answered 404, as by Lever.
 */
export function scriptedLever(script: Script, options: Partial<LeverAdapterOptions> = {}) {
  const requests: HttpRequest[] = [];
  const http: HttpClient = {
    async request(request) {
      requests.push(request);
      const entry = script[`${request.method} ${request.url.replace('https://api.lever.co/v1', '')}`];
      const answer =
        typeof entry === 'function'
          ? entry(request)
          : Array.isArray(entry)
            ? entry.length > 1
              ? entry.shift()
              : entry[0]
            : entry;
      if (!answer) return { ok: false, kind: 'not-found', status: 404, detail: 'was not found' };
      return 'kind' in answer ? { ok: false, ...answer } : { ok: true, value: { status: 200, headers: {}, body: answer.body } };
    },
  };
  const adapter = createLeverAdapter({
    http,
    limiter: UNLIMITED,
    settings: leverSettingsSchema.parse({ kind: 'lever', apiUrl: 'https://api.lever.co/v1/', performAs: '' }),
    credential: leverKey('key'),
    clock: { now: () => NOW },
    connectionId: 'connection-1',
    keptNames: NOTHING_KEPT,
    ...options,
  });
  return { adapter, requests, paths: () => requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`) };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
