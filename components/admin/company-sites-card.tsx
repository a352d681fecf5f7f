import { useQuery } from '@tanstack/react-query';
import type { ConnectionView } from '../../lib/contract/settings.ts';
import { AllowSite } from '../ui/allow-site.tsx';
import { t } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { Card } from './card.tsx';

/** Whether this browser lets the panel onto the company's own Greenhouse addresses, and the button that asks for it. */
export function CompanySitesCard({ connections }: { connections: readonly ConnectionView[] }) {
  const { sites } = useAdmin();
  const { data: allowed, refetch } = useQuery({ queryKey: ['company-sites'], queryFn: () => sites.companySites() });
  const all = connections.flatMap(({ settings }) => (settings.kind === 'greenhouse' ? settings.companyHosts : []));
  const hosts = [...new Set(all)];
  if (hosts.length === 0 || !allowed) return null;
  return (
    <Card title={t('admin.sites.title')} text={t('admin.sites.text')}>
      <ul className="grid grid-cols-1 gap-2">
        {hosts.map((host) => (
          <li key={host} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <span dir="ltr">{host}</span>
            {allowed.includes(host) ? (
              <span className="text-muted">{t('admin.sites.allowed')}</span>
            ) : (
              <AllowSite host={host} allow={sites.allowCompanySite} onAllowed={() => void refetch()} look="secondary" />
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
