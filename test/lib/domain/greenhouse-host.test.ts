import { expect, test } from 'vitest';
import { GREENHOUSE_HOSTS, hostOfIds, isCompanyHost, onGreenhouseHost } from '../../../lib/domain/greenhouse-host.ts';

test("a company's own address is none of Greenhouse's", () => {
  for (const host of ['acme.greenhouse.io', 'canonical.greenhouse.io', 'a.greenhouse.io']) expect(isCompanyHost(host)).toBe(true);
  expect(GREENHOUSE_HOSTS.filter(isCompanyHost)).toEqual([]);
  for (const host of ['-acme.greenhouse.io', 'acme.eu.greenhouse.io', 'acme.greenhouse.io.evil.example', 'hire.lever.co'])
    expect(isCompanyHost(host), host).toBe(false);
});

test.each([
  [['259096501002', '273686618002'], 'app2.greenhouse.io'],
  [['163834913004', '11774665004'], 'app4.greenhouse.io'],
  [['4757233101', '4324332101'], 'app.eu.greenhouse.io'],
  [['259096501002', '273686618003'], null],
  [['259096501002'], null],
  [['90123002', '265277002'], null],
  [['17', '18'], null],
  [['259096501000', '273686618000'], null],
  [['259096501201', '273686618201'], null],
  [[], null],
])('the ids %j stand for the host %s', (ids, host) => {
  expect(hostOfIds(ids)).toBe(host);
});

test('a profile moves to another host of Greenhouse, and nowhere else', () => {
  const url = 'https://app.greenhouse.io/people/1?application_id=2';
  expect(onGreenhouseHost(url, 'acme.greenhouse.io')).toBe('https://acme.greenhouse.io/people/1?application_id=2');
  for (const host of [
    'evil.example',
    'app.greenhouse.io.evil.example',
    'boards.greenhouse.io',
    'evil.example/x?.greenhouse.io',
    '',
  ])
    expect(onGreenhouseHost(url, host), host).toBe(url);
  for (const other of ['https://hire.lever.co/candidates/1', 'http://app.greenhouse.io/people/1', 'not an address'])
    expect(onGreenhouseHost(other, 'acme.greenhouse.io')).toBe(other);
});
