import type { ReactNode } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import type { Member } from '../../lib/domain/member.ts';
import { t } from '../ui/t.ts';
import { Card } from './card.tsx';
import { Disconnect } from './disconnect.tsx';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import { useOverview } from './use-settings.ts';

export interface AboutPaneProps {
  serverUrl: string;
  member: Member;
  extensionVersion: string;
  onDisconnect(): Promise<void>;
}

/** Which versions run where, and this browser's own connection. */
export function AboutPane({ serverUrl, member, extensionVersion, onDisconnect }: AboutPaneProps) {
  const overview = useOverview();
  return (
    <Pane title={t('admin.section.about')} intro={t('admin.about.intro')}>
      <QueryView query={overview}>
        {({ company, publicUrl, version }) => (
          <Card title={t('admin.about.server')}>
            <Facts>
              <Fact name={t('admin.about.company')}>{company ?? t('admin.about.noCompany')}</Fact>
              <Fact name={t('admin.about.address')}>{serverUrl}</Fact>
              <Fact name={t('admin.about.publicUrl')}>{publicUrl ?? t('admin.about.noPublicUrl')}</Fact>
              <Fact name={t('admin.about.serverVersion')}>{version}</Fact>
              <Fact name={t('admin.about.api')}>
                <a
                  className="text-accent underline underline-offset-2"
                  href={new URL(PATHS.openapi, serverUrl).href}
                  target="_blank"
                  rel="noreferrer"
                >
                  {PATHS.openapi} <span className="sr-only">{t('common.newTab')}</span>
                </a>
              </Fact>
            </Facts>
          </Card>
        )}
      </QueryView>
      <Card title={t('admin.about.browser')}>
        <Facts>
          <Fact name={t('admin.about.connectedAs')}>
            <bdi>{member.name}</bdi> · {t(`admin.role.${member.role}`)}
          </Fact>
          <Fact name={t('admin.about.extensionVersion')}>{extensionVersion}</Fact>
        </Facts>
        <Disconnect onDisconnect={onDisconnect} />
      </Card>
    </Pane>
  );
}

function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[12rem_1fr]">{children}</dl>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
