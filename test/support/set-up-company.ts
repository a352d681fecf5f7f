import { z } from 'zod';
import { type PairAnswer, pairAnswerSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  type AssessmentView,
  assessmentInputSchema,
  assessmentViewSchema,
  type ConnectionSettingsInput,
  type ConnectionView,
  checkAnswerSchema,
  connectionViewSchema,
  mailViewSchema,
  type RulesView,
  reasonsViewSchema,
  rulesSchema,
  stagesViewSchema,
  webhookViewSchema,
} from '../../lib/contract/settings.ts';
import { toPresetMap } from '../simulators/coderbyte/preset-map.ts';
import { WEBHOOK_ACTIONS } from '../simulators/greenhouse/webhooks/actions.ts';
import { WEBHOOK_EVENTS } from '../simulators/lever/types.ts';
import type { World } from '../simulators/world.ts';
import { type AdminApi, createAdminApi } from './admin-api.ts';

/** What may differ from one company to the next. */
export interface SetUpOptions {
  /** Coderbyte through the simulator's endpoint map (the default); else by link, as with an empty map. */
  coderbyteMap?: boolean;
  rules?: Partial<RulesView>;
  adminName?: string;
}

interface NewCompany extends SetUpOptions {
  /** Address of the running server, whose PUBLIC_URL has to lead to it too. */
  baseUrl: string;
  /** What the server printed at its first start. */
  pairingCode: string;
  world: World;
}

export interface Company {
  /** The admin's. */
  token: string;
  member: PairAnswer['member'];
  /** Calls the server as this admin. */
  api: AdminApi;
  connections: Record<'greenhouse' | 'lever' | 'coderbyte' | 'byteboard', ConnectionView>;
  assessments: Record<'seniorSwe' | 'backendTakeHome' | 'liveInterview', AssessmentView>;
}

/**
 * Everything an admin does once, through the HTTP API alone: pairs, connects all four systems of the world, says what stages and
 * reasons mean, puts assessments under tags, and enters addresses and secrets of webhooks on both sides. Throws with the server's
 * answer at the first step that is refused, and when a webhook's test does not arrive.
 */
export async function setUpCompany({ baseUrl, pairingCode, world, ...options }: NewCompany): Promise<Company> {
  const { token, member } = await pair(baseUrl, { code: pairingCode, name: options.adminName ?? 'Rosa Ibarra' });
  const api = createAdminApi({ baseUrl, token });
  const connections = await connectAll(api, { world, withMap: options.coderbyteMap ?? true });
  await nameStages(api, { world, connections });
  for (const { id } of [connections.greenhouse, connections.lever]) await giveReasonsMeanings(api, id);
  await api.call(mailViewSchema, 'PUT', PATHS.mail, {
    smtpUrl: world.urls.smtp,
    from: 'Northwind hiring <jobs@northwind.example>',
  });
  const assessments = await createAssessments(api, { world, connections, withMap: options.coderbyteMap ?? true });
  const rules = await api.call(rulesSchema, 'GET', PATHS.rules);
  await api.call(rulesSchema, 'PUT', PATHS.rules, { ...rules, ...options.rules });
  await setUpWebhooks(api, { world, connections });
  return { token, member, api, connections, assessments };
}

async function pair(baseUrl: string, { code, name }: { code: string; name: string }): Promise<PairAnswer> {
  const stranger = createAdminApi({ baseUrl, token: null });
  return stranger.call(pairAnswerSchema, 'POST', PATHS.pair, { code, name, device: 'Set-up' });
}

interface Settings {
  name: string;
  settings: ConnectionSettingsInput;
  secrets: Record<string, string>;
}

async function connectAll(
  api: AdminApi,
  { world, withMap }: { world: World; withMap: boolean },
): Promise<Company['connections']> {
  const { urls, greenhouse, coderbyte, seeds } = world;
  const { organizationId } = coderbyte;
  const map = withMap ? { map: toPresetMap(urls.coderbyteApi) } : {};
  const connect = (wanted: Settings) => connectAndCheck(api, wanted);
  return {
    greenhouse: await connect({
      name: 'Greenhouse',
      settings: { kind: 'greenhouse', apiUrl: urls.greenhouseApi, authUrl: urls.greenhouseApi },
      secrets: { ...greenhouse.credential },
    }),
    lever: await connect({
      name: 'Lever',
      settings: { kind: 'lever', apiUrl: urls.leverApi, performAs: seeds.lever.users.admin },
      secrets: { apiKey: seeds.lever.key.secret },
    }),
    coderbyte: await connect({
      name: 'Coderbyte',
      settings: { kind: 'coderbyte', organizationId, ...map },
      secrets: { apiKey: coderbyte.apiKey() },
    }),
    byteboard: await connect({ name: 'Byteboard', settings: { kind: 'byteboard' }, secrets: {} }),
  };
}

async function connectAndCheck(api: AdminApi, { name, settings, secrets }: Settings): Promise<ConnectionView> {
  const connection = await api.call(connectionViewSchema, 'POST', PATHS.connections, { name, settings, secrets });
  const check = await api.call(checkAnswerSchema, 'POST', at(PATHS.connectionCheck, connection.id), {});
  if (!check.ok) throw new Error(`${name} cannot be reached: ${check.message}`);
  return connection;
}

/** Greenhouse makes its stages anew for each job, so they go by name; Lever's are the same everywhere and go by id. */
async function nameStages(api: AdminApi, { world, connections }: Pick<Company, 'connections'> & { world: World }): Promise<void> {
  const byName = (stageName: string, role: string) => ({ stageId: null, stageName, role });
  const greenhouse = [byName('Assessment', 'assessment'), byName('Onsite', 'onsite'), byName('Offer', 'offer')];
  const { assessment, onsite, offer } = world.seeds.lever.stages;
  const byId = (stageId: string, role: string) => ({ stageId, stageName: null, role });
  const lever = [byId(assessment, 'assessment'), byId(onsite, 'onsite'), byId(offer, 'offer')];
  await api.call(stagesViewSchema, 'PUT', at(PATHS.stageRoles, connections.greenhouse.id), { roles: greenhouse });
  await api.call(stagesViewSchema, 'PUT', at(PATHS.stageRoles, connections.lever.id), { roles: lever });
}

/** Takes every suggestion. */
async function giveReasonsMeanings(api: AdminApi, connectionId: string): Promise<void> {
  const { reasons } = await api.call(reasonsViewSchema, 'GET', at(PATHS.reasons, connectionId));
  const meanings = reasons.flatMap(({ reasonId, name: reasonName, suggested }) =>
    suggested === null ? [] : [{ reasonId, reasonName, meaning: suggested }],
  );
  await api.call(reasonsViewSchema, 'PUT', at(PATHS.reasonMeanings, connectionId), { meanings });
}

async function createAssessments(
  api: AdminApi,
  { world, connections, withMap }: Pick<Company, 'connections'> & { world: World; withMap: boolean },
): Promise<Company['assessments']> {
  const create = (wanted: z.input<typeof assessmentInputSchema>) =>
    api.call(assessmentViewSchema, 'POST', PATHS.assessments, assessmentInputSchema.parse(wanted));
  const ids = world.seeds.coderbyte;
  const atCoderbyte = (externalId: string) => ({
    vendorConnectionId: connections.coderbyte.id,
    externalId,
    linkTemplate: withMap ? null : `https://coderbyte.com/assess/${externalId}?email={email}`,
    handover: withMap ? ('vendor e-mail' as const) : ('our e-mail' as const),
  });
  const atByteboard = {
    vendorConnectionId: connections.byteboard.id,
    externalId: 'backend-take-home',
    linkTemplate: 'https://byteboard.dev/i/{invitation}?email={email}',
    handover: 'our e-mail' as const,
  };
  const named = (name: string) => ({ name, tag: name });
  const interview = { kind: 'live interview' as const, durationMinutes: 60 };
  return {
    seniorSwe: await create({ ...named('Senior SWE'), ...atCoderbyte(ids.seniorSwe), passMark: 70, durationMinutes: 90 }),
    backendTakeHome: await create({ ...named('Backend take-home'), ...atByteboard, kind: 'take-home project' }),
    liveInterview: await create({ ...named('Live system design'), ...atCoderbyte(ids.liveInterview), ...interview }),
  };
}

async function setUpWebhooks(
  api: AdminApi,
  { world, connections }: Pick<Company, 'connections'> & { world: World },
): Promise<void> {
  for (const webhook of connections.greenhouse.webhooks) await setUpGreenhouse(api, world, webhook);
  for (const webhook of connections.lever.webhooks) await setUpLever(api, world, webhook);
  // Coderbyte signs with the API key: the addresses are all there is to enter.
  world.coderbyte.play.setWebhooks.runUnparsed(
    Object.fromEntries(connections.coderbyte.webhooks.map((webhook) => [webhook.event, urlOf(webhook)])),
  );
  for (const webhook of connections.byteboard.webhooks) {
    world.byteboard.setWebhook({ url: urlOf(webhook), secret: await makeSecret(api, webhook) });
  }
}

type Webhook = ConnectionView['webhooks'][number];

/** Our secret goes in there. A webhook whose ping fails is saved switched off. */
async function setUpGreenhouse(api: AdminApi, { greenhouse }: World, webhook: Webhook): Promise<void> {
  const action = z.enum(WEBHOOK_ACTIONS).parse(webhook.event);
  const { active } = await greenhouse.createWebhook({ action, url: urlOf(webhook), secret: await makeSecret(api, webhook) });
  if (!active) throw new Error(`Greenhouse's ping for ${action} did not get its 200`);
}

/** Their token comes in here; then the button "Verify connection". */
async function setUpLever(api: AdminApi, { lever }: World, webhook: Webhook): Promise<void> {
  const event = z.enum(WEBHOOK_EVENTS).parse(webhook.event);
  const { id, signatureToken } = lever.play.addWebhook({ event, url: urlOf(webhook) });
  await api.call(secretAddedSchema, 'POST', at(PATHS.webhookSecrets, webhook.id), { secret: signatureToken });
  const { state } = await lever.direct.verifyConnection({ webhookId: id });
  if (state !== 'delivered') throw new Error(`Lever's test of ${event} did not arrive: ${state}`);
}

const secretAddedSchema = z.object({ webhook: webhookViewSchema, secret: z.string().nullable() });

async function makeSecret(api: AdminApi, { id, event }: Webhook): Promise<string> {
  const { secret } = await api.call(secretAddedSchema, 'POST', at(PATHS.webhookSecrets, id), {});
  if (secret === null) throw new Error(`The server made no secret for ${event}`);
  return secret;
}

function urlOf({ url, event }: Webhook): string {
  if (url === null) throw new Error(`No address for ${event}: the server has to be started with PUBLIC_URL`);
  return url;
}

function at(path: string, id: string): string {
  return path.replace('{id}', id);
}
