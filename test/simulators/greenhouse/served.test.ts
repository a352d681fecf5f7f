import { X509Certificate } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { expect, test } from 'vitest';
import { makeCertificate } from '../frame/certificate.ts';
import { serveSimulator } from '../frame/serve.ts';
import { startCompany } from './test-company.ts';

test('pages are served over https under the ATS’s own host name, on this machine only', async () => {
  const { simulator } = await startCompany();
  const { key, cert } = await makeCertificate(['app.greenhouse.io', 'app2.greenhouse.io']);
  expect(new X509Certificate(cert).checkHost('app2.greenhouse.io')).toBe('app2.greenhouse.io');
  const served = await serveSimulator(simulator.pages, { https: { key, cert } });
  try {
    expect(served.url).toBe(`https://127.0.0.1:${served.port}`);
    expect(await getPage(served.port, cert)).toContain('Ada Lovelace');
  } finally {
    await served.close();
  }
});

test('a port that is taken is an error, not a hang', async () => {
  const { simulator } = await startCompany();
  const served = await serveSimulator(simulator.api);
  try {
    await expect(serveSimulator(simulator.api, { port: served.port })).rejects.toThrow('EADDRINUSE');
  } finally {
    await served.close();
  }
});

function getPage(port: number, ca: string): Promise<string> {
  const servername = 'app.greenhouse.io';
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/people', ca, servername, headers: { Host: servername } };
    const call = httpsRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    call.on('error', reject);
    call.end();
  });
}
