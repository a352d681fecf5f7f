export interface PostOptions {
  method: 'POST' | 'PATCH';
  url: string;
  headers: Record<string, string>;
  /** Sent as JSON; undefined sends none. */
  body?: unknown;
}

const ANSWER_WITHIN_MS = 10_000;

/** Makes one call to somebody's receiver. Never rejects: `status` is null and `error` says why when there was no answer within ten seconds. */
export async function postCall(
  fetch: typeof globalThis.fetch,
  { method, url, headers, body }: PostOptions,
): Promise<{ status: number | null; error: string | null }> {
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  try {
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...json, ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await answer.body?.cancel();
    return { status: answer.status, error: null };
  } catch (error) {
    return { status: null, error: String(error) };
  }
}
