import { afterAll, beforeAll, expect } from 'vitest';
import type { z } from 'zod';
import { apiErrorSchema } from '../../lib/contract/error.ts';
import { type ConnectionView, connectionViewSchema } from '../../lib/contract/settings.ts';
import { createTestHttpServer, type TestHttpOptions } from './http-server.ts';

/** A key that is long enough to show its last four characters. */
export const API_KEY = 'lever-key-0123456789-abcd';

/** A server with an admin, whose token goes with every call. */
async function startSetUp(options: TestHttpOptions = {}) {
  const server = await createTestHttpServer({
    ...options,
    environment: { PUBLIC_URL: 'https://tagalong.example.com', ...options.environment },
  });
  const { token } = await server.join('admin', 'Ada');
  const call = (method: string, path: string, body?: unknown) =>
    server.call(method, path, { token, ...(body === undefined ? {} : { body }) });
  const refusal = async (method: string, path: string, body?: unknown) =>
    apiErrorSchema.parse(await (await call(method, path, body)).json()).error;
  const connect = async (settings: object, secrets: Record<string, string> = {}, rest: object = {}): Promise<ConnectionView> => {
    const response = await call('POST', '/api/connections', { name: 'Ours', settings, secrets, ...rest });
    expect(response.status).toBe(201);
    return connectionViewSchema.parse(await response.json());
  };
  const read = async <T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> => {
    const response = await call(method, path, body);
    expect(response.status).toBeLessThan(300);
    return schema.parse(await response.json());
  };
  return { server, call, refusal, connect, read, services: server.services };
}

export type SetUp = Awaited<ReturnType<typeof startSetUp>>;

/** The same for the tests of one `describe`, started before them and dropped after them. */
export function useSetUp(options: TestHttpOptions = {}): { current: () => SetUp } {
  let setUp: SetUp | undefined;
  beforeAll(async () => {
    setUp = await startSetUp(options);
  });
  afterAll(() => setUp?.server.drop());
  return {
    current: () => {
      if (!setUp) throw new Error('not started');
      return setUp;
    },
  };
}
