import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../server/config.ts';
import { createHealthApp } from '../../../server/http/app.ts';
import { createTestHttpServer } from '../../support/http-server.ts';

const TOKEN = 'a-token-for-scrapes';

async function ask(environment: Record<string, string>, headers: Record<string, string> = {}) {
  const { services, drop } = await createTestHttpServer({ environment });
  try {
    const read = async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'tagalong_build_info 1\n' });
    const app = createHealthApp(services, { chores: () => [], metrics: { read } });
    const answer = await app.request('/metrics', { headers });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  } finally {
    await drop();
  }
}

describe('GET /metrics', () => {
  it('is not there while no token is set, whatever comes along', async () => {
    expect((await ask({}, { authorization: `Bearer ${TOKEN}` })).status).toBe(404);
  });

  it('wants that very token', async () => {
    for (const authorization of ['', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(0, -1)}`, `Basic ${TOKEN}`, 'Bearer ']) {
      const answer = await ask({ METRICS_TOKEN: TOKEN }, { authorization });
      expect([answer.status, answer.text.includes('tagalong')]).toEqual([401, false]);
    }
    expect((await ask({ METRICS_TOKEN: TOKEN })).status).toBe(401);
  });

  it('answers in the format of Prometheus', async () => {
    const answer = await ask({ METRICS_TOKEN: TOKEN }, { authorization: `Bearer ${TOKEN}` });
    expect(answer).toEqual({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      text: 'tagalong_build_info 1\n',
    });
  });

  it('a token that could be guessed is refused at the start', () => {
    expect(() => readConfig({ METRICS_TOKEN: 'short' })).toThrow('METRICS_TOKEN');
  });

  it('is the same path beside the API, where no member may read it', async () => {
    const { app, join, drop } = await createTestHttpServer({ environment: { METRICS_TOKEN: TOKEN } });
    const { token } = await join('admin');
    expect((await app.request('/metrics', { headers: { authorization: `Bearer ${token}` } })).status).not.toBe(200);
    await drop();
  });
});
