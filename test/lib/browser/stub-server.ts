/** A companion server in a function: what each path answers, and what was asked. */
export class StubServer {
  asked: { method: string; path: string; query: Record<string, string>; body: unknown; token: string | null }[] = [];
  isAway = false;
  private answers = new Map<string, (body: unknown, url: URL) => Response | Promise<Response>>();

  on(method: string, path: string, answer: (body: unknown, url: URL) => Response | Promise<Response>): this {
    this.answers.set(`${method} ${path}`, answer);
    return this;
  }

  fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, { ...init, signal: undefined });
    if (this.isAway) throw new TypeError('Failed to fetch');
    const url = new URL(request.url);
    const text = await request.text();
    const body: unknown = text ? JSON.parse(text) : undefined;
    const token = request.headers.get('authorization');
    this.asked.push({ method: request.method, path: url.pathname, query: Object.fromEntries(url.searchParams), body, token });
    const answer = this.answers.get(`${request.method} ${url.pathname}`);
    return answer ? answer(body, url) : refusal(404, 'not-found', 'That is not there.');
  };

  askedFor(path: string) {
    return this.asked.filter((one) => one.path === path);
  }
}

export const json = (body: unknown, status = 200) => Response.json(body, { status });
export const refusal = (status: number, code: string, message: string) => json({ error: { code, message } }, status);
