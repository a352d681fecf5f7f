import { useState } from 'react';
import type { ErasureView } from '../../lib/contract/erasure.ts';
import { Disclosure } from '../ui/disclosure.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t, tCount } from '../ui/t.ts';

const BY = { 'ats-deleted': 'admin.erasure.by.deleted', 'ats-anonymised': 'admin.erasure.by.anonymised' } as const;

/** One erasure: when and by whose word, and what lies where Tagalong cannot reach. */
export function ErasureItem({ erasure }: { erasure: ErasureView }) {
  const [isOpen, setIsOpen] = useState(false);
  const { askedAt, finishedAt, applications, outside } = erasure;
  return (
    <li className="grid grid-cols-1 gap-1 py-2">
      <p>
        {byWhom(erasure)}
        <span className="ms-2 text-xs text-muted">
          {tCount('admin.erasure.applications', applications)}
          {' · '}
          <RelativeTime at={askedAt} />
        </span>
      </p>
      {finishedAt === null ? (
        <p role="status" className="text-xs text-muted">
          {t('admin.erasure.underWay')}
        </p>
      ) : (
        <Disclosure label={tCount('admin.erasure.outside', outside.length)} isOpen={isOpen} onToggle={setIsOpen}>
          <ul className="grid max-w-[68ch] list-disc gap-1 ps-4 text-xs">
            {outside.map(({ code, text }) => (
              <li key={`${code} ${text}`}>{text}</li>
            ))}
          </ul>
        </Disclosure>
      )}
    </li>
  );
}

/** Without a name where it follows from what an admin asked for before: nobody asks for the same twice. */
function byWhom({ askedBy, memberName, connectionName }: ErasureView): string {
  if (askedBy !== 'admin') return t(BY[askedBy], connectionName);
  return memberName === null ? t('admin.erasure.by.following') : t('admin.erasure.by.admin', memberName);
}
