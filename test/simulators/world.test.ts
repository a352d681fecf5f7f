import { access } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { expect, test } from 'vitest';
import { toAdafacePath } from './partner/index.ts';
import { startWorld, type World } from './world.ts';

test('the world starts, every address answers, and nothing is left when it closes', async () => {
  const world = await startWorld();
  const { urls } = world;
  const controls = [urls.control, ...Object.values(urls.controls)];
  try {
    for (const url of controls) expect((await fetch(url)).status).toBe(200);
    expect((await fetch(`${urls.greenhouseApi}/v3/applications`)).status).toBe(401);
    expect((await fetch(`${urls.leverApi}/stages`)).status).toBe(401);
    expect((await fetch(`${urls.coderbyteApi}/v1/organizations/x/assessments`)).status).toBe(401);
    expect(world.testHosts.split(',')).toEqual(
      [urls.greenhouseApi, urls.leverApi, urls.coderbyteApi, urls.smtp].map((url) => new URL(url).host),
    );
    expect(await readPage(world, 'app.greenhouse.io', '/people')).toContain('Ada Lovelace');
    expect(await readPage(world, 'hire.lever.co', '/candidates')).toContain('Lever Hire');
    expect(await readPage(world, 'coderbyte.com', `/assess/${world.seeds.coderbyte.seniorSwe}`)).toContain('Senior SWE');
    expect(await readPage(world, 'byteboard.dev', '/i/1')).toContain('Start');
    for (const host of ['example.com', 'www.hackerrank.com']) expect(await readPage(world, host, '/')).toContain('No page');
  } finally {
    await world.close();
  }
  await expect(access(world.certificate.certPath)).rejects.toThrow('ENOENT');
  for (const url of controls) await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('the ATSs answer with the date of their own clock', async () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const { urls, close } = await startWorld({ now: () => now });
  try {
    for (const url of [`${urls.greenhouseApi}/v3/applications`, `${urls.leverApi}/stages`])
      expect((await fetch(url)).headers.get('date')).toBe('Sat, 21 Nov 2026 12:00:00 GMT');
  } finally {
    await close();
  }
});

test('all simulators write one journal, which the start page shows from any point on', async () => {
  const world = await startWorld();
  try {
    const before = world.journal.list().length;
    await readPage(world, 'byteboard.dev', '/i/1');
    world.coderbyte.play.invite({ assessmentId: world.seeds.coderbyte.seniorSwe, email: 'ada@example.com' });
    const rows: unknown = await (await fetch(`${world.urls.control}/journal?after=${before}`)).json();
    expect(rows).toMatchObject([{ simulator: 'byteboard' }, { simulator: 'coderbyte', kind: 'mail' }, { what: 'invite' }]);
  } finally {
    await world.close();
  }
});

test('the other vendors are there when they are asked for', async () => {
  const partner = { basePath: toAdafacePath('northwind') };
  const world = await startWorld({ hackerrank: {}, codesignal: {}, partner });
  try {
    const { vendorApis, controls } = world.urls;
    const addresses = [`${vendorApis.hackerrank}/tests`, `${vendorApis.partner}/list_tests`];
    for (const address of addresses) expect((await fetch(address)).status, address).toBe(401);
    expect((await fetch(`${vendorApis.codesignal}`, { method: 'POST', body: '{}' })).status).toBe(401);
    const authorization = `Basic ${btoa(`${world.partner?.apiKey()}:`)}`;
    const tests: unknown = await (await fetch(addresses[1] ?? '', { headers: { authorization } })).json();
    expect(tests).toContainEqual({ partner_test_id: world.seeds.partner?.java, partner_test_name: 'Java developer' });
    for (const url of [controls.hackerrank, controls.codesignal, controls.partner]) {
      expect((await fetch(url ?? '')).status).toBe(200);
    }
    for (const host of ['www.hackerrank.com', 'app.codesignal.com', 'app.adaface.com'])
      expect(await readPage(world, host, '/')).toContain('Open the link of your invitation');
    expect(world.testHosts.split(',')).toHaveLength(7);
    await world.settle();
  } finally {
    await world.close();
  }
});

test('what was started is stopped again when a port is taken', async () => {
  const world = await startWorld();
  try {
    const taken = { controlPort: Number(new URL(world.urls.control).port) };
    await expect(startWorld(taken)).rejects.toThrow('EADDRINUSE');
  } finally {
    await world.close();
  }
});

/** As a browser does it: by name, over https, trusting the world's own certificate where that has the name. */
function readPage({ httpsPort, certificate, pageHosts }: World, host: string, path: string): Promise<string> {
  const servername = pageHosts.includes(host) ? host : pageHosts[0];
  return new Promise((resolve, reject) => {
    const how = { host: '127.0.0.1', port: httpsPort, path, ca: certificate.cert, servername, headers: { Host: host } };
    const call = httpsRequest(how, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    call.on('error', reject);
    call.end();
  });
}
