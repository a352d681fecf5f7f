import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { PATHS } from '../../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../../lib/contract/settings.ts';
import type { Check } from '../../checks/check-report.ts';
import { WEBHOOK_ACTIONS } from '../../simulators/greenhouse/webhooks/actions.ts';
import { WEBHOOK_EVENTS } from '../../simulators/lever/types.ts';
import { type StillOffice, startStillOffice } from '../tools/still-office.ts';
import { lastSeq, readsSince, writesSince } from '../tools/writes.ts';

const SENDERS = ['greenhouse', 'lever', 'codesignal'] as const;

/** When an admin tries a webhook: the secret is known here already, or is not, or the connection is switched off for now. */
const SITUATIONS = ['before the secret is known', 'with the secret', 'while the connection is off'] as const;

/**
 * S4: the try that is made when a webhook is set up. Greenhouse switches a webhook off whose ping is not answered 200, and CodeSignal does not
 * make one whose empty post is not.
 */
export const handshakes: Check = {
  id: 'S4',
  what: 'handshakes',
  budgetMs: { full: 15_000 },
  async run({ say }) {
    const office = await startStillOffice({ world: { codesignal: {} } });
    try {
      const { world } = office;
      let effects = 0;
      const problems: string[] = [];
      const made = { greenhouse: 0, lever: 0, codesignal: 0 };
      for (const situation of SITUATIONS) {
        for (const sender of SENDERS) {
          const { id, webhooks } = await connectAgain(office, sender, `${sender} ${situation}`);
          for (const { id: webhookId, event, url } of webhooks) {
            if (situation !== 'before the secret is known')
              await office.company.api.call(z.unknown(), 'POST', at(PATHS.webhookSecrets, webhookId), { secret: SECRET });
            if (situation === 'while the connection is off')
              await office.company.api.call(z.unknown(), 'PATCH', at(PATHS.connection, id), { enabled: false });
            // What an admin does besides, such as connecting, asks the ATS.
            const before = { rows: await countRows(office), seq: lastSeq(world) };
            const from = office.received.length;
            await TRIES[sender](office, { event, url: url ?? '' });
            made[sender] += 1;
            await office.crank.turn({ polls: true });
            const calls = writesSince(world, before.seq).length + readsSince(world, before.seq).length;
            effects += (await countRows(office)) - before.rows + calls;
            const [got] = office.received.slice(from);
            if (got?.status !== 200) problems.push(`${sender} ${event} ${situation}: ${got?.status ?? 'nothing came'}`);
            const seen = await lastTestOf(office, webhookId);
            if (seen === null) problems.push(`${sender} ${event} ${situation}: not recorded`);
          }
        }
      }
      for (const problem of problems.slice(0, 8)) say(problem);
      return [
        {
          id: 'S4',
          what: 'Greenhouse ping, Lever "Verify connection" for every event, CodeSignal\'s empty post, before, with and after',
          asked: 'Greenhouse, Lever, CodeSignal',
          reached: `${made.greenhouse} of Greenhouse, ${made.lever} of Lever, ${made.codesignal} of CodeSignal`,
          figure: `not 200 or not recorded ${problems.length}, effects ${effects}`,
          target: '0 and 0',
          met: problems.length === 0 && effects === 0 && SENDERS.every((sender) => made[sender] > 0),
        },
      ];
    } finally {
      await office.close();
    }
  },
};

const SECRET = 'a secret as an admin would paste it';
const at = (path: string, id: string) => path.replace('{id}', id);

type Sender = (typeof SENDERS)[number];
type Address = { event: string; url: string };

/** A second connection to the same account, so that its addresses have no secret yet. Made without a call to the other side. */
async function connectAgain({ company, world }: StillOffice, sender: Sender, name: string) {
  const { urls, greenhouse, codesignal, seeds } = world;
  const wanted = {
    greenhouse: {
      settings: { kind: 'greenhouse', apiUrl: urls.greenhouseApi, authUrl: urls.greenhouseApi },
      secrets: { ...greenhouse.credential },
    },
    lever: { settings: { kind: 'lever', apiUrl: urls.leverApi }, secrets: { apiKey: seeds.lever.key.secret } },
    codesignal: {
      settings: { kind: 'codesignal', apiUrl: urls.vendorApis.codesignal },
      secrets: { apiKey: codesignal?.apiKey() ?? '' },
    },
  };
  return await company.api.call(connectionViewSchema, 'POST', PATHS.connections, { name, ...wanted[sender] });
}

/** Saving a webhook pings it. */
async function greenhousePing({ world: { greenhouse } }: StillOffice, { event, url }: Address): Promise<void> {
  const action = z.enum(WEBHOOK_ACTIONS).parse(event);
  const { id } = await greenhouse.createWebhook({ action, url, secret: SECRET });
  await greenhouse.settle();
  // Nothing that happens later shall come here.
  await greenhouse.updateWebhook(id, { active: false });
}

async function leverTest({ world: { lever } }: StillOffice, { event, url }: Address): Promise<void> {
  const webhook = lever.play.addWebhook({ event: z.enum(WEBHOOK_EVENTS).parse(event), url });
  webhook.signatureToken = SECRET;
  await lever.direct.verifyConnection({ webhookId: webhook.id });
  lever.play.removeWebhook({ webhookId: webhook.id });
}

/** Once with nothing and once with an empty object, of which the documentation says no more than "empty". */
async function codesignalProbe({ world: { codesignal } }: StillOffice, { url }: Address): Promise<void> {
  if (!codesignal) throw new Error('a world without CodeSignal');
  for (const probeBody of ['nothing', 'object'] as const) {
    codesignal.direct.configure({ probeBody });
    await codesignal.play.registerEndpoint({ url, events: [], secret: SECRET });
  }
}

const TRIES: Record<Sender, (office: StillOffice, address: Address) => Promise<void>> = {
  greenhouse: greenhousePing,
  lever: leverTest,
  codesignal: codesignalProbe,
};

async function lastTestOf({ server }: StillOffice, webhookId: string): Promise<unknown> {
  const { rows } = await server.services.db.execute(
    sql`select last_test_at from tagalong.webhook_endpoints where id = ${webhookId}`,
  );
  return rows[0]?.last_test_at ?? null;
}

/** Whatever a delivery could lead to with us. */
async function countRows({ server }: StillOffice): Promise<number> {
  const { rows } = await server.services.db.execute(sql`select
    (select count(*) from tagalong.deliveries) + (select count(*) from tagalong.applications) + (select count(*) from tagalong.inputs)
    + (select count(*) from tagalong.effects) + (select count(*) from tagalong.invitations) as all_rows`);
  return Number(rows[0]?.all_rows ?? Number.NaN);
}
