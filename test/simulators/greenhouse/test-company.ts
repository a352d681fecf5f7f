import { createGreenhouseSimulator, type GreenhouseSimulatorOptions } from './greenhouse-simulator.ts';

const START = new Date('2026-11-21T10:00:00.000Z');

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON, or the text. */
  body: unknown;
}

/** A seeded company on a clock that stands still until it is moved, and a caller with a token. */
export async function startCompany(options: GreenhouseSimulatorOptions = {}) {
  const clock = { now: new Date(START) };
  const simulator = createGreenhouseSimulator({ now: () => clock.now, settings: { rateLimit: 10_000 }, ...options });
  const ids = simulator.seed();
  const wait = (ms: number) => {
    clock.now = new Date(clock.now.getTime() + ms);
  };
  const mint = (form: Record<string, string> = {}, credential = simulator.credential) =>
    request(simulator.api, 'POST', '/token', {
      headers: { Authorization: toBasic(credential), 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
    });
  const token = readText(await mint(), 'access_token');
  const call = (method: string, path: string, json?: unknown, bearer = token) =>
    request(simulator.api, method, path, {
      headers: { Authorization: `Bearer ${bearer}`, ...(json === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: json === undefined ? undefined : JSON.stringify(json),
    });
  const read = async (path: string) => toRows((await call('GET', path)).body);
  return { simulator, ids, wait, mint, call, read, token };
}

export function toBasic({ clientId, clientSecret }: { clientId: string; clientSecret: string }): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

interface Answering {
  request(path: string, init: RequestInit): Response | Promise<Response>;
}

export async function request(app: Answering, method: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await app.request(path, { ...init, method });
  const text = await response.text();
  const isJson = response.headers.get('Content-Type')?.includes('json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

function readText(answer: Answer, key: string): string {
  const value = toRecord(answer.body)[key];
  if (typeof value !== 'string') throw new Error(`No ${key} in ${JSON.stringify(answer.body)}`);
  return value;
}

export function toRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error(`Not an object: ${JSON.stringify(value)}`);
  return { ...value };
}

export function toRows(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw new Error(`Not a bare array: ${JSON.stringify(value)}`);
  return value.map(toRecord);
}
