import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createProcessGauges } from '../../../server/metrics/process-gauges.ts';
import { createPrometheusMeter } from '../../../server/metrics/prometheus-meter.ts';
import { STORE_GAUGES } from '../../../server/metrics/store-readings.ts';

/** The names of a table row, with `..._oldest_seconds` written out. */
function namesIn(row: string): string[] {
  const cell = row.split('|')[1] ?? '';
  const names = [...cell.matchAll(/`([a-z_.]+)/g)].map((found) => found[1] ?? '');
  const [first = ''] = names;
  return names.map((name) => name.replace(/^\.{3}/, first.replace(/_remaining$/, '')));
}

it('every metric of ours has its row in the README, and no row is about one that does not exist', () => {
  const registry = new Registry();
  createPrometheusMeter(registry);
  createProcessGauges(registry, { version: '', role: '', pools: {}, panels: () => 0, chores: () => [] });
  const made = [...registry.getMetricsAsArray().map(({ name }) => name), ...Object.keys(STORE_GAUGES), 'tagalong_reading_up'];
  const rows = readFileSync('README.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `tagalong_'));
  expect(
    rows
      .flatMap(namesIn)
      .filter((name) => name.startsWith('tagalong_'))
      .toSorted(),
  ).toEqual(made.toSorted());
});
