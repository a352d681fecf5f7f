import { useQuery } from '@tanstack/react-query';
import { type AccessReport, type AccessRequest, accessReportSchema, lastAccessReportSchema } from '../../lib/contract/access.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { SETTINGS_KEY } from './query-client.ts';
import { type Save, useSave } from './use-save.ts';

const pathOf = (id: string) => fillPath(PATHS.connectionAccess, { id });

/** What the last look at the rights of a connection found. */
export function useLastAccess(id: string) {
  const { api } = useAdmin();
  const path = pathOf(id);
  return useQuery({ queryKey: [...SETTINGS_KEY, path], queryFn: () => api.read(path, lastAccessReportSchema) });
}

/** Looks anew; its summary is read out. */
export function useAccessCheck(id: string): Save<AccessRequest, AccessReport> {
  const { api } = useAdmin();
  return useSave({
    save: (request: AccessRequest) => api.write('POST', pathOf(id), request, accessReportSchema),
    said: ({ summary }) => summary,
  });
}
