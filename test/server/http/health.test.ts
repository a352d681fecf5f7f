import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHealthApp } from '../../../server/http/app.ts';
import type { LoopState } from '../../../server/jobs/loop.ts';
import { createTestHttpServer, type TestHttpServer } from '../../support/http-server.ts';

let http: TestHttpServer;
beforeAll(async () => {
  http = await createTestHttpServer();
});
afterAll(() => http.drop());

const ready = (chores: LoopState[] = []) =>
  createHealthApp(http.services, { chores: () => chores, metrics: null }).request('/ready');
const chore = (name: string, runningForMs: number): LoopState => ({ name, runningForMs, quietForMs: runningForMs });
const NEWEST = sql`(select max(created_at) from tagalong.migrations)`;

describe('whether a process is ready', () => {
  it('it is, with a database of this version and chores that come back', async () => {
    const answer = await ready([chore('relay', 0), chore('users', 60_000)]);
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: 'ok' })]);
  });

  it('it is not while a chore hangs, and the log names the chore', async () => {
    expect((await ready([chore('relay', 700_000)])).status).toBe(503);
    expect(http.log()).toContain('hangs: relay');
  });

  it('it is not on a database that an older backup was put into, and does not mind a newer one', async () => {
    const { db } = http.services;
    await db.execute(sql`insert into tagalong.migrations (hash, created_at) values ('newer', ${NEWEST} + 1)`);
    expect((await ready()).status).toBe(200);
    await db.execute(sql`delete from tagalong.migrations where created_at >= ${NEWEST} - 1`);
    expect((await ready()).status).toBe(503);
  });
});
