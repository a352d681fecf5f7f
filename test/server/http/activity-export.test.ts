import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { activityPartSchema, activityViewSchema } from '../../../lib/contract/activity.ts';
import { PATHS } from '../../../lib/contract/paths.ts';
import { appendAuditAll } from '../../../server/storage/audit.repository.ts';
import { createTestHttpServer, type TestHttpServer } from '../../support/http-server.ts';

const NAME = 'Ada Moreno';
/** Some more than the server reads at once. */
const ENTRIES = 1200;

let server: TestHttpServer;
let token: string;
let said: string[];
beforeEach(async () => {
  server = await createTestHttpServer();
  ({ token } = await server.join('admin'));
  await act(ENTRIES, 'rules.changed');
  said = [];
  const hear = (...words: unknown[]) => void said.push(words.map((word) => toText(word)).join(' '));
  for (const way of ['error', 'info', 'log', 'warn'] as const) vi.spyOn(console, way).mockImplementation(hear);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.drop();
});

const toText = (word: unknown) =>
  word instanceof Error ? `${word.stack} ${String(word.cause)} ${JSON.stringify(word)}` : String(word);
const act = (count: number, action: string) =>
  appendAuditAll(
    server.services.db,
    server.services,
    Array.from({ length: count }, () => ({ who: { kind: 'system' }, action })),
  );
const ask = (path: string) => server.call('GET', path, { token });

/** The question for entries fails from the given one on, with a name among its parameters; not before `when`. */
function failFrom(question: number, when?: Promise<unknown>): void {
  const { db } = server.services;
  const execute = db.execute.bind(db);
  let asked = 0;
  const answer = async (query: SQL) => {
    if (new PgDialect().sqlToQuery(query).sql.includes('order by a.id desc')) asked += 1;
    if (asked < question) return await execute(query);
    await when;
    return await execute(sql`select ${NAME}::int`);
  };
  vi.spyOn(db, 'execute').mockImplementation(answer as unknown as typeof db.execute);
}

/** What a client is given over a real connection. */
async function download(query: string, onBegun = () => {}): Promise<{ status: number; text: string }> {
  const http = serve({ fetch: server.app.fetch, port: 0, hostname: '127.0.0.1' });
  try {
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`http://127.0.0.1:${port}${PATHS.activityExport}${query}`, { headers });
    onBegun();
    return { status: answer.status, text: await answer.text() };
  } finally {
    await new Promise((resolve) => http.close(resolve));
  }
}

describe('the whole as one file', () => {
  test('holds every entry once', async () => {
    const { text } = await download('?format=ndjson&action=rules.changed');
    const ids = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(new Set(ids).size).toBe(ENTRIES);
    expect(ids).toHaveLength(ENTRIES);
  });

  test('breaks off when a later page cannot be read, and no name stands in any log', async () => {
    const begun = Promise.withResolvers<void>();
    failFrom(2, begun.promise);
    await expect(download('?text=rules', begun.resolve)).rejects.toThrow('terminated');
    expect(server.log()).toContain('invalid input syntax for type integer');
    expect(server.log() + said.join('\n')).not.toContain(NAME);
  });

  test('is refused when the first page cannot be read', async () => {
    failFrom(1);
    const { status, text } = await download('');
    expect([status, JSON.parse(text).error.code]).toEqual([500, 'internal']);
    expect(server.log() + said.join('\n')).not.toContain(NAME);
  });
});

describe('the whole in parts', () => {
  const part = async (query: string) =>
    activityPartSchema.parse(await (await ask(`${PATHS.activityExport}?limit=500${query}`)).json());

  test('is the same file, whatever happens meanwhile, and one copy in the activity', async () => {
    const texts: string[] = [];
    for (let before = ''; ; ) {
      const { text, next } = await part(before);
      texts.push(text);
      if (next === null) break;
      before = `&before=${next}`;
      await act(3, 'mail.changed');
    }
    expect(texts).toHaveLength(3);
    const whole = texts.join('');
    expect(whole.startsWith('\uFEFFseq,at,who')).toBe(true);
    expect(whole.match(/\uFEFF/g)).toHaveLength(1);
    const lines = whole.trimEnd().split('\r\n');
    expect(lines.filter((line) => line.includes('rules.changed'))).toHaveLength(ENTRIES);
    expect(lines.filter((line) => line.includes('activity.exported'))).toHaveLength(1);
    expect(whole).not.toContain('mail.changed');
    const noted = await ask(`${PATHS.activity}?action=activity.exported`);
    expect(activityViewSchema.parse(await noted.json()).entries).toHaveLength(1);
  });

  test('ends where nothing more follows', async () => {
    const { text, next } = await part('&format=ndjson&action=no.such');
    expect({ text, next }).toEqual({ text: '', next: null });
  });

  test('has parts of a bounded size', async () => {
    expect((await ask(`${PATHS.activityExport}?limit=501`)).status).toBe(400);
  });
});
