import { z } from 'zod';

/**
 * The failures of a run, told again in a few lines each: who sees only the end of a long output (CI shows no more) must still see what
 * failed and why. Pure; each takes the runner's own JSON report.
 */
export interface Failure {
  what: string;
  why: string;
}

const LINES_OF_WHY = 12;

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** A file that could not be loaded has a message and no tests; it is a failure as well. */
export function failuresOfVitest(report: unknown): Failure[] {
  return vitestReport.parse(report).testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0 && assertionResults.length === 0 && message !== '') return [{ what: name, why: message }];
    return failed.map(({ fullName, failureMessages }) => ({
      what: `${name}: ${fullName}`,
      why: failureMessages?.join('\n') ?? '',
    }));
  });
}

interface Suite {
  title: string;
  specs: { title: string; file: string; tests: { status: string; results: { error?: { message?: string } | undefined }[] }[] }[];
  suites?: Suite[] | undefined;
}
const playwrightSuite: z.ZodType<Suite> = z.object({
  title: z.string(),
  specs: z.array(
    z.object({
      title: z.string(),
      file: z.string(),
      tests: z.array(
        z.object({
          status: z.string(),
          results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })),
        }),
      ),
    }),
  ),
  suites: z.array(z.lazy(() => playwrightSuite)).optional(),
});
const playwrightReport = z.object({
  suites: z.array(playwrightSuite),
  errors: z.array(z.object({ message: z.string().optional() })).default([]),
});

/** Those that passed at the second try are told too: they are no failure of the run, but of something. */
export function failuresOfPlaywright(report: unknown): Failure[] {
  const { suites, errors } = playwrightReport.parse(report);
  const all = (suite: Suite): Suite['specs'] => [...suite.specs, ...(suite.suites ?? []).flatMap(all)];
  const failed = suites.flatMap(all).flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ status, results }) => ({
        what: `${file}: ${title}${status === 'flaky' ? ' (passed at the second try)' : ''}`,
        why: results.find(({ error }) => error)?.error?.message ?? '',
      })),
  );
  return [...errors.map(({ message }) => ({ what: 'browser tests', why: message ?? '' })), ...failed];
}

const faultRows = z.array(
  z.object({
    ...{ met: z.boolean(), id: z.string(), what: z.string(), figure: z.string() },
    ...{ wrong: z.number().optional(), ofItself: z.boolean().optional(), said: z.array(z.string()).optional() },
  }),
);

export function failuresOfFaults(rows: unknown): Failure[] {
  return faultRows
    .parse(rows)
    .filter(({ met }) => !met)
    .map(({ id, what, figure, said = [] }) => ({ what: `${id} ${what}`, why: [figure, ...said].join('\n') }));
}

/**
 * The failures for which no second try may make up: something was lost, done twice, silent or wrong, and that it does not happen each time
 * makes it no better. What is left out came of the machine or of the harness: a time that was missed, too few tries in it, a check that broke
 * or was ended.
 */
export function violationsOfFaults(rows: unknown): Failure[] {
  return failuresOfFaults(
    faultRows.parse(rows).filter(({ wrong, ofItself, figure }) => wrong !== 0 && !ofItself && !figure.startsWith('broke:')),
  );
}

/** One failure as text, without colours, cut to what explains it. */
export function tell({ what, why }: Failure): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal are what is taken out.
  const lines = why.replace(/\u001b\[[0-9;]*m/g, '').split('\n');
  return [`✗ ${what}`, ...lines.filter((line) => line.trim() !== '').slice(0, LINES_OF_WHY)].join('\n    ');
}
