import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

export interface RunningServer {
  address: string;
  /** Printed while there is no admin. */
  pairingCode: string | null;
  /** All lines on its standard output so far. */
  said: string[];
  process: ChildProcess;
  /** SIGTERM, and waits for the end; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

const START_WITHIN_MS = 60_000;

/** Starts the real server as a process of its own, the way a company would, and reads the lines it prints. */
export async function startServer(options: {
  environment: Record<string, string>;
  logFile: string;
  hasAdmin?: boolean;
}): Promise<RunningServer> {
  mkdirSync(options.logFile.replace(/[^/]*$/, ''), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: 'a' });
  const child = spawn(process.execPath, startArguments(), {
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.pipe(log);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const said: string[] = [];
  const { address, pairingCode } = await readLines(child, {
    hasAdmin: options.hasAdmin === true,
    ended,
    said,
    logFile: options.logFile,
  });
  return {
    address,
    pairingCode,
    said,
    process: child,
    async stop() {
      child.kill('SIGTERM');
      return await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What `npm start` tells V8. */
export function startFlags(): string[] {
  return startArguments().filter((argument) => argument.startsWith('--'));
}

/** As `npm start` has them. */
function startArguments(): string[] {
  const { scripts } = z
    .object({ scripts: z.object({ start: z.string() }) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  const [program, ...given] = scripts.start.split(' ');
  if (program !== 'node') throw new Error('npm start does not start node');
  return given;
}

function readLines(
  child: ChildProcess,
  given: { hasAdmin: boolean; ended: Promise<number | null>; said: string[]; logFile: string },
): Promise<{ address: string; pairingCode: string | null }> {
  const { hasAdmin, ended, said, logFile } = given;
  return new Promise((resolve, reject) => {
    let address: string | null = null;
    let pairingCode: string | null = null;
    const timer = setTimeout(
      () => reject(new Error(`The server did not start within ${START_WITHIN_MS} ms; see ${logFile}`)),
      START_WITHIN_MS,
    );
    ended.then((code) => reject(new Error(`The server ended with ${code} before it was ready; see ${logFile}`)));
    if (!child.stdout) throw new Error('no standard output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      address ??= /^address: (.+)$/.exec(line)?.[1] ?? null;
      pairingCode ??= /^pairing code: (.+)$/.exec(line)?.[1] ?? null;
      if (!address || (!pairingCode && !hasAdmin)) return;
      clearTimeout(timer);
      resolve({ address, pairingCode });
    });
  });
}
