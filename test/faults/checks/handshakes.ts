import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { PATHS } from '../../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../../lib/contract/settings.ts';
import type { Check } from '../../checks/check-report.ts';
import { WEBHOOK_ACTIONS } from '../../simulators/greenhouse/webhooks/actions.ts';
import { WEBHOOK_EVENTS } from '../../simulators/lever/types.ts';
import { type StillOffice, startStillOffice } from '../tools/still-office.ts';
import { lastSeq, readsSince, writesSince } from '../tools/writes.ts';

/** When an admin tries a webhook: the secret is known here already, or is not, or the connection is switched off for now. */
const SITUATIONS = ['before the secret is known', 'with the secret', 'while the connection is off'] as const;

/** S4: the try that every ATS makes when a webhook is set up. Greenhouse switches a webhook off whose ping is not answered 200. */
export const handshakes: Check = {
  id: 'S4',
  what: 'handshakes',
  async run({ say }) {
    const office = await startStillOffice();
    try {
      const { world } = office;
      let effects = 0;
      const problems: string[] = [];
      const made = { Greenhouse: 0, Lever: 0 };
      for (const situation of SITUATIONS) {
        for (const ats of ['greenhouse', 'lever'] as const) {
          const { id, webhooks } = await connectAgain(office, ats, `${ats} ${situation}`);
          for (const { id: webhookId, event, url } of webhooks) {
            if (situation !== 'before the secret is known')
              await office.company.api.call(z.unknown(), 'POST', at(PATHS.webhookSecrets, webhookId), secretFor(ats));
            if (situation === 'while the connection is off')
              await office.company.api.call(z.unknown(), 'PATCH', at(PATHS.connection, id), { enabled: false });
            // What an admin does besides, such as connecting, asks the ATS.
            const before = { rows: await countRows(office), seq: lastSeq(world) };
            const from = office.received.length;
            if (ats === 'greenhouse') await greenhousePing(office, { event, url: url ?? '' });
            else await leverTest(office, { event, url: url ?? '' });
            made[ats === 'greenhouse' ? 'Greenhouse' : 'Lever'] += 1;
            await office.crank.turn({ polls: true });
            const calls = writesSince(world, before.seq).length + readsSince(world, before.seq).length;
            effects += (await countRows(office)) - before.rows + calls;
            const [got] = office.received.slice(from);
            if (got?.status !== 200) problems.push(`${ats} ${event} ${situation}: ${got?.status ?? 'nothing came'}`);
            const seen = await lastTestOf(office, webhookId);
            if (seen === null) problems.push(`${ats} ${event} ${situation}: not recorded`);
          }
        }
      }
      for (const problem of problems.slice(0, 8)) say(problem);
      return [
        {
          id: 'S4',
          what: 'Greenhouse ping and Lever "Verify connection" for every event, before, with and after',
          asked: 'Greenhouse, Lever, CodeSignal',
          reached: `${made.Greenhouse} of Greenhouse, ${made.Lever} of Lever; CodeSignal has no adapter yet`,
          figure: `not 200 or not recorded ${problems.length}, effects ${effects}`,
          target: '0 and 0',
          met: problems.length === 0 && effects === 0 && made.Greenhouse > 0 && made.Lever > 0,
        },
      ];
    } finally {
      await office.close();
    }
  },
};

const SECRET = 'a secret as an admin would paste it';
const secretFor = (_ats: 'greenhouse' | 'lever') => ({ secret: SECRET });
const at = (path: string, id: string) => path.replace('{id}', id);

/** A second connection to the same account, so that its addresses have no secret yet. Made without a call to the ATS. */
async function connectAgain({ company, world }: StillOffice, ats: 'greenhouse' | 'lever', name: string) {
  const { urls, greenhouse, seeds } = world;
  const wanted =
    ats === 'greenhouse'
      ? {
          settings: { kind: ats, apiUrl: urls.greenhouseApi, authUrl: urls.greenhouseApi },
          secrets: { ...greenhouse.credential },
        }
      : { settings: { kind: ats, apiUrl: urls.leverApi }, secrets: { apiKey: seeds.lever.key.secret } };
  return await company.api.call(connectionViewSchema, 'POST', PATHS.connections, { name, ...wanted });
}

/** Saving a webhook pings it. */
async function greenhousePing(
  { world: { greenhouse } }: StillOffice,
  { event, url }: { event: string; url: string },
): Promise<void> {
  const action = z.enum(WEBHOOK_ACTIONS).parse(event);
  const { id } = await greenhouse.createWebhook({ action, url, secret: SECRET });
  await greenhouse.settle();
  // Nothing that happens later shall come here.
  await greenhouse.updateWebhook(id, { active: false });
}

async function leverTest({ world: { lever } }: StillOffice, { event, url }: { event: string; url: string }): Promise<void> {
  const webhook = lever.play.addWebhook({ event: z.enum(WEBHOOK_EVENTS).parse(event), url });
  webhook.signatureToken = SECRET;
  await lever.direct.verifyConnection({ webhookId: webhook.id });
  lever.play.removeWebhook({ webhookId: webhook.id });
}

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
