import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { writeWhole } from './checks/write-whole.ts';
import { toVendorRows, type VendorRow, vendorMetaSchema } from './contracts/vendor-claims.ts';

/**
 * `npm run vendors`: runs the contract suite over every adapter and prints adapter x capability x tested, as this run has found it; the
 * same as JSON in `.output/vendors.json`, which is there when the run has come to its end and not before. Fails when a test fails, or when
 * nothing was stated at all.
 */
const CONTRACTS = 'test/contracts';
const REPORT = '.output/reports/vendors.json';
const OUTPUT = '.output/vendors.json';

const reportSchema = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ status: z.string(), meta: vendorMetaSchema.default({}) })) }),
  ),
});

mkdirSync('.output/reports', { recursive: true });
for (const path of [REPORT, OUTPUT]) rmSync(path, { force: true });
const files = readdirSync(CONTRACTS)
  .map((name) => `${CONTRACTS}/${name}`)
  .filter((path) => path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('describeVendorContract('));
const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${REPORT}`];
const run = spawnSync('vitest', ['run', ...reporters, ...files], { stdio: ['ignore', 'inherit', 'inherit'] });
const { testResults } = reportSchema.parse(JSON.parse(readFileSync(REPORT, 'utf8')));
const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
const rows = toVendorRows(tests.map(({ status, meta }) => ({ passed: status === 'passed', meta })));
writeWhole(OUTPUT, rows);
process.stdout.write(`${toTable(rows)}\n${rows.filter(({ tested }) => tested).length} of ${rows.length} tested\n`);
process.exitCode = run.status === 0 && rows.length > 0 ? 0 : 1;

function toTable(all: readonly VendorRow[]): string {
  const width = (pick: (row: VendorRow) => string) => Math.max(0, ...all.map((row) => pick(row).length));
  const [vendors, capabilities] = [width(({ vendor }) => vendor), width(({ capability }) => capability)];
  return all
    .map(
      ({ vendor, capability, tested }) =>
        `${vendor.padEnd(vendors)}  ${capability.padEnd(capabilities)}  ${tested ? 'tested' : 'stated only'}`,
    )
    .join('\n');
}
