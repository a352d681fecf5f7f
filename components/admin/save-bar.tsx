import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';

export interface SaveBarProps {
  /** The names of the fields that differ from what is saved. */
  changed: string[];
  isBusy: boolean;
  failure: Error | null;
  /** True when the last save worked and nothing was changed since. */
  isDone: boolean;
  onDiscard(): void;
  saveText?: string;
}

/** The foot of a form: what is not saved yet, Save and Discard. Keeps in view while the form is longer than the window. */
export function SaveBar({ changed, isBusy, failure, isDone, onDiscard, saveText }: SaveBarProps) {
  if (changed.length === 0) {
    return isDone ? <p className="text-xs text-good">{t('admin.save.saved')}</p> : null;
  }
  return (
    <div className="sticky bottom-0 -mx-4 -mb-4 grid grid-cols-1 gap-2 rounded-b-md border-t border-line bg-sunken px-4 py-3">
      {failure && (
        <Notice tone="bad" isUrgent>
          {failure.message}
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <p className="me-auto min-w-0 text-xs text-muted">{t('admin.save.changed', changed.join(', '))}</p>
        <Button onClick={onDiscard} aria-disabled={isBusy || undefined}>
          {t('admin.save.discard')}
        </Button>
        <Button look="primary" type="submit" isBusy={isBusy}>
          {isBusy ? t('admin.save.saving') : (saveText ?? t('admin.save.save'))}
        </Button>
      </div>
    </div>
  );
}
