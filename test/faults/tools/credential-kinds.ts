import { PATHS } from '../../../lib/contract/paths.ts';
import { connectionViewSchema, consentAddressSchema } from '../../../lib/contract/settings.ts';
import { ALL_SCOPES } from '../../simulators/greenhouse/acts/credentials.ts';
import { V1_RIGHTS } from '../../simulators/greenhouse/v1/keys.ts';
import { type LeverApiKey, type LeverPermission, RESOURCES } from '../../simulators/lever/types.ts';
import { answerConsent } from '../../support/answer-consent.ts';
import type { StillOffice } from './still-office.ts';

/** A way to connect an ATS, with the rights that its credential may have. */
export interface CredentialKind {
  name: string;
  ats: 'greenhouse' | 'lever';
  rights: readonly string[];
  /** What an admin reads who has to find it on the ATS's own pages. */
  nameOf(right: string): string;
  /** Puts this credential into the connection that the office was set up with. */
  connect(office: StillOffice): Promise<void>;
  /** Takes one right away; what comes back gives it again. */
  take(office: StillOffice, right: string): () => void;
}

const at = (path: string, id: string) => path.replace('{id}', id);

async function change({ company }: StillOffice, ats: 'greenhouse' | 'lever', settings: object, secrets: object): Promise<void> {
  await company.api.call(connectionViewSchema, 'PATCH', at(PATHS.connection, company.connections[ats].id), { settings, secrets });
}

const v3: CredentialKind = {
  name: 'Greenhouse v3',
  ats: 'greenhouse',
  rights: ALL_SCOPES,
  nameOf: (right) => right,
  connect: async () => undefined,
  take({ world: { greenhouse } }, right) {
    greenhouse.changeCredential({ scopes: ALL_SCOPES.filter((scope) => scope !== right) });
    return () => greenhouse.changeCredential({ scopes: [...ALL_SCOPES] });
  },
};

const v1: CredentialKind = {
  name: 'Greenhouse v1',
  ats: 'greenhouse',
  rights: V1_RIGHTS,
  nameOf: (right) => right,
  async connect(office) {
    const { greenhouse, urls } = office.world;
    const user = greenhouse.createUser({ firstName: 'Rosa', lastName: 'L', email: 'rosa.l@mail.example', siteAdmin: true });
    const settings = { kind: 'greenhouse', api: 'v1', apiUrl: urls.greenhouseApi, serviceUserId: `${user.id}` };
    await change(office, 'greenhouse', settings, { apiKey: greenhouse.v1Keys.create().key });
  },
  take({ world: { greenhouse } }, name) {
    const right = V1_RIGHTS.find((one) => one === name);
    if (!right) throw new Error(`no right ${name}`);
    greenhouse.v1Keys.drop(right);
    return () => greenhouse.v1Keys.grant(right);
  },
};

/** `archive_reasons:read` as the permissions page heads it: "Archive reasons: Read". */
function toBox(right: string): string {
  const [resource = '', access = ''] = right.split(':');
  const title = (words: string) => (words.charAt(0).toUpperCase() + words.slice(1)).replaceAll('_', ' ');
  return `${title(resource)}: ${title(access)}`;
}

const LEVER_RIGHTS = RESOURCES.flatMap((resource): LeverPermission[] => [`${resource}:read`, `${resource}:write`]);

function takeFromLever(keys: Iterable<LeverApiKey>, right: string): () => void {
  const before = [...keys].map((key) => ({ key, permissions: key.permissions }));
  for (const { key, permissions } of before) key.permissions = new Set([...permissions].filter((one) => one !== right));
  return () => {
    for (const { key, permissions } of before) key.permissions = permissions;
  };
}

const leverKey: CredentialKind = {
  name: 'Lever key',
  ats: 'lever',
  rights: LEVER_RIGHTS,
  nameOf: toBox,
  connect: async () => undefined,
  take: ({ world: { lever } }, right) => takeFromLever(lever.account.keys, right),
};

const leverOauth: CredentialKind = {
  name: 'Lever OAuth',
  ats: 'lever',
  rights: LEVER_RIGHTS,
  nameOf: (right) => `${right.replace('contacts', 'contact')}:admin`,
  async connect(office) {
    const { world, company, address } = office;
    const { lever, urls } = world;
    lever.direct.configure({ audience: `${urls.leverApi}/` });
    const scopes = [
      ...['offline_access', 'opportunities:write:admin', 'notes:write:admin', 'stages:read:admin', 'archive_reasons:read:admin'],
      ...['postings:read:admin', 'webhooks:write:admin', 'users:read:admin', 'confidential:access:admin'],
    ];
    const app = lever.play.registerApp({ redirectUris: [`${address}${PATHS.leverCallback}`], scopes });
    const { clientId, clientSecret } = app;
    const settings = {
      kind: 'lever',
      auth: 'oauth',
      apiUrl: urls.leverApi,
      performAs: world.seeds.lever.users.admin,
      scopes: scopes.join(' '),
    };
    await change(office, 'lever', settings, { clientId, clientSecret });
    const { url } = await company.api.call(
      consentAddressSchema,
      'POST',
      at(PATHS.connectionConsent, company.connections.lever.id),
    );
    const back = await fetch(await answerConsent(url, 'yes'));
    if (!back.ok) throw new Error(`no consent: ${await back.text()}`);
  },
  // A token lasts an hour: those that come while the right is missing lack it as well.
  take({ world: { lever } }, right) {
    const { accessTokens } = lever.account.oauth;
    const given = [
      takeFromLever(
        [...accessTokens.values()].map(({ key }) => key),
        right,
      ),
    ];
    accessTokens.set = (token, made) => {
      given.push(takeFromLever([made.key], right));
      return Map.prototype.set.call(accessTokens, token, made) as typeof accessTokens;
    };
    return () => {
      Reflect.deleteProperty(accessTokens, 'set');
      for (const giveBack of given) giveBack();
    };
  },
};

export const CREDENTIAL_KINDS: readonly CredentialKind[] = [v3, v1, leverKey, leverOauth];
