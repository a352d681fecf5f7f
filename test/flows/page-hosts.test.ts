import { expect, test } from 'vitest';
import { waitingSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../lib/contract/settings.ts';
import { settings } from '../../server/storage/schema.ts';
import { greenhousePage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer();

const linkTo = async ({ token }: Recruiter, key: string) => {
  const answer = await server().fetch(PATHS.waiting, { headers: { authorization: `Bearer ${token}` } });
  return waitingSchema.parse(await answer.json()).items.find((item) => item.key === key)?.url;
};

test('links lead to the host on which the company opens Greenhouse: as its webhooks, its pages and then its admin name it', async () => {
  const { world, company, join, settle } = server();
  const { applications, candidates, stages } = world.seeds.greenhouse;
  const ben = await join('Ben');
  const page = greenhousePage(applications.ada, candidates.ada);
  const path = `/people/${candidates.ada}?application_id=${applications.ada}`;
  world.greenhouse.move({ applicationId: applications.ada, stageId: stages.backend.Onsite });
  await settle();
  const { db } = server().server.services;
  const learned = async () =>
    (await db.select().from(settings)).filter(({ key }) => key.startsWith('page-host:')).map(({ value }) => value);
  expect(await learned()).toEqual([{ host: 'app.greenhouse.io', from: 'webhook' }]);
  // Somebody at the company works on app2.
  const shown = await ben.open({ ...page, host: 'app2.greenhouse.io' });
  await ben.send(shown, {}, { ...page, host: 'app2.greenhouse.io' });
  expect(await linkTo(ben, shown.key)).toBe(`https://app2.greenhouse.io${path}`);
  // A host that neither Greenhouse nor an admin has named is shown the panel, and becomes nobody's link.
  server().clock.advance(2 * 24 * 3600);
  const other = { ...greenhousePage(applications.grace, candidates.grace), host: 'elsewhere.greenhouse.io' };
  const grace = await ben.open(other);
  await ben.send(grace, {}, other);
  expect(await linkTo(ben, grace.key)).toContain('https://app2.greenhouse.io/');
  const { id, settings: before } = company.connections.greenhouse;
  const change = { settings: { ...before, companyHosts: ['acme.greenhouse.io'] } };
  await company.api.call(connectionViewSchema, 'PATCH', PATHS.connection.replace('{id}', id), change);
  expect(await linkTo(ben, grace.key)).toContain('https://acme.greenhouse.io/people/');
});
