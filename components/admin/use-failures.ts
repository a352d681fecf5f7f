import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { deliveriesViewSchema, failuresViewSchema } from '../../lib/contract/failures.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { useAdmin } from './admin-context.ts';
import { SETTINGS_KEY } from './query-client.ts';

/** More at once than anybody reads; the newest are on top. */
export const SHOWN_MOST = 200;

/** What failed, newest first. While another page is read the one before stays. */
export function useFailures(state: string, limit: number) {
  const { api } = useAdmin();
  const path = `${PATHS.failures}?state=${state}&limit=${Math.min(limit, SHOWN_MOST)}`;
  return useQuery({
    queryKey: [...SETTINGS_KEY, path],
    queryFn: () => api.read(path, failuresViewSchema),
    placeholderData: keepPreviousData,
  });
}

/** Webhooks as received, newest first. `outcome` empty: all. */
export function useDeliveries(outcome: string, limit: number) {
  const { api } = useAdmin();
  const path = `${PATHS.deliveries}?limit=${Math.min(limit, SHOWN_MOST)}${outcome && `&outcome=${outcome}`}`;
  return useQuery({
    queryKey: [...SETTINGS_KEY, path],
    queryFn: () => api.read(path, deliveriesViewSchema),
    placeholderData: keepPreviousData,
  });
}

/** What one webhook sent, once somebody wants to see it. */
export function useDeliveryBody(id: number, isWanted: boolean) {
  const { api } = useAdmin();
  const path = `${PATHS.deliveries}?id=${id}&body=true`;
  return useQuery({
    queryKey: [...SETTINGS_KEY, path],
    queryFn: async () => (await api.read(path, deliveriesViewSchema)).items[0]?.body ?? null,
    enabled: isWanted,
  });
}
