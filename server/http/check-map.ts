import { findStrayGaps } from '../../lib/contract/endpoint-gaps.ts';
import type { ConnectionSettings } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import { ApiError } from './api-error.ts';

/** An endpoint map is refused, field by field, while something stands in it that could never work. @throws ApiError `invalid` */
export function checkMap(settings: ConnectionSettings): void {
  if (settings.kind !== 'coderbyte') return;
  const details = findStrayGaps(settings.map).map(({ path, gap, known }) => ({
    path: `settings.map.${path}`,
    message: say('server.map.stray-gap', { gap, known: known.join(', ') }),
  }));
  const { baseUrl, authHeader, endpoints } = settings.map;
  if (authHeader && !authHeader.value.includes('{key}'))
    details.push({ path: 'settings.map.authHeader.value', message: say('server.map.no-key') });
  if (baseUrl === undefined && Object.keys(endpoints).length > 0)
    details.push({ path: 'settings.map.baseUrl', message: say('server.map.no-base') });
  const [first] = details;
  if (first) throw new ApiError('invalid', { message: first.message, details });
}
