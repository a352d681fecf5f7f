import { Skeleton } from '../ui/skeleton.tsx';
import { t } from '../ui/t.ts';
import { useDelayed } from '../ui/use-delayed.ts';

/** Quicker than this needs no sign of waiting. */
const QUIET_MS = 400;

/** The shape of a candidate while the first answer is on its way; keeps its height, so that nothing jumps. */
export function LoadingView() {
  const isShown = useDelayed(QUIET_MS);
  return (
    <div aria-busy className="h-44">
      {isShown && (
        <>
          <span className="sr-only">{t('panel.loading')}</span>
          <div className="grid grid-cols-1 gap-2 px-3 py-4">
            <Skeleton className="w-32" />
            <Skeleton className="w-52" />
          </div>
          <div className="grid grid-cols-1 gap-3 border-t border-line px-3 py-4">
            <Skeleton className="w-20" />
            <Skeleton className="h-8 w-full" />
            <Skeleton className="w-44" />
          </div>
        </>
      )}
    </div>
  );
}
