import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Happening } from '../../lib/contract/panel.ts';
import { Button } from '../ui/button.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { MendButton } from './mend-button.tsx';
import { Section } from './section.tsx';

const SHOWN_AT_FIRST = 5;

/** Every decision about this candidate, newest first, each with its mend. */
export function HappeningsList({ happenings }: { happenings: Happening[] }) {
  const [showsAll, setShowsAll] = useState(false);
  if (happenings.length === 0) return null;
  const newestFirst = happenings.toSorted((a, b) => b.at.localeCompare(a.at));
  const shown = showsAll ? newestFirst : newestFirst.slice(0, SHOWN_AT_FIRST);
  return (
    <Section label={t('panel.happened.title')}>
      <div className="flex h-6 items-center justify-between">
        <h3 className="text-xs font-medium text-muted">{t('panel.happened.title')}</h3>
        {newestFirst.length > SHOWN_AT_FIRST && (
          <Button look="quiet" className="text-xs" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? t('panel.happened.fewer') : t('panel.happened.all', newestFirst.length)}
          </Button>
        )}
      </div>
      <ol className="mt-1 grid gap-2">
        {shown.map((happening) => (
          <HappeningLine key={happening.id} happening={happening} />
        ))}
      </ol>
    </Section>
  );
}

function HappeningLine({ happening: { at, text, tone, mend } }: { happening: Happening }) {
  return (
    <li className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-2">
      <span className="text-xs leading-5 text-muted">
        <RelativeTime at={at} as="moment" />
      </span>
      <div className="min-w-0 break-words">
        {tone === 'attention' && (
          <TriangleAlert
            role="img"
            aria-label={t('panel.happened.attention')}
            size={13}
            className="me-1 inline-block align-[-2px] text-warn"
          />
        )}
        <bdi>{text}</bdi>
        {mend && (
          <div>
            <MendButton mend={mend} />
          </div>
        )}
      </div>
    </li>
  );
}
