import { isCompanyHost } from '../../lib/domain/greenhouse-host.ts';
import { t } from '../ui/t.ts';
import { checkEndpointMap } from './check-endpoint-map.ts';
import { type FieldKind, type FieldName, toHosts } from './connection-fields.ts';

const NAME_MAX = 120;
const DISPLAY_NAME_MAX = 60;

/** What is wrong with one field of a connection as it is typed, as a sentence; null when nothing is. */
export function checkConnectionField({ name, type, mayBeEmpty }: FieldKind, value: string, isStored: boolean): string | null {
  const text = value.trim();
  if (!text && mayBeEmpty) return null;
  if (type === 'secret') return text || isStored ? null : t('admin.problem.needed');
  return CHECKS[name]?.(text) ?? null;
}

const CHECKS: Partial<Record<FieldName, (text: string) => string | null>> = {
  name: (text) => {
    if (!text) return t('admin.problem.needed');
    return text.length > NAME_MAX ? t('admin.problem.tooLong', NAME_MAX) : null;
  },
  serviceUserId: (text) => (/^\d*$/.test(text) ? null : t('admin.problem.digits')),
  apiUrl: checkUrl,
  authUrl: checkUrl,
  reportHosts: (text) => {
    const wrong = toHosts(text).find((host) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(host));
    return wrong === undefined ? null : t('admin.problem.host', wrong);
  },
  companyHosts: (text) => {
    const wrong = toHosts(text).find((host) => !isCompanyHost(host.toLowerCase()));
    return wrong === undefined ? null : t('admin.problem.companyHost', wrong);
  },
  map: checkEndpointMap,
  baseUrl: checkUrl,
  listTests: checkPath,
  sendTest: checkPath,
  testStatus: checkPath,
  callbackUrl: (text) => (/^https:\/\/[^/]/.test(text) && URL.canParse(text) ? null : t('admin.problem.https')),
  displayName: (text) => (text.length > DISPLAY_NAME_MAX ? t('admin.problem.tooLong', DISPLAY_NAME_MAX) : null),
};

function checkPath(text: string): string | null {
  return /^\/[^\s?#]*$/.test(text) ? null : t('admin.problem.path');
}

function checkUrl(text: string): string | null {
  return /^https?:\/\/[^/]/.test(text) && URL.canParse(text) ? null : t('admin.problem.url');
}
