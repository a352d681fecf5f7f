import { expect, test } from 'vitest';
import { ATS_HOSTS, atsOfHost } from '../../../lib/ats-page/hosts.ts';

test('every host of the manifest is an ATS, and company addresses of Greenhouse are too', () => {
  expect(ATS_HOSTS.map((host) => [host, atsOfHost(host)])).toEqual(
    ATS_HOSTS.map((host) => [host, host.endsWith('lever.co') ? 'lever' : 'greenhouse']),
  );
  expect(ATS_HOSTS).toHaveLength(19);
  expect(atsOfHost('canonical.greenhouse.io')).toBe('greenhouse');
  expect(atsOfHost('my-company.greenhouse.io')).toBe('greenhouse');
});

test.each([
  'boards.greenhouse.io',
  'job-boards.greenhouse.io',
  'job-boards.eu.greenhouse.io',
  'boards-api.greenhouse.io',
  'harvest.greenhouse.io',
  'harvestdocs.greenhouse.io',
  'support.greenhouse.io',
  'recruiting.cdn.greenhouse.io',
  'greenhouse.io',
  'evilgreenhouse.io',
  'app.greenhouse.io.evil.example',
  'jobs.lever.co',
  'hire.lever.co.evil.example',
  'api.lever.co',
])('%s is not a place where recruiters work', (host) => {
  expect(atsOfHost(host)).toBeNull();
});
