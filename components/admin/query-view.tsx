import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { t } from '../ui/t.ts';
import { useDelayed } from '../ui/use-delayed.ts';

/** Under this nothing is shown at all: what is quick should not flicker. */
const SHOW_WAITING_AFTER_MS = 400;

export interface QueryViewProps<T> {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}

/** What was asked for, or that it is being asked for, or why it cannot be shown, with a way to ask again. */
export function QueryView<T>({ query, children }: QueryViewProps<T>) {
  const { data, error, isFetching, refetch } = query;
  const failure = error && <LoadFailure error={error} isBusy={isFetching} onRetry={() => void refetch()} />;
  if (data === undefined) return failure ?? <LoadingCard />;
  return (
    <>
      {failure}
      {children(data)}
    </>
  );
}

export function LoadFailure({ error, isBusy, onRetry }: { error: Error; isBusy: boolean; onRetry(): void }) {
  return (
    <Notice
      tone="bad"
      isUrgent
      actions={
        <Button look="quiet" isBusy={isBusy} onClick={onRetry}>
          {t('common.tryAgain')}
        </Button>
      }
    >
      {error.message}
    </Notice>
  );
}

function LoadingCard() {
  const isSlow = useDelayed(SHOW_WAITING_AFTER_MS);
  if (!isSlow) return null;
  return (
    <div role="status" className="grid grid-cols-1 gap-3 rounded-md border border-line bg-surface p-4">
      <span className="sr-only">{t('admin.loading')}</span>
      <Skeleton className="w-1/3" />
      <Skeleton className="w-2/3" />
      <Skeleton className="w-1/2" />
    </div>
  );
}
