import { describe, expect, test } from 'vitest';
import { request, startCompany } from './test-company.ts';

describe('candidate pages', () => {
  test('every address form of a candidate shows the person, under a policy that allows no frame', async () => {
    const { simulator, ids } = await startCompany();
    const { ada: pid } = ids.candidates;
    const { ada: aid } = ids.applications;
    const forms = [`?application_id=${aid}`, '', `/applications/${aid}`, `/applications/${aid}/redesign?src=search`];
    for (const form of forms) {
      const { status, body, headers } = await request(simulator.pages, 'GET', `/people/${pid}${form}`);
      expect(status).toBe(200);
      expect(body).toMatch(/<h1[^>]*data-test="candidate-name"[^>]*>Ada Lovelace<\/h1>/);
      expect(headers.get('Content-Security-Policy')).toContain(
        "default-src 'self'; frame-src 'none'; style-src 'self' 'unsafe-inline'",
      );
      expect(body).not.toMatch(/<script>/);
    }
  });

  test('a person alone shows all applications, and a foreign application is not found', async () => {
    const { simulator, ids } = await startCompany();
    const { body } = await request(simulator.pages, 'GET', `/people/${ids.candidates.grace}`);
    expect(String(body).match(/data-application=/g)).toHaveLength(2);
    const foreign = `/people/${ids.candidates.grace}?application_id=${ids.applications.ada}`;
    expect((await request(simulator.pages, 'GET', foreign)).status).toBe(404);
    expect((await request(simulator.pages, 'GET', '/people/17')).status).toBe(404);
  });

  test('previous and next change the address in place on the redesigned profile only, and only if set so', async () => {
    const { simulator, ids } = await startCompany();
    const page = async (path: string) => String((await request(simulator.pages, 'GET', path)).body);
    const redesign = `/people/${ids.candidates.grace}/applications/${ids.applications.grace}/redesign`;
    expect(await page(redesign)).toContain('data-swap="push"');
    expect(await page(`/people/${ids.candidates.grace}?application_id=${ids.applications.grace}`)).not.toContain('data-swap');
    simulator.change({ navigation: 'load' });
    expect(await page(redesign)).not.toContain('data-swap');
  });

  test('a note that was written through the API stands in the feed, as text', async () => {
    const { simulator, ids, call } = await startCompany();
    const body = 'Sent <b>Senior SWE</b>';
    await call('POST', '/v3/notes', { candidate_id: ids.candidates.ada, body, visibility: 'public' });
    const page = await request(simulator.pages, 'GET', `/people/${ids.candidates.ada}`);
    expect(page.body).toContain('Sent &lt;b&gt;Senior SWE&lt;/b&gt;');
  });

  test('lists lead to the profiles, and hostile styles come only when asked for', async () => {
    const { simulator, ids } = await startCompany();
    const people = await request(simulator.pages, 'GET', '/people');
    expect(people.body).toContain(`/people/${ids.candidates.ada}?application_id=${ids.applications.ada}`);
    expect(people.body).not.toContain('hostile.css');
    const plan = await request(simulator.pages, 'GET', `/plans/${ids.jobs.backend}/candidates?hostile=1`);
    expect(plan.body).toContain(`/people/${ids.candidates.ada}/applications/${ids.applications.ada}/redesign`);
    expect(plan.body).toContain('/assets/hostile.css');
    const hostile = await request(simulator.pages, 'GET', '/assets/hostile.css');
    expect(hostile.body).toContain('iframe{display:none!important}');
  });

  test('the page’s own buttons move, reject and tag, and lead back', async () => {
    const { simulator, ids, read } = await startCompany();
    const path = `/people/${ids.candidates.ada}/applications/${ids.applications.ada}`;
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Referer: `https://app.greenhouse.io${path}/redesign` };
    const body = `stageId=${ids.stages.backend.Assessment}`;
    const answer = await request(simulator.pages, 'POST', `${path}/move`, { headers, body });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('Location')).toBe(`${path}/redesign`);
    await request(simulator.pages, 'POST', `/people/${ids.candidates.ada}/tags`, { headers, body: 'tag=Staff' });
    const rows = await read(`/v3/applications?ids=${ids.applications.ada}`);
    expect(rows).toMatchObject([{ stage_name: 'Assessment' }]);
    expect(await read('/v3/candidates?tag=Staff')).toHaveLength(1);
  });

  test('Application Review names nobody in its address and goes round', async () => {
    const { simulator, ids } = await startCompany();
    const { body } = await request(simulator.pages, 'GET', '/applications/review/app_review');
    expect(body).toContain(`href="/people/${ids.candidates.grace}?application_id=${ids.applications.grace}"`);
    const next = await request(simulator.pages, 'GET', `/applications/review/app_review?after=${ids.applications.grace}`);
    expect(next.body).toContain(`/people/${ids.candidates.noName}?`);
    expect(next.body).toContain('data-swap="stay"');
    const other = await request(simulator.pages, 'GET', '/applications/review/app_review?swap=link');
    expect(other.body).toContain('data-swap="link"');
  });

  test('every further address form answers: by its candidate where it names one', async () => {
    const { simulator, ids } = await startCompany();
    const [pid, aid] = [ids.candidates.ada, ids.applications.ada];
    const of = async (path: string) => await request(simulator.pages, 'GET', path);
    for (const path of [
      `/people/${pid}/merge?application_id=${aid}`,
      `/guides/7/people/${pid}?application_id=${aid}`,
      `/guides/7/people/${pid}/interview?application_id=${aid}`,
      `/applications/${aid}`,
      `/candidates/${pid}`,
    ])
      expect((await of(path)).body, path).toContain('Ada Lovelace');
    for (const path of [
      `/plans/${ids.jobs.backend}`,
      `/sdash/${ids.jobs.backend}`,
      '/dashboard',
      '/scorecards/5',
      '/scorecards/5/edit',
    ]) {
      const { status, body } = await of(path);
      expect([path, status]).toEqual([path, 200]);
      expect(body).not.toContain('Ada Lovelace');
    }
    expect((await of('/applications/17')).status).toBe(404);
    expect((await of('/plans/17')).status).toBe(404);
  });

  test('what a browser loaded stands in the journal, files excepted', async () => {
    const { simulator } = await startCompany();
    for (const path of ['/people', '/assets/ats.css']) await request(simulator.pages, 'GET', path);
    expect(simulator.journal.list({ kind: 'page' })).toMatchObject([{ what: 'GET /people', status: 200 }]);
  });
});
