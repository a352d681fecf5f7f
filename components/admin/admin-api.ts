import { type ZodType, z } from 'zod';
import { apiErrorSchema } from '../../lib/contract/error.ts';
import { t } from '../ui/t.ts';
import { ApiFailure } from './api-failure.ts';
import type { AdminBackend } from './backend.ts';

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The admin API, its answers parsed. Everything rejects with an ApiFailure, whose message is a sentence to show. */
export interface AdminApi {
  read<T>(path: string, schema: ZodType<T>): Promise<T>;
  write<T>(method: Method, path: string, body: unknown, schema: ZodType<T>): Promise<T>;
  remove(path: string): Promise<void>;
}

export function createAdminApi(backend: Pick<AdminBackend, 'callApi'>): AdminApi {
  async function call(request: Parameters<AdminBackend['callApi']>[0]): Promise<unknown> {
    const answer = await backend.callApi(request).catch((error: unknown) => {
      console.error('tagalong: the background did not answer', error);
      throw new ApiFailure('no-answer', t('admin.noAnswer'));
    });
    if ('refused' in answer) throw new ApiFailure(answer.refused, answer.message);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw toFailure(answer.body);
  }

  return {
    read: async (path, schema) => parse(schema, await call({ method: 'GET', path })),
    write: async (method, path, body, schema) => parse(schema, await call({ method, path, body })),
    remove: async (path) => {
      await call({ method: 'DELETE', path });
    },
  };
}

/** Fills the gaps of a path of lib/contract/paths.ts. */
export function fillPath(path: string, values: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

function parse<T>(schema: ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  console.error('tagalong: unreadable answer', parsed.error);
  throw new ApiFailure('server-outdated', t('error.server_outdated'));
}

function toFailure(body: unknown): ApiFailure {
  const { data } = apiErrorSchema.safeParse(body);
  if (data) return new ApiFailure(data.error.code, data.error.message, data.error.details);
  // A newer server may know codes that we do not; its sentence is still the best one to show.
  const sentence = z.object({ error: z.object({ message: z.string() }) }).safeParse(body).data?.error.message;
  return sentence ? new ApiFailure('internal', sentence) : new ApiFailure('server-outdated', t('error.server_outdated'));
}
