import { spawnSync } from 'node:child_process';
import { z } from 'zod';

/** Mozilla's own checker over the Firefox build. React's innerHTML assignments are the only warnings it may have. */
const report = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string() })),
  warnings: z.array(z.object({ code: z.string(), message: z.string(), file: z.string().optional() })),
});

const run = spawnSync('web-ext', ['lint', '--source-dir', '.output/firefox-mv3', '--output', 'json', '--self-hosted'], {
  encoding: 'utf8',
});
const { errors, warnings } = report.parse(JSON.parse(run.stdout));
const unexpected = warnings.filter(({ code }) => code !== 'UNSAFE_VAR_ASSIGNMENT');
for (const finding of [...errors, ...unexpected]) process.stdout.write(`${finding.code}: ${finding.message}\n`);
process.stdout.write(
  `web-ext lint: ${errors.length} errors, ${unexpected.length} unexpected warnings, ${warnings.length - unexpected.length} known ones\n`,
);
process.exitCode = errors.length + unexpected.length === 0 ? 0 : 1;
