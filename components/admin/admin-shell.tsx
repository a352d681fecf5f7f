import { useEffect, useMemo, useRef, useState } from 'react';
import type { Member } from '../../lib/domain/member.ts';
import { LiveRegion } from '../ui/live-region.tsx';
import { t } from '../ui/t.ts';
import { AboutPane } from './about-pane.tsx';
import { ActivityPane } from './activity-pane.tsx';
import { createAdminApi } from './admin-api.ts';
import { AdminContext } from './admin-context.ts';
import { Question } from './ask-first.tsx';
import { AssessmentsPane } from './assessments-pane.tsx';
import { AtsPane } from './ats-pane.tsx';
import type { AdminBackend, AdminSites } from './backend.ts';
import { ErasurePane } from './erasure-pane.tsx';
import { FailuresPane } from './failures-pane.tsx';
import { MailPane } from './mail-pane.tsx';
import { OverviewPane } from './overview-pane.tsx';
import { PeoplePane } from './people-pane.tsx';
import { RulesPane } from './rules-pane.tsx';
import { SectionList } from './section-list.tsx';
import type { SectionId } from './sections.ts';
import { StagesPane } from './stages-pane.tsx';
import { useSection } from './use-section.ts';
import { useUnsavedForms } from './use-unsaved.ts';
import { VendorsPane } from './vendors-pane.tsx';

export interface AdminShellProps {
  backend: AdminBackend;
  sites: AdminSites;
  serverUrl: string;
  member: Member;
  extensionVersion: string;
  onDisconnect(): Promise<void>;
}

/** The list at the left, one pane beside it. */
export function AdminShell({ backend, sites, ...about }: AdminShellProps) {
  const [said, setSaid] = useState('');
  const { hasUnsaved, setUnsaved } = useUnsavedForms();
  const section = useSection(hasUnsaved);
  const context = useMemo(
    () => ({ api: createAdminApi(backend), sites, announce: setSaid, setUnsaved }),
    [backend, sites, setUnsaved],
  );
  const { shown, wanted } = section;
  const pane = useFocusOnChange(shown);

  useEffect(() => {
    document.title = `${t(`admin.section.${shown}`)} · ${t('admin.title')}`;
  }, [shown]);

  return (
    <AdminContext value={context}>
      <div className="min-h-dvh bg-ground md:grid md:grid-cols-[18rem_minmax(0,1fr)]">
        <SectionList shown={shown} member={about.member} serverUrl={about.serverUrl} />
        <main ref={pane} className="min-w-0 px-4 py-6 md:px-8">
          <div className="grid max-w-4xl grid-cols-1 gap-4">
            {wanted && (
              <div className="rounded-md bg-warn-soft">
                <Question
                  label={t('admin.unsaved.title')}
                  confirm={t('admin.unsaved.leave')}
                  keep={t('admin.unsaved.stay')}
                  onConfirm={section.leave}
                  onKeep={section.stay}
                >
                  {t('admin.unsaved.text', t(`admin.section.${wanted}`))}
                </Question>
              </div>
            )}
            <div key={shown}>
              <SectionPane id={shown} {...about} />
            </div>
          </div>
        </main>
      </div>
      <LiveRegion text={said} />
    </AdminContext>
  );
}

function SectionPane({ id, ...about }: { id: SectionId } & Omit<AdminShellProps, 'backend' | 'sites'>) {
  switch (id) {
    case 'overview':
      return <OverviewPane />;
    case 'greenhouse':
    case 'lever':
      return <AtsPane kind={id} />;
    case 'vendors':
      return <VendorsPane />;
    case 'assessments':
      return <AssessmentsPane />;
    case 'stages':
      return <StagesPane />;
    case 'rules':
      return <RulesPane />;
    case 'mail':
      return <MailPane />;
    case 'people':
      return <PeoplePane />;
    case 'failures':
      return <FailuresPane />;
    case 'activity':
      return <ActivityPane />;
    case 'erasure':
      return <ErasurePane />;
    case 'about':
      return <AboutPane {...about} />;
  }
}

/** Puts the focus on a pane's title when another pane is opened, so that keyboard and screen reader go on from there. */
function useFocusOnChange(shown: SectionId) {
  const pane = useRef<HTMLElement>(null);
  const before = useRef(shown);
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    pane.current?.querySelector<HTMLElement>('[data-pane-title]')?.focus();
    scrollTo({ top: 0 });
  }, [shown]);
  return pane;
}
