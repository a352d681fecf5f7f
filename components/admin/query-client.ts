import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isCutOff } from './api-failure.ts';

/** Whether this browser is connected, and as whom. */
export const STATUS_KEY = ['status'];
/** What our own server knows; read anew after every save, since the checklist rests on all of it. */
export const SETTINGS_KEY = ['settings'];
/** What the server has to ask an ATS or a vendor for: slow and rationed, so read once per visit. */
export const OUTSIDE_KEY = ['outside'];

/**
 * The cache behind the page. Nothing is tried again by itself: the server says when it is worth it. `always`, because the
 * background and not the browser's idea of being online knows whether the server answers.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (isCutOff(error)) void client.invalidateQueries({ queryKey: STATUS_KEY });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: false, networkMode: 'always', staleTime: 10_000 },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}
