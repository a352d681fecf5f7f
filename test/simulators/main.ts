import { startWorld } from './world.ts';

/** Starts the simulated world alone and prints where it is. `CONTROL_PORT` and `PAGES_PORT` fix two of its ports. */
async function main(): Promise<void> {
  const portOf = (name: string) => Number(process.env[name] ?? 0);
  const vendors = { hackerrank: {}, codesignal: {}, partner: {} };
  const world = await startWorld({ ...vendors, controlPort: portOf('CONTROL_PORT'), pagesPort: portOf('PAGES_PORT') });
  const { clientId, clientSecret } = world.greenhouse.credential;
  const lines = {
    control: world.urls.control,
    'greenhouse api': `${world.urls.greenhouseApi} (client id ${clientId}, client secret ${clientSecret})`,
    'lever api': `${world.urls.leverApi} (api key ${world.seeds.lever.key.secret})`,
    'coderbyte api': `${world.urls.coderbyteApi} (organisation ${world.coderbyte.organizationId}, api key ${world.coderbyte.apiKey()})`,
    'hackerrank api': `${world.urls.vendorApis.hackerrank} (api key ${world.hackerrank?.apiKey()})`,
    'codesignal api': `${world.urls.vendorApis.codesignal} (api key ${world.codesignal?.apiKey()})`,
    'partner api': `${world.urls.vendorApis.partner} (api key ${world.partner?.apiKey()})`,
    'mail server': world.urls.smtp,
    pages: `https on 127.0.0.1:${world.httpsPort} for ${world.pageHosts.join(', ')}`,
    'chromium needs': `--ignore-certificate-errors --host-resolver-rules="${world.hostResolverRules}"`,
    'the server needs': `TEST_HOSTS=${world.testHosts}`,
  };
  for (const [name, text] of Object.entries(lines)) process.stdout.write(`${name}: ${text}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      world.close().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
