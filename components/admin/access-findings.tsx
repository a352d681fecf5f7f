import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react';
import { useState } from 'react';
import type { AccessFact, AccessReport, AccessRequest, AccessRight } from '../../lib/contract/access.ts';
import { Disclosure } from '../ui/disclosure.tsx';
import { Notice } from '../ui/notice.tsx';
import { type TextKey, t, tCount } from '../ui/t.ts';
import { AccessTrial, type AccessTrialKind } from './access-trial.tsx';
import type { Save } from './use-save.ts';

export interface AccessFindingsProps {
  report: AccessReport;
  /** How people call this ATS. */
  name: string;
  trial: AccessTrialKind;
  check: Save<AccessRequest, AccessReport>;
}

/** What was found: what has to be done first comes first, what is right is folded away. */
export function AccessFindings({ report, name, trial, check }: AccessFindingsProps) {
  const { rights, facts } = report;
  const missing = rights.filter(({ state, needed }) => state === 'missing' && needed);
  const further = rights.filter(({ state, needed }) => state === 'missing' && !needed);
  const unknown = rights.filter(({ state }) => state === 'unknown');
  const granted = rights.filter(({ state }) => state === 'granted');
  const unneeded = rights.filter(({ state }) => state === 'unneeded');
  const troubles = facts.filter(({ state }) => state === 'bad');
  const others = facts.filter(({ state }) => state !== 'bad');
  return (
    <div className="grid grid-cols-1 gap-4">
      <Summary report={report} />
      {missing.length > 0 && (
        <section className="grid grid-cols-1 gap-2">
          <h3 className="font-semibold">{t('admin.access.missing')}</h3>
          <RightList rights={missing} />
        </section>
      )}
      {troubles.map(
        ({ text }) =>
          text !== report.summary && (
            <Notice key={text} tone="warn">
              {text}
            </Notice>
          ),
      )}
      {unknown.length > 0 && (
        <section className="grid grid-cols-1 gap-2">
          <h3 className="font-semibold">{t('admin.access.unknown')}</h3>
          <RightList rights={unknown} />
          {rights.length > unknown.length && <AccessTrial kind={trial} name={name} check={check} />}
        </section>
      )}
      <Folded label="admin.access.granted" rights={granted} />
      <Folded label="admin.access.further" rights={further} />
      <Folded label="admin.access.unneeded" rights={unneeded} text={t('admin.access.unneededText', name)} />
      {others.length > 0 && <FoldedFacts facts={others} />}
    </div>
  );
}

function Summary({ report: { ok, summary, rights } }: { report: AccessReport }) {
  const isOpen = ok && rights.some(({ state, needed }) => state === 'unknown' && needed);
  const [Icon, look] = !ok ? [CircleAlert, 'text-bad'] : isOpen ? [CircleHelp, 'text-muted'] : [CircleCheck, 'text-good'];
  return (
    <p className={`flex min-w-0 items-start gap-1.5 ${look}`}>
      <Icon aria-hidden size={16} className="mt-0.5 shrink-0" />
      <span className="min-w-0 break-words">{summary}</span>
    </p>
  );
}

/** The name as it stands in the ATS, so that it can be found there; and what it is for. */
function RightList({ rights }: { rights: readonly AccessRight[] }) {
  return (
    <dl className="grid grid-cols-1 divide-y divide-line border-y border-line">
      {rights.map(({ name, purpose }) => (
        <div key={name} className="grid grid-cols-1 gap-x-4 py-1.5 sm:grid-cols-2">
          <dt className="min-w-0 font-mono text-xs leading-5 break-words select-text">{name}</dt>
          <dd className="min-w-0 text-muted">{purpose}</dd>
        </div>
      ))}
    </dl>
  );
}

interface FoldedProps {
  label: TextKey;
  rights: readonly AccessRight[];
  text?: string;
}

function Folded({ label, rights, text }: FoldedProps) {
  const [isOpen, setIsOpen] = useState(false);
  if (rights.length === 0) return null;
  return (
    <Disclosure label={tCount(label, rights.length)} isOpen={isOpen} onToggle={setIsOpen}>
      <div className="grid grid-cols-1 gap-2">
        {text && <p className="max-w-[68ch] text-muted">{text}</p>}
        <RightList rights={rights} />
      </div>
    </Disclosure>
  );
}

const FACT_LOOKS = {
  good: { Icon: CircleCheck, look: 'text-good' },
  bad: { Icon: CircleAlert, look: 'text-bad' },
  unknown: { Icon: CircleHelp, look: 'text-muted' },
} as const;

function FoldedFacts({ facts }: { facts: readonly AccessFact[] }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Disclosure label={t('admin.access.facts')} isOpen={isOpen} onToggle={setIsOpen}>
      <ul className="grid grid-cols-1 gap-1.5">
        {facts.map(({ text, state }) => {
          const { Icon, look } = FACT_LOOKS[state];
          return (
            <li key={text} className="flex min-w-0 items-start gap-1.5">
              <Icon aria-hidden size={16} className={`mt-0.5 shrink-0 ${look}`} />
              <span className="min-w-0 break-words">{text}</span>
            </li>
          );
        })}
      </ul>
    </Disclosure>
  );
}
