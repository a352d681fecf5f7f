import { ENDPOINT_GAPS, ENDPOINT_NAMES, type EndpointMap } from './settings.ts';

type Endpoint = NonNullable<EndpointMap['endpoints'][keyof EndpointMap['endpoints']]>;

/** A gap that nothing can ever fill. `path` is where it stands, as in `endpoints.invite.body`. */
export interface StrayGap {
  path: string;
  gap: string;
  /** What can stand there instead. */
  known: readonly string[];
}

/** All gaps in path and body of one endpoint, in the order in which they stand there. */
export function gapsOfEndpoint(endpoint: Pick<Endpoint, 'path' | 'body'> | undefined): string[] {
  return endpoint ? [...gapsIn(endpoint.path), ...gapsIn(endpoint.body)] : [];
}

/** The gaps of a map that nothing fills: a slip of the pen that would otherwise show only when somebody is to be invited. */
export function findStrayGaps({ endpoints }: Pick<EndpointMap, 'endpoints'>): StrayGap[] {
  return ENDPOINT_NAMES.flatMap((name) => {
    const endpoint = endpoints[name];
    if (!endpoint) return [];
    const known = ENDPOINT_GAPS[name];
    const stray = (part: 'path' | 'body') =>
      gapsIn(endpoint[part])
        .filter((gap) => !known.includes(gap))
        .map((gap) => ({ path: `endpoints.${name}.${part}`, gap, known }));
    return [...stray('path'), ...stray('body')];
  });
}

/** In values only: the keys of a body are sent as they are. */
function gapsIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(/\{(\w+)\}/g)].map(([, gap = '']) => gap);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(gapsIn) : [];
}
