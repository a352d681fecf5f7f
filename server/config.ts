import { z } from 'zod';

/** The settings a server is started with. This file alone reads the environment. */
const configSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8787),
  HOST: z.string().default('127.0.0.1'),
  /** Where webhooks reach this server from outside, https. Without it there are no webhook addresses. */
  PUBLIC_URL: z.url().optional(),
  /** A PostgreSQL of your own; without it an embedded one is started. */
  DATABASE_URL: z.string().optional(),
  /** Where the embedded database, its socket and the master key live. */
  DATA_DIR: z.string().default('.tagalong'),
  /** 32 bytes, base64 or hex, that seal all credentials. Without it a 0600 file is made in DATA_DIR at the first start. */
  MASTER_KEY: z.string().optional(),
  /** While the master key is being changed: what was sealed under this one opens too. */
  MASTER_KEY_PREVIOUS: z.string().optional(),
  /** `web` answers people, webhooks and panels; `worker` does what happens in the background, and answers only /health, /ready and /metrics. */
  ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  /** Hosts (`name:port`, comma-separated) that may be called though they are private or not https: simulators, in-house services. */
  TEST_HOSTS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((host) => host.trim().toLowerCase())
        .filter(Boolean),
    ),
  /** The bearer with which /metrics is read, 16 characters or more; without it there is no /metrics. */
  METRICS_TOKEN: z.string().min(16).optional(),
  COMPANY: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface Config {
  port: number;
  host: string;
  publicUrl: string | null;
  databaseUrl: string | null;
  dataDir: string;
  masterKey: string | null;
  previousMasterKey: string | null;
  role: 'all' | 'web' | 'worker';
  testHosts: string[];
  metricsToken: string | null;
  company: string | null;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Reads and checks the environment; throws one error that names every wrong variable. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const parsed = configSchema.safeParse(environment);
  if (!parsed.success) {
    throw new Error(
      `These settings are wrong: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
    );
  }
  const value = parsed.data;
  return {
    port: value.PORT,
    host: value.HOST,
    publicUrl: value.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    databaseUrl: value.DATABASE_URL ?? null,
    dataDir: value.DATA_DIR,
    masterKey: value.MASTER_KEY ?? null,
    previousMasterKey: value.MASTER_KEY_PREVIOUS ?? null,
    role: value.ROLE,
    testHosts: value.TEST_HOSTS,
    metricsToken: value.METRICS_TOKEN ?? null,
    company: value.COMPANY ?? null,
    logLevel: value.LOG_LEVEL,
  };
}
