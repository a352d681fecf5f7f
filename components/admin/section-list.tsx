import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { Member } from '../../lib/domain/member.ts';
import { classNames } from '../ui/class-names.ts';
import { t, tCount } from '../ui/t.ts';
import { navStates, type SetUpState } from './nav-states.ts';
import { SECTION_ICONS, SECTION_IDS, type SectionId } from './sections.ts';
import { StateBadge } from './state-badge.tsx';
import { useConnections, useOverview } from './use-settings.ts';

export interface SectionListProps {
  shown: SectionId;
  member: Member;
  serverUrl: string;
}

/** All sections with their state; on a narrow window folded behind the name of the one that is shown. */
export function SectionList({ shown, member, serverUrl }: SectionListProps) {
  const [isOpen, setIsOpen] = useState(false);
  const overview = useOverview().data;
  const connections = useConnections().data?.connections;
  const states = overview && connections ? navStates(overview, connections) : {};
  const openFailures = overview?.openFailures ?? 0;
  return (
    <header className="border-b border-line bg-surface md:sticky md:top-0 md:flex md:h-dvh md:flex-col md:overflow-y-auto md:border-e md:border-b-0">
      <div className="flex items-center gap-2 px-4 pt-4 pb-2">
        <img src="/icon/32.png" alt="" width={20} height={20} />
        <p className="min-w-0 flex-1 truncate font-semibold">
          {t('extName')}
          {overview?.company && <span className="ms-1.5 font-normal text-muted">{overview.company}</span>}
        </p>
      </div>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls="sections"
        onClick={() => setIsOpen(!isOpen)}
        className="flex h-10 w-full items-center gap-2 px-4 text-start font-medium hover:bg-hover md:hidden"
      >
        <span className="sr-only">{t('admin.sections')}: </span>
        <span className="flex-1">{t(`admin.section.${shown}`)}</span>
        <ChevronDown aria-hidden size={16} className={classNames('text-muted', isOpen && 'rotate-180')} />
      </button>
      <nav
        id="sections"
        aria-label={t('admin.sections')}
        className={classNames('px-2 pb-2 md:block md:flex-1', !isOpen && 'hidden')}
      >
        <ul className="grid gap-px">
          {SECTION_IDS.map((id) => (
            <li key={id}>
              <SectionLink
                id={id}
                state={states[id]}
                open={id === 'failures' ? openFailures : 0}
                isShown={id === shown}
                onFollow={() => setIsOpen(false)}
              />
            </li>
          ))}
        </ul>
      </nav>
      <p className="hidden border-t border-line px-4 py-3 text-xs break-words text-muted md:block">
        <bdi className="font-medium text-ink">{member.name}</bdi>
        <br />
        {new URL(serverUrl).host}
      </p>
    </header>
  );
}

interface SectionLinkProps {
  id: SectionId;
  state: SetUpState | undefined;
  /** How much waits there. */
  open: number;
  isShown: boolean;
  onFollow(): void;
}

function SectionLink({ id, state, open, isShown, onFollow }: SectionLinkProps) {
  const Icon = SECTION_ICONS[id];
  return (
    <a
      href={`#${id}`}
      aria-current={isShown ? 'page' : undefined}
      onClick={onFollow}
      className={classNames(
        'flex min-h-8 items-center gap-2 rounded-md px-2 py-1 focus-visible:outline-offset-0',
        isShown ? 'bg-accent-soft font-medium text-accent' : 'hover:bg-hover',
      )}
    >
      <Icon aria-hidden size={16} className={classNames('shrink-0', !isShown && 'text-muted')} />
      <span className="min-w-0 flex-1">{t(`admin.section.${id}`)}</span>
      {state && <StateBadge state={state} />}
      {open > 0 && (
        <span className="shrink-0 rounded-full bg-warn-soft px-2 text-xs font-medium text-warn tabular-nums">
          {tCount('admin.state.open', open)}
        </span>
      )}
    </a>
  );
}
