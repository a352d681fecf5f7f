import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { Settings } from 'lucide-react';
import { useState } from 'react';
import type { BackgroundProtocol } from '../../lib/contract/messages.ts';
import { Button } from '../ui/button.tsx';
import { BROWSER_CLOCK, type Clock, ClockContext } from '../ui/clock.ts';
import { Notice } from '../ui/notice.tsx';
import { StatusDot, type Tone } from '../ui/status-dot.tsx';
import { t } from '../ui/t.ts';
import type { PopupBackend, PopupSites } from './backend.ts';
import { SiteAccess } from './site-access.tsx';
import { WaitingList } from './waiting-list.tsx';

export interface PopupAppProps {
  backend: PopupBackend;
  sites: PopupSites;
  /** Held still by tests and the preview. */
  clock?: Clock;
}

type Status = ReturnType<BackgroundProtocol['getStatus']>;

/** What the toolbar's button opens: connected or not and as whom, what waits for somebody, and on which sites it may work. */
export function PopupApp({ clock = BROWSER_CLOCK, ...props }: PopupAppProps) {
  const [client] = useState(createClient);
  return (
    <QueryClientProvider client={client}>
      <ClockContext value={clock}>
        <Popup {...props} />
      </ClockContext>
    </QueryClientProvider>
  );
}

/** The popup lives for seconds: nothing is tried again by itself but the list, which is read anew while it is open. */
function createClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } });
}

function Popup({ backend, sites }: Omit<PopupAppProps, 'clock'>) {
  const { data: status, error } = useQuery({ queryKey: ['status'], queryFn: () => backend.getStatus() });
  const openSettings = () => void backend.openOptions({});
  const isConnected = status !== undefined && status.link !== 'not-connected';
  return (
    <div className="flex min-h-40 w-[340px] max-w-full flex-col bg-surface">
      <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-3">
        <img src="/icon/32.png" alt="" width={18} height={18} />
        <h1 className="me-auto font-semibold">{t('extName')}</h1>
        {status && <LinkWord link={status.link} />}
      </header>
      <main className="grid flex-1 grid-cols-1 content-start">
        {error && (
          <div className="p-3">
            <Notice tone="bad" isUrgent>
              {t('popup.noAnswer')}
            </Notice>
          </div>
        )}
        {status?.link === 'not-connected' && <Connect onConnect={openSettings} />}
        {isConnected && <WaitingList backend={backend} />}
        {status && <SiteAccess sites={sites} pageHosts={status.pageHosts} />}
      </main>
      {isConnected && (
        <footer className="flex items-center gap-2 border-t border-line bg-sunken px-3 py-1.5">
          <p className="min-w-0 flex-1 truncate text-xs text-muted">
            {status.member && <bdi>{status.member.name}</bdi>}
            {status.serverUrl && ` · ${new URL(status.serverUrl).host}`}
          </p>
          <Button look="quiet" icon={Settings} className="shrink-0" onClick={openSettings}>
            {t('popup.settings')}
          </Button>
        </footer>
      )}
    </div>
  );
}

const LINKS: Record<Status['link'], Tone> = { live: 'good', offline: 'warn', connecting: 'neutral', 'not-connected': 'warn' };

function LinkWord({ link }: { link: Status['link'] }) {
  const word = link === 'not-connected' ? t('popup.link.notConnected') : t(`popup.link.${link}`);
  return (
    <span className="flex items-center gap-1.5 text-xs text-muted">
      <StatusDot tone={LINKS[link]} />
      {word}
    </span>
  );
}

function Connect({ onConnect }: { onConnect(): void }) {
  return (
    <section className="grid grid-cols-1 justify-items-start gap-2 p-3">
      <h2 className="text-base font-semibold">{t('popup.connect.title')}</h2>
      <p className="text-muted">{t('popup.connect.text')}</p>
      <Button look="primary" onClick={onConnect}>
        {t('popup.connect.button')}
      </Button>
    </section>
  );
}
