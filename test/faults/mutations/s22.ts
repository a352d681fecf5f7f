import type { Mutation } from './mutation.ts';

export const MUTATIONS_S22: readonly Mutation[] = [
  {
    name: 'what an ATS or a vendor answered stands in the log in its own words',
    file: 'server/outbound/http.ts',
    find: '...loggableFailure(result, answered)',
    replace: '...loggableFailure(result)',
    checks: ['S22'],
  },
  {
    name: 'the paths of calls stand in the log as they are',
    file: 'server/outbound/loggable-path.ts',
    find: "segment === '' || WORD.test(segment)",
    replace: 'segment !== null',
    checks: ['S22'],
  },
  {
    name: 'the paths of requests stand in the log as they are',
    file: 'server/http/log-requests.ts',
    find: 'method: c.req.method, route,',
    replace: 'method: c.req.method, route, path: c.req.path,',
    checks: ['S22'],
  },
];
