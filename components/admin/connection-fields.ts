import { PARTNER_PRESET_VALUES, PARTNER_PRESETS } from '../../lib/contract/partner-settings.ts';
import {
  type ConnectionKind,
  type ConnectionSettings,
  connectionSettingsSchema,
  type EndpointMap,
  secretNamesOf,
  vendorNameOf,
} from '../../lib/contract/settings.ts';
import { BRAND_NAMES, CODERBYTE_BRANDS, VENDOR_NAMES } from '../../lib/domain/assessment.ts';
import { ATS_NAMES } from '../../lib/domain/ats.ts';
import type { TextKey } from '../ui/t.ts';

export const KIND_NAMES: Record<ConnectionKind, string> = { ...ATS_NAMES, ...VENDOR_NAMES };

/** Every field that some kind of connection has; a form holds all of its values as text. */
export const FIELD_NAMES = [
  'name',
  'api',
  'auth',
  'clientId',
  'clientSecret',
  'apiKey',
  'setupKey',
  'serviceUserId',
  'performAs',
  'organizationId',
  'map',
  'fromStageIdSpace',
  'apiUrl',
  'authUrl',
  'audience',
  'scopes',
  'companyHosts',
  'attribution',
  'singleToken',
  'reportHosts',
  'brand',
  'commentsInNotes',
  'preset',
  'displayName',
  'baseUrl',
  'listTests',
  'sendTest',
  'testStatus',
  'callbackUrl',
  'liveInterviews',
  'tellCancelled',
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];
export type ConnectionValues = Partial<Record<FieldName, string>>;

export interface FieldKind {
  name: FieldName;
  type:
    | 'text'
    | 'secret'
    | 'map'
    | 'stage-id-space'
    | 'greenhouse-api'
    | 'lever-auth'
    | 'attribution'
    | 'yes-no'
    | 'brand'
    | 'preset';
  label: TextKey;
  hint?: TextKey;
  /** Asked only with these values; always when it is missing. */
  when?: (values: ConnectionValues) => boolean;
  mayBeEmpty?: boolean;
  /** Folded away: nobody needs it in an ordinary account. */
  isAdvanced?: boolean;
  /** Shown for one of Greenhouse's two APIs only. */
  api?: GreenhouseApi;
}

export type GreenhouseApi = Extract<ConnectionSettings, { kind: 'greenhouse' }>['api'];

const NAME: FieldKind = { name: 'name', type: 'text', label: 'admin.field.name', hint: 'admin.field.nameHint' };
const API_KEY: FieldKind = { name: 'apiKey', type: 'secret', label: 'admin.field.apiKey' };
const API_URL: FieldKind = {
  name: 'apiUrl',
  type: 'text',
  label: 'admin.field.apiUrl',
  hint: 'admin.field.urlHint',
  isAdvanced: true,
};

const ATTRIBUTION: FieldKind = {
  name: 'attribution',
  type: 'attribution',
  label: 'admin.field.attribution',
  hint: 'admin.field.attributionHint',
  isAdvanced: true,
};

const BY_OAUTH = { when: ({ auth }: ConnectionValues) => auth === 'oauth' };
const BY_KEY = { when: ({ auth }: ConnectionValues) => auth !== 'oauth' };

/** All fields of each kind, top to bottom. */
export const CONNECTION_FIELDS: Record<ConnectionKind, FieldKind[]> = {
  greenhouse: [
    NAME,
    { name: 'clientId', type: 'secret', label: 'admin.field.clientId', hint: 'admin.field.clientIdHint', api: 'v3' },
    { name: 'clientSecret', type: 'secret', label: 'admin.field.clientSecret', hint: 'admin.field.clientSecretHint', api: 'v3' },
    { ...API_KEY, hint: 'admin.field.v1KeyHint', api: 'v1' },
    { ...API_URL, hint: 'admin.field.gatewayHint', isAdvanced: false, api: 'v1' },
    { name: 'serviceUserId', type: 'text', label: 'admin.field.serviceUserId', hint: 'admin.field.serviceUserIdHint' },
    { name: 'companyHosts', type: 'text', label: 'admin.field.companyHosts', hint: 'admin.field.companyHostsHint' },
    {
      name: 'fromStageIdSpace',
      type: 'stage-id-space',
      label: 'admin.field.fromStageIdSpace',
      hint: 'admin.field.fromStageIdSpaceHint',
      isAdvanced: true,
      api: 'v3',
    },
    ATTRIBUTION,
    {
      name: 'singleToken',
      type: 'yes-no',
      label: 'admin.field.singleToken',
      hint: 'admin.field.singleTokenHint',
      isAdvanced: true,
      api: 'v3',
    },
    { ...API_URL, api: 'v3' },
    { name: 'authUrl', type: 'text', label: 'admin.field.authUrl', hint: 'admin.field.urlHint', isAdvanced: true, api: 'v3' },
    { name: 'api', type: 'greenhouse-api', label: 'admin.field.api', hint: 'admin.field.apiHint', isAdvanced: true },
  ],
  lever: [
    NAME,
    { name: 'auth', type: 'lever-auth', label: 'admin.field.auth', hint: 'admin.field.authHint' },
    { ...API_KEY, ...BY_KEY, hint: 'admin.field.leverKeyHint' },
    {
      name: 'setupKey',
      type: 'secret',
      label: 'admin.field.setupKey',
      hint: 'admin.field.setupKeyHint',
      mayBeEmpty: true,
      ...BY_KEY,
    },
    { name: 'clientId', type: 'secret', label: 'admin.field.clientId', hint: 'admin.field.leverClientHint', ...BY_OAUTH },
    { name: 'clientSecret', type: 'secret', label: 'admin.field.clientSecret', hint: 'admin.field.leverClientHint', ...BY_OAUTH },
    { name: 'performAs', type: 'text', label: 'admin.field.performAs', hint: 'admin.field.performAsHint' },
    ATTRIBUTION,
    API_URL,
    {
      name: 'authUrl',
      type: 'text',
      label: 'admin.field.authUrl',
      hint: 'admin.field.emptyUrlHint',
      mayBeEmpty: true,
      isAdvanced: true,
      ...BY_OAUTH,
    },
    {
      name: 'audience',
      type: 'text',
      label: 'admin.field.audience',
      hint: 'admin.field.emptyUrlHint',
      mayBeEmpty: true,
      isAdvanced: true,
      ...BY_OAUTH,
    },
    { name: 'scopes', type: 'text', label: 'admin.field.scopes', hint: 'admin.field.scopesHint', isAdvanced: true, ...BY_OAUTH },
  ],
  coderbyte: [
    NAME,
    { ...API_KEY, hint: 'admin.field.coderbyteKeyHint' },
    { name: 'organizationId', type: 'text', label: 'admin.field.organizationId', hint: 'admin.field.organizationIdHint' },
    { name: 'brand', type: 'brand', label: 'admin.field.brand', hint: 'admin.field.brandHint' },
    { name: 'commentsInNotes', type: 'yes-no', label: 'admin.field.commentsInNotes', hint: 'admin.field.commentsInNotesHint' },
    { name: 'map', type: 'map', label: 'admin.field.map', hint: 'admin.field.mapHint' },
    {
      name: 'reportHosts',
      type: 'text',
      label: 'admin.field.reportHosts',
      hint: 'admin.field.reportHostsHint',
      isAdvanced: true,
    },
  ],
  byteboard: [NAME],
  hackerrank: [NAME, { ...API_KEY, hint: 'admin.field.hackerrankKeyHint' }, API_URL],
  codesignal: [
    NAME,
    { ...API_KEY, hint: 'admin.field.codesignalKeyHint' },
    { name: 'liveInterviews', type: 'yes-no', label: 'admin.field.liveInterviews', hint: 'admin.field.liveInterviewsHint' },
    { name: 'tellCancelled', type: 'yes-no', label: 'admin.field.tellCancelled', hint: 'admin.field.tellCancelledHint' },
    API_URL,
  ],
  partner: [
    NAME,
    { name: 'preset', type: 'preset', label: 'admin.field.preset', hint: 'admin.field.presetHint' },
    { name: 'displayName', type: 'text', label: 'admin.field.displayName', hint: 'admin.field.displayNameHint' },
    { name: 'baseUrl', type: 'text', label: 'admin.field.baseUrl', hint: 'admin.field.baseUrlHint' },
    { ...API_KEY, hint: 'admin.field.partnerKeyHint' },
    { name: 'listTests', type: 'text', label: 'admin.field.listTests', hint: 'admin.field.pathHint', isAdvanced: true },
    { name: 'sendTest', type: 'text', label: 'admin.field.sendTest', hint: 'admin.field.pathHint', isAdvanced: true },
    { name: 'testStatus', type: 'text', label: 'admin.field.testStatus', hint: 'admin.field.pathHint', isAdvanced: true },
    { name: 'reportHosts', type: 'text', label: 'admin.field.reportHosts', hint: 'admin.field.moreHostsHint', isAdvanced: true },
    {
      name: 'callbackUrl',
      type: 'text',
      label: 'admin.field.callbackUrl',
      hint: 'admin.field.callbackUrlHint',
      mayBeEmpty: true,
      isAdvanced: true,
    },
  ],
};

/** The form as it is filled in so far: of Greenhouse the fields of the API that is chosen, of Lever those of the way to connect. */
export function fieldsFor(kind: ConnectionKind, values: ConnectionValues): FieldKind[] {
  const fits = ({ api, when }: FieldKind) => (api === undefined || api === (values.api ?? 'v3')) && (when?.(values) ?? true);
  return CONNECTION_FIELDS[kind].filter(fits);
}

/** What the form shows for a connection as it is saved; secrets are empty, since nobody gets them back. */
export function toValues(name: string, settings: ConnectionSettings): ConnectionValues {
  switch (settings.kind) {
    case 'greenhouse': {
      const { api, serviceUserId, companyHosts, fromStageIdSpace, attribution, apiUrl, authUrl } = settings;
      const singleToken = settings.singleToken ? 'yes' : 'no';
      const secrets = { clientId: '', clientSecret: '', apiKey: '' };
      return {
        name,
        api,
        ...secrets,
        serviceUserId,
        companyHosts: companyHosts.join(', '),
        fromStageIdSpace,
        attribution,
        singleToken,
        apiUrl,
        authUrl,
      };
    }
    case 'lever': {
      const { kind: _, ...rest } = settings;
      return { name, apiKey: '', setupKey: '', clientId: '', clientSecret: '', ...rest };
    }
    case 'coderbyte': {
      const { organizationId, map, reportHosts, brand } = settings;
      const commentsInNotes = settings.commentsInNotes ? 'yes' : 'no';
      return {
        name,
        apiKey: '',
        organizationId,
        brand,
        commentsInNotes,
        map: toMapText(map),
        reportHosts: reportHosts.join(', '),
      };
    }
    case 'byteboard':
      return { name };
    case 'hackerrank':
      return { name, apiKey: '', apiUrl: settings.apiUrl };
    case 'codesignal': {
      const liveInterviews = settings.liveInterviews ? 'yes' : 'no';
      const tellCancelled = settings.tellCancelled ? 'yes' : 'no';
      return { name, apiKey: '', liveInterviews, tellCancelled, apiUrl: settings.apiUrl };
    }
    case 'partner': {
      const { preset, displayName, baseUrl, paths, callbackUrl, reportHosts } = settings;
      return { name, apiKey: '', preset, displayName, baseUrl, ...paths, callbackUrl, reportHosts: reportHosts.join(', ') };
    }
  }
}

/** What people call it; a vendor may go by several names. */
export type Brand = string;

/** The names under which a new connection of this kind can be made. */
export function brandsOf(kind: ConnectionKind): [Brand, ...Brand[]] {
  if (kind === 'partner') return [PARTNER_PRESET_VALUES.adaface.name, PARTNER_PRESET_VALUES.own.name];
  return kind === 'coderbyte' ? [BRAND_NAMES.coderbyte, BRAND_NAMES.growhire] : [KIND_NAMES[kind]];
}

export function brandNameOf(settings: ConnectionSettings): Brand {
  return vendorNameOf(settings) ?? KIND_NAMES[settings.kind];
}

/** A new one of this kind, with the settings that the contract gives by itself. */
export function newValues(kind: ConnectionKind, name: Brand = KIND_NAMES[kind]): ConnectionValues {
  const brand = kind === 'coderbyte' ? CODERBYTE_BRANDS.find((known) => BRAND_NAMES[known] === name) : undefined;
  const preset = kind === 'partner' ? PARTNER_PRESETS.find((known) => PARTNER_PRESET_VALUES[known].name === name) : undefined;
  const baseUrl = preset && PARTNER_PRESET_VALUES[preset].baseUrl;
  return toValues(name, connectionSettingsSchema.parse({ kind, brand, preset, baseUrl }));
}

/**
 * The settings a form holds, and for those it has no field for what is saved. To be called when none of its fields has a problem.
 * @throws ZodError
 */
export function toSettings(kind: ConnectionKind, values: ConnectionValues, saved?: ConnectionSettings): ConnectionSettings {
  const { name: _, map, reportHosts, companyHosts, singleToken, commentsInNotes, ...others } = values;
  const { listTests, sendTest, testStatus, liveInterviews, tellCancelled, ...rest } = others;
  return connectionSettingsSchema.parse({
    ...saved,
    kind,
    ...rest,
    ...(map === undefined ? {} : { map: map.trim() ? JSON.parse(map) : undefined }),
    ...(kind === 'partner' ? { paths: { listTests, sendTest, testStatus } } : {}),
    ...(commentsInNotes === undefined ? {} : { commentsInNotes: commentsInNotes === 'yes' }),
    ...(liveInterviews === undefined ? {} : { liveInterviews: liveInterviews === 'yes' }),
    ...(tellCancelled === undefined ? {} : { tellCancelled: tellCancelled === 'yes' }),
    ...(singleToken === undefined ? {} : { singleToken: singleToken === 'yes' }),
    ...(companyHosts === undefined ? {} : { companyHosts: toHosts(companyHosts.toLowerCase()) }),
    ...(reportHosts === undefined ? {} : { reportHosts: toHosts(reportHosts) }),
  });
}

/** The secrets that were typed in; what is left empty stays as it is. */
export function toSecrets(kind: ConnectionKind, values: ConnectionValues): Record<string, string> {
  return Object.fromEntries(
    secretNamesOf(toSettings(kind, values)).flatMap((name) => {
      const value = values[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
}

/** Nothing for an empty map, which is how it is shipped. */
function toMapText(map: EndpointMap): string {
  const isEmpty = !map.baseUrl && !map.authHeader && Object.keys(map.endpoints).length === 0;
  return isEmpty ? '' : JSON.stringify(map, null, 2);
}

export function toHosts(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
