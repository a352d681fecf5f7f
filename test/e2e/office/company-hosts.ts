import type { ConnectionView } from '../../../lib/contract/settings.ts';
import type { Office } from './office.ts';

/** As an admin who enters the company's own Greenhouse addresses. */
export async function setCompanyHosts({ stage }: Office, companyHosts: string[]): Promise<void> {
  const { connections } = await stage.api<{ connections: ConnectionView[] }>('GET', '/api/connections');
  const own = connections.find(({ kind }) => kind === 'greenhouse');
  await stage.api('PATCH', `/api/connections/${own?.id}`, { settings: { ...own?.settings, companyHosts } });
}
