import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { activityViewSchema } from '../../lib/contract/activity.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ActivityFilters, toQuery } from './activity-query.ts';
import { useAdmin } from './admin-context.ts';
import { SETTINGS_KEY } from './query-client.ts';

/** What happened, page by page. What was found before stays in sight while something else is looked for. */
export function useActivity(filters: ActivityFilters) {
  const { api } = useAdmin();
  return useInfiniteQuery({
    queryKey: [...SETTINGS_KEY, PATHS.activity, filters],
    queryFn: ({ pageParam }) => api.read(`${PATHS.activity}${toQuery(filters, { before: pageParam })}`, activityViewSchema),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
}
