import { RotateCcw } from 'lucide-react';
import { useRef, useState } from 'react';
import { FAILURE_STATES, type FailureView, failuresClosedSchema } from '../../lib/contract/failures.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { Card } from './card.tsx';
import { FailureItem } from './failure-item.tsx';
import { QueryView } from './query-view.tsx';
import { SelectField } from './select-field.tsx';
import { SHOWN_MOST, useFailures } from './use-failures.ts';
import { useSave } from './use-save.ts';

const PAGE = 50;

/** What failed, by state, with what can be done about each and about all. */
export function FailuresCard() {
  const { api } = useAdmin();
  const [state, setState] = useState<FailureView['state']>('open');
  const [limit, setLimit] = useState(PAGE);
  const list = useRef<HTMLDivElement>(null);
  const failures = useFailures(state, limit);
  const retryAll = useSave({
    save: () => api.write('POST', PATHS.failuresRetry, { all: true }, failuresClosedSchema),
    said: ({ message }) => message,
  });
  return (
    <Card title={t('admin.failures.title')}>
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-48">
          <SelectField
            label={t('admin.failures.show')}
            value={state}
            options={FAILURE_STATES.map((value) => ({ value, label: labelOf(value, failures.data?.counts[value]) }))}
            onChange={(value) => {
              setState(FAILURE_STATES.find((known) => known === value) ?? 'open');
              setLimit(PAGE);
            }}
          />
        </div>
        {state === 'open' && (failures.data?.items.length ?? 0) > 1 && (
          <AskFirst
            label={t('admin.failures.retryAll')}
            icon={RotateCcw}
            isBusy={retryAll.isBusy}
            confirm={t('admin.failures.retryAll')}
            failure={retryAll.failure}
            onConfirm={() => retryAll.run(undefined)}
          >
            {t('admin.failures.retryAllText')}
          </AskFirst>
        )}
      </div>
      {retryAll.answer && <p className="text-muted">{retryAll.answer.message}</p>}
      <QueryView query={failures}>
        {({ items, next }) => (
          <div ref={list} tabIndex={-1} className="grid grid-cols-1 gap-4 focus:outline-none">
            {items.length === 0 && (
              <p className="text-muted">{t(state === 'open' ? 'admin.failures.none' : 'admin.failures.noneOther')}</p>
            )}
            {items.length > 0 && (
              <ul className="grid grid-cols-1 divide-y divide-line">
                {items.map((failure) => (
                  <FailureItem key={failure.id} failure={failure} next={list} />
                ))}
              </ul>
            )}
            <MoreOf next={next} limit={limit} isBusy={failures.isFetching} onMore={() => setLimit(limit + PAGE)} />
          </div>
        )}
      </QueryView>
    </Card>
  );
}

function labelOf(state: FailureView['state'], count: number | undefined): string {
  const name = t(`admin.failures.state.${state}`);
  return count === undefined ? name : `${name} (${count})`;
}

export interface MoreOfProps {
  next: string | null;
  limit: number;
  isBusy: boolean;
  onMore(): void;
}

/** More of a list, as long as that helps anybody. */
export function MoreOf({ next, limit, isBusy, onMore }: MoreOfProps) {
  if (next === null) return null;
  if (limit >= SHOWN_MOST) return <p className="text-xs text-muted">{t('admin.failures.shownMost', SHOWN_MOST)}</p>;
  return (
    <Button look="quiet" className="justify-self-start" isBusy={isBusy} onClick={onMore}>
      {t('admin.failures.more')}
    </Button>
  );
}
