import { useEffect, useState } from 'react';
import type { ActivityView } from '../../lib/contract/activity.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { ActivityEntryItem } from './activity-entry.tsx';
import { ActivityExport } from './activity-export.tsx';
import { ActivityFilterFields } from './activity-filter-fields.tsx';
import { type ActivityFilters, isFiltered, NO_FILTERS } from './activity-query.ts';
import { Card } from './card.tsx';
import { CopyField } from './copy-field.tsx';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import { useActivity } from './use-activity.ts';

/** Nobody waits for a server at every letter. */
const TYPING_PAUSE_MS = 250;

/** Who did what, to whom and why: found by filters, page by page, and as a file. */
export function ActivityPane() {
  const [filters, setFilters] = useState(NO_FILTERS);
  const wanted = useSettled(filters);
  const activity = useActivity(wanted);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = activity;
  const change = (some: Partial<ActivityFilters>) => setFilters((now) => ({ ...now, ...some }));
  const first = data?.pages[0];
  return (
    <Pane title={t('admin.section.activity')} intro={t('admin.activity.intro')}>
      <Card
        title={t('admin.activity.found')}
        aside={
          isFiltered(filters) && (
            <Button look="quiet" onClick={() => setFilters(NO_FILTERS)}>
              {t('admin.activity.clear')}
            </Button>
          )
        }
      >
        <ActivityFilterFields filters={filters} actions={first?.actions ?? []} onChange={change} />
        <QueryView query={activity}>
          {({ pages }) => (
            <Found
              entries={pages.flatMap(({ entries }) => entries)}
              isFiltered={isFiltered(wanted)}
              hasOlder={hasNextPage}
              onFollow={(application) => setFilters({ ...NO_FILTERS, application })}
            />
          )}
        </QueryView>
        {hasNextPage && (
          <p>
            <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('admin.activity.more')}
            </Button>
          </p>
        )}
      </Card>
      <Card title={t('admin.activity.export')}>
        <ActivityExport filters={wanted} />
        {first?.head && (
          <div className="grid grid-cols-1 gap-1">
            <p className="text-xs font-medium text-muted">{t('admin.activity.head')}</p>
            <CopyField label={t('admin.activity.head')} text={first.head} />
            <p className="max-w-[68ch] text-xs text-muted">{t('admin.activity.headHint')}</p>
          </div>
        )}
      </Card>
    </Pane>
  );
}

interface FoundProps {
  entries: ActivityView['entries'];
  isFiltered: boolean;
  hasOlder: boolean;
  onFollow(applicationKey: string): void;
}

function Found({ entries, isFiltered, hasOlder, onFollow }: FoundProps) {
  if (entries.length === 0) return <p className="text-muted">{t(nothingFound({ isFiltered, hasOlder }))}</p>;
  return (
    <>
      <p role="status" className="text-xs text-muted">
        {t('admin.activity.count', String(entries.length))}
      </p>
      <ol className="-my-1 grid grid-cols-1 divide-y divide-line">
        {entries.map((entry) => (
          <ActivityEntryItem key={entry.id} entry={entry} onFollow={onFollow} />
        ))}
      </ol>
    </>
  );
}

/** The server ends a page early where nearly all that was found is hidden from this admin. */
function nothingFound({ isFiltered, hasOlder }: Pick<FoundProps, 'isFiltered' | 'hasOlder'>) {
  if (hasOlder) return 'admin.activity.noneYet';
  return isFiltered ? 'admin.activity.none' : 'admin.activity.empty';
}

/** What has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
