/** No step takes half of this. A browser that no longer answers would otherwise hold up the run without a word. */
const STEP_LIMIT_MS = 60_000;

/** The steps of the demo as a person reads them: what was looked for, and what was seen. Counts for the last line. */
export class CheckList {
  passed = 0;
  failed = 0;

  heading(text: string): void {
    process.stdout.write(`\n${text}\n`);
  }

  /** Runs one step; `see` answers what it saw in words, or throws. A failed step does not end the run: the next ones say more. */
  async step(what: string, see: () => Promise<string>): Promise<void> {
    try {
      const saw = await withinLimit(see);
      this.passed += 1;
      process.stdout.write(`  ✓ ${what}: ${saw}\n`);
    } catch (error) {
      this.failed += 1;
      process.stdout.write(
        `  ✗ ${what}: ${error instanceof Error ? error.message.split('\n').slice(0, 12).join('\n    ') : String(error)}\n`,
      );
    }
  }
}

/** Throws unless it is so; for what a step saw. */
export function ensure(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

async function withinLimit(see: () => Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the step did not end within ${STEP_LIMIT_MS / 1000} s`)), STEP_LIMIT_MS);
  });
  try {
    return await Promise.race([see(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
