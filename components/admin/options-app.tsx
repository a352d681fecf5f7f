import { QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { BROWSER_CLOCK, type Clock, ClockContext } from '../ui/clock.ts';
import { t } from '../ui/t.ts';
import { useDelayed } from '../ui/use-delayed.ts';
import { AdminShell } from './admin-shell.tsx';
import type { AdminBackend, AdminSites, RequestOrigin } from './backend.ts';
import { ConnectPage } from './connect-page.tsx';
import { GatePage } from './gate-page.tsx';
import { createQueryClient, STATUS_KEY } from './query-client.ts';

export interface OptionsAppProps {
  backend: AdminBackend;
  requestOrigin: RequestOrigin;
  sites: AdminSites;
  extensionVersion: string;
  /** Held still by tests and the preview. */
  clock?: Clock;
}

/** The options page: connect first, then everything an admin sets up. Keep `backend` and `sites` the same between renders. */
export function OptionsApp({ clock = BROWSER_CLOCK, ...props }: OptionsAppProps) {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <ClockContext value={clock}>
        <Gate {...props} />
      </ClockContext>
    </QueryClientProvider>
  );
}

function Gate({ backend, requestOrigin, sites, extensionVersion }: Omit<OptionsAppProps, 'clock'>) {
  const client = useQueryClient();
  const { data: status, error, refetch, isFetching } = useQuery({ queryKey: STATUS_KEY, queryFn: () => backend.getStatus() });
  const disconnect = async () => {
    await backend.unpair();
    // What was read under the old connection is not for the next one to see.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== STATUS_KEY[0] });
    await client.resetQueries({ queryKey: STATUS_KEY });
  };
  const retry = { onRetry: () => void refetch(), isBusy: isFetching };

  if (status === undefined)
    return error ? <GatePage title={t('admin.gate.noAnswerTitle')} text={t('admin.noAnswer')} {...retry} /> : <Waiting />;
  const { link, member, serverUrl } = status;
  if (link === 'not-connected' || !member || !serverUrl) return <ConnectPage backend={backend} requestOrigin={requestOrigin} />;
  if (link === 'offline') {
    return (
      <GatePage
        title={t('admin.gate.offlineTitle')}
        text={t('admin.gate.offline', serverUrl)}
        {...retry}
        onDisconnect={disconnect}
      />
    );
  }
  if (member.role !== 'admin') {
    return (
      <GatePage
        title={t('admin.gate.notAdminTitle', member.name)}
        text={t('admin.gate.notAdmin', t(`admin.role.${member.role}`))}
        onDisconnect={disconnect}
      />
    );
  }
  return (
    <AdminShell
      backend={backend}
      sites={sites}
      serverUrl={serverUrl}
      member={member}
      extensionVersion={extensionVersion}
      onDisconnect={disconnect}
    />
  );
}

const SHOW_WAITING_AFTER_MS = 400;

function Waiting() {
  const isSlow = useDelayed(SHOW_WAITING_AFTER_MS);
  return (
    <main className="grid min-h-dvh place-items-center bg-ground p-4">
      <h1 className="sr-only">{t('extName')}</h1>
      {isSlow && (
        <p role="status" className="text-muted">
          {t('admin.loading')}
        </p>
      )}
    </main>
  );
}
