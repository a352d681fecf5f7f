import type { z } from 'zod';

export interface AdminApi {
  /** Resolves with the parsed answer; rejects with its status and text when it is not a 2xx. */
  call<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T>;
}

/** Plain calls of a running server's HTTP API, with a token or without. */
export function createAdminApi({ baseUrl, token }: { baseUrl: string; token: string | null }): AdminApi {
  return {
    async call(schema, method, path, body) {
      const answer = await fetch(`${baseUrl}${path}`, {
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
      return schema.parse(JSON.parse(text));
    },
  };
}
