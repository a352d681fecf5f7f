import { useState } from 'react';
import type { ActivityEntry } from '../../lib/contract/activity.ts';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { formatExact } from '../ui/format-time.ts';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';

export interface ActivityEntryItemProps {
  entry: ActivityEntry;
  /** Shows all that happened to this candidate's application. */
  onFollow(applicationKey: string): void;
}

/** One entry: when, who, what, to whom, why; what was changed folded away. */
export function ActivityEntryItem({ entry, onFollow }: ActivityEntryItemProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { at, who, what, candidate, connection, why, changes, seq } = entry;
  return (
    <li className="grid grid-cols-1 gap-1 py-3 sm:grid-cols-[7rem_minmax(0,1fr)] sm:gap-x-4">
      <p className="text-muted">
        <RelativeTime at={at} as="moment" />
      </p>
      <div className="grid grid-cols-1 gap-1">
        <p className="break-words">
          <span className="font-medium">{what}</span>
          {' · '}
          <bdi>{who.name}</bdi>
          {connection && (
            <span className="text-muted">
              {' · '}
              <bdi>{connection.name}</bdi>
            </span>
          )}
        </p>
        {candidate && (
          <p className="break-words">
            <Button look="quiet" onClick={() => onFollow(candidate.applicationKey)}>
              <bdi>{candidateName(candidate)}</bdi>
            </Button>
            {candidate.job && <span className="text-muted"> · {candidate.job}</span>}
          </p>
        )}
        {why.map((sentence) => (
          <p key={sentence} dir="auto" className="max-w-[68ch] break-words text-muted">
            {sentence}
          </p>
        ))}
        {changes.length > 0 && (
          <Disclosure label={t('admin.activity.details')} isOpen={isOpen} onToggle={setIsOpen}>
            <ChangesTable changes={changes} />
            <p className="pt-2 text-xs text-muted">
              {seq === null ? t('admin.activity.fresh') : t('admin.activity.entry', String(seq))}
            </p>
          </Disclosure>
        )}
      </div>
    </li>
  );
}

function ChangesTable({ changes }: Pick<ActivityEntry, 'changes'>) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-start text-xs">
        <thead>
          <tr className="text-muted">
            {(['field', 'before', 'after'] as const).map((name) => (
              <th key={name} scope="col" className="py-1 pe-4 text-start font-medium">
                {t(`admin.activity.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {changes.map(({ field, before, after }) => (
            <tr key={field} className="border-t border-line align-top">
              <th scope="row" className="py-1 pe-4 text-start font-normal">
                {field}
              </th>
              <td dir="auto" className="py-1 pe-4 break-words whitespace-pre-wrap">
                <ChangedValue value={before} />
              </td>
              <td dir="auto" className="py-1 break-words whitespace-pre-wrap">
                <ChangedValue value={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/;

/** Times where the reader is, as they are written there; everything else as it comes. */
function ChangedValue({ value }: { value: string | null }) {
  if (value === null) return '–';
  return ISO_TIME.test(value) ? <time dateTime={value}>{formatExact(Date.parse(value))}</time> : value;
}

export function candidateName({ name, erased, hidden }: NonNullable<ActivityEntry['candidate']>): string {
  if (erased) return t('admin.activity.erased');
  if (hidden) return t('admin.activity.hidden');
  return name ?? t('admin.activity.unnamed');
}
