import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ByteboardSimulator, createByteboardSimulator } from './byteboard/index.ts';
import { type CoderbyteSimulator, type CoderbyteSimulatorOptions, createCoderbyteSimulator } from './coderbyte/index.ts';
import type { SeededOrganization } from './coderbyte/seed.ts';
import { makeCertificate } from './frame/certificate.ts';
import { Journal } from './frame/journal.ts';
import { type ServedSimulator, serveSimulator } from './frame/serve.ts';
import { createGreenhouseSimulator, type GreenhouseSimulator } from './greenhouse/greenhouse-simulator.ts';
import type { SeedIds } from './greenhouse/seed.ts';
import type { GreenhouseSettings } from './greenhouse/settings.ts';
import { createLeverSimulator, type LeverSimulator } from './lever/index.ts';
import type { SeededCompany } from './lever/seed.ts';
import type { LeverSettings } from './lever/world.ts';
import { createMailSimulator, type MailSimulator } from './mail/index.ts';
import {
  createMoreVendors,
  MORE_PAGE_HOSTS,
  type MoreSeeds,
  type MoreVendorOptions,
  type MoreVendors,
  seedMoreVendors,
  toApiPath,
} from './more-vendors.ts';
import { createWorldControl } from './world-control.ts';

export interface WorldOptions extends MoreVendorOptions {
  now?: () => Date;
  /** 0 or none: any free one. */
  pagesPort?: number;
  controlPort?: number;
  greenhouse?: Partial<GreenhouseSettings>;
  lever?: Partial<LeverSettings>;
  coderbyte?: CoderbyteSimulatorOptions['settings'];
  mailAuth?: { user: string; pass: string };
  /** How long both ATSs think about each call, in milliseconds; asked for every call. */
  atsThinksMs?: () => number;
}

/** Everything outside our own server, on this machine: both ATSs, the vendors and a mail server, with a company in each. */
export interface World extends MoreVendors {
  journal: Journal;
  greenhouse: GreenhouseSimulator;
  lever: LeverSimulator;
  coderbyte: CoderbyteSimulator;
  byteboard: ByteboardSimulator;
  mail: MailSimulator;
  seeds: { greenhouse: SeedIds; lever: SeededCompany; coderbyte: SeededOrganization } & MoreSeeds;
  urls: {
    /** Also Greenhouse's token endpoint. */
    greenhouseApi: string;
    /** With /v1 at the end. */
    leverApi: string;
    coderbyteApi: string;
    /** The base addresses of those vendors that were asked for, with the path that belongs to them. */
    vendorApis: Partial<Record<keyof MoreVendors, string>>;
    smtp: string;
    /** The start page of everything that can be played. */
    control: string;
    controls: Record<'greenhouse' | 'lever' | 'coderbyte' | 'byteboard' | 'mail', string> &
      Partial<Record<keyof MoreVendors, string>>;
  };
  /** For the server's TEST_HOSTS. */
  testHosts: string;
  /** 127.0.0.1, https: answers for every name of `pageHosts`. */
  httpsPort: number;
  pageHosts: readonly string[];
  /** Chromium's --host-resolver-rules: the page hosts lead here, everything else nowhere. */
  hostResolverRules: string;
  /** PEM texts, and the certificate as a file that is gone after `close`. */
  certificate: { key: string; cert: string; certPath: string };
  /** Everything that is on its way has arrived. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const PAGE_HOSTS = {
  // The last is a company's own address, as it gets with single sign-on.
  greenhouse: ['app.greenhouse.io', 'app2.greenhouse.io', 'app.eu.greenhouse.io', 'northwind.greenhouse.io'],
  lever: ['hire.lever.co', 'hire.sandbox.lever.co', 'hire.eu.lever.co'],
  coderbyte: ['coderbyte.com'],
  byteboard: ['byteboard.dev', 'client.byteboard.dev'],
} as const;
const ALL_PAGE_HOSTS = Object.values(PAGE_HOSTS).flat();

/** Starts all simulators on free ports of 127.0.0.1 and plants a company in each. What was started before a failure is stopped again. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const stack = new AsyncDisposableStack();
  try {
    const world = await startParts(options, stack);
    const whole = stack.move();
    return { ...world, close: () => whole.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function startParts(options: WorldOptions, stack: AsyncDisposableStack): Promise<Omit<World, 'close'>> {
  const now = options.now ?? (() => new Date());
  const journal = new Journal(now);
  const mail = await createMailSimulator({ now, journal, auth: options.mailAuth });
  stack.defer(() => mail.close());
  const frame = { now, journal, schedule: scheduler(stack) };
  const more = await createMoreVendors(options, frame);
  const simulators = { ...createSimulators(options, frame), mail };
  const { greenhouse, lever, coderbyte, byteboard } = simulators;
  const seeds = { greenhouse: greenhouse.seed(), lever: lever.seed(), coderbyte: coderbyte.seed(), ...seedMoreVendors(more) };

  const serve = async (app: Parameters<typeof serveSimulator>[0], how?: Parameters<typeof serveSimulator>[1]) => {
    const served = await serveSimulator(app, how);
    stack.defer(() => served.close());
    return served;
  };
  const [greenhouseApi, leverApi, coderbyteApi] = [
    await serve(dated(thoughtful(greenhouse.api, options.atsThinksMs), now)),
    await serve(dated(thoughtful(lever.api, options.atsThinksMs), now)),
    await serve(coderbyte.api),
  ];
  const { vendorApis, vendorHosts, vendorControls } = await serveMoreVendors(more, serve);
  const controls = { ...(await serveControls(simulators, serve)), ...vendorControls };
  const pageHosts = [...ALL_PAGE_HOSTS, ...namesOf(more).map((name) => MORE_PAGE_HOSTS[name])];
  const certificate = await makeCertificateFile(stack, pageHosts);
  const pages = await serve({ fetch: toPages(simulators, more) }, { port: options.pagesPort, https: certificate });
  const control = await serve(createWorldControl({ journal, controls, candidatePages: CANDIDATE_PAGES }), {
    port: options.controlPort,
  });

  const hosts = [greenhouseApi.port, leverApi.port, coderbyteApi.port, mail.port].map((port) => `127.0.0.1:${port}`);
  const rules = pageHosts.map((host) => `MAP ${host}:443 127.0.0.1:${pages.port}`);
  return {
    ...simulators,
    ...more,
    journal,
    seeds,
    urls: {
      greenhouseApi: greenhouseApi.url,
      leverApi: `${leverApi.url}/v1`,
      coderbyteApi: coderbyteApi.url,
      vendorApis,
      smtp: mail.url,
      control: control.url,
      controls,
    },
    testHosts: [...hosts, ...vendorHosts].join(','),
    httpsPort: pages.port,
    pageHosts,
    hostResolverRules: [...rules, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(','),
    certificate,
    settle: async () => {
      await Promise.all([greenhouse, lever, coderbyte, byteboard, ...vendorsOf(more)].map((one) => one.settle()));
    },
  };
}

/** The same answers, each after a time. */
function thoughtful(
  api: Simulators['lever']['api'],
  thinksMs: WorldOptions['atsThinksMs'],
): Parameters<typeof serveSimulator>[0] {
  if (!thinksMs) return api;
  return {
    async fetch(request) {
      await pause(thinksMs());
      return await api.fetch(request);
    },
  };
}

/** Each answer bears the time of the ATS's clock, which is `now` and not this machine's: our server goes by it. */
function dated(api: Parameters<typeof serveSimulator>[0], now: () => Date): Parameters<typeof serveSimulator>[0] {
  return {
    async fetch(request, ...rest) {
      const answer = await api.fetch(request, ...rest);
      answer.headers.set('date', now().toUTCString());
      return answer;
    },
  };
}

const CANDIDATE_PAGES = {
  Greenhouse: 'https://app.greenhouse.io/people',
  Lever: 'https://hire.lever.co/candidates',
};

interface Frame {
  now: () => Date;
  journal: Journal;
  schedule: (delayMs: number, run: () => void) => void;
}

function createSimulators(options: WorldOptions, { schedule, ...frame }: Frame) {
  return {
    greenhouse: createGreenhouseSimulator({ ...frame, schedule, settings: options.greenhouse }),
    // Our own server is on this machine too, without a certificate.
    lever: createLeverSimulator({ ...frame, settings: { allowHttpWebhooks: true, ...options.lever } }),
    coderbyte: createCoderbyteSimulator({ ...frame, settings: options.coderbyte }),
    byteboard: createByteboardSimulator(frame),
  };
}

type Simulators = ReturnType<typeof createSimulators> & { mail: MailSimulator };

/** Each on a port of its own, because their forms lead to the root of the site. */
async function serveControls(simulators: Simulators, serve: (app: Simulators['lever']['control']) => Promise<ServedSimulator>) {
  const urlOf = async (name: keyof Simulators) => (await serve(simulators[name].control)).url;
  return {
    greenhouse: await urlOf('greenhouse'),
    lever: await urlOf('lever'),
    coderbyte: await urlOf('coderbyte'),
    byteboard: await urlOf('byteboard'),
    mail: await urlOf('mail'),
  };
}

const namesOf = (more: MoreVendors) => Object.keys(more) as (keyof MoreVendors)[];
const vendorsOf = (more: MoreVendors) => namesOf(more).flatMap((name) => more[name] ?? []);

/** API and control page of each vendor that was asked for. */
async function serveMoreVendors(more: MoreVendors, serve: (app: Simulators['lever']['api']) => Promise<ServedSimulator>) {
  const vendorApis: Partial<Record<keyof MoreVendors, string>> = {};
  const vendorControls: typeof vendorApis = {};
  const vendorHosts: string[] = [];
  for (const simulator of vendorsOf(more)) {
    const api = await serve(simulator.api);
    vendorHosts.push(`127.0.0.1:${api.port}`);
    vendorApis[simulator.name] = api.url + toApiPath(simulator);
    vendorControls[simulator.name] = (await serve(simulator.control)).url;
  }
  return { vendorApis, vendorHosts, vendorControls };
}

/** One origin for all page hosts: the host name says whose page is wanted. */
function toPages(simulators: Omit<Simulators, 'mail'>, more: MoreVendors): (request: Request) => Response | Promise<Response> {
  const byHost = new Map<string, (request: Request) => Response | Promise<Response>>();
  for (const host of PAGE_HOSTS.greenhouse) byHost.set(host, (request) => simulators.greenhouse.pages.fetch(request));
  for (const host of PAGE_HOSTS.lever) byHost.set(host, (request) => simulators.lever.pages.fetch(request));
  for (const host of PAGE_HOSTS.coderbyte) byHost.set(host, (request) => simulators.coderbyte.pages.fetch(request));
  for (const host of PAGE_HOSTS.byteboard) byHost.set(host, (request) => simulators.byteboard.pages.fetch(request));
  for (const { name, pages } of vendorsOf(more)) byHost.set(MORE_PAGE_HOSTS[name], (request) => pages.fetch(request));
  return (request) => {
    const answer = byHost.get(new URL(request.url).hostname);
    return answer ? answer(request) : new Response('No page of the simulated world has this host name', { status: 421 });
  };
}

async function makeCertificateFile(stack: AsyncDisposableStack, hosts: readonly string[]): Promise<World['certificate']> {
  const [first, ...others] = hosts;
  const certificate = await makeCertificate([first ?? 'localhost', ...others]);
  const folder = await mkdtemp(join(tmpdir(), 'simulated-world-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const certPath = join(folder, 'cert.pem');
  await writeFile(certPath, certificate.cert);
  return { ...certificate, certPath };
}

/** Retries happen by themselves, as far as the world lives that long. */
function scheduler(stack: AsyncDisposableStack): Frame['schedule'] {
  const timers = new Set<NodeJS.Timeout>();
  stack.defer(() => {
    for (const timer of timers) clearTimeout(timer);
  });
  return (delayMs, run) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, delayMs);
    timers.add(timer);
  };
}
