import { Check, X } from 'lucide-react';
import type { InvitationView, ResultView } from '../../lib/contract/panel.ts';
import { classNames } from '../ui/class-names.ts';
import { t } from '../ui/t.ts';
import { BreakdownList } from './breakdown-list.tsx';
import { IntegrityLine } from './integrity-line.tsx';
import { percentText, scoreText } from './score-text.ts';

export interface ResultCardProps {
  result: ResultView;
  vendorName: InvitationView['vendorName'];
}

/** What came out: score or rating, what it is made of, and what is to be known about it. */
export function ResultCard({ result, vendorName }: ResultCardProps) {
  const remarks = remarksOn(result, vendorName);
  return (
    <div className="grid grid-cols-1 gap-2.5 rounded-md bg-sunken p-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <p className="text-lg font-semibold tabular-nums">
          {scoreText(result) ?? <bdi>{result.rating ?? t('panel.result.noScore')}</bdi>}
          {showsPercent(result) && <span className="ms-2 text-sm font-normal text-muted">{percentText(result.percent)}</span>}
        </p>
        <Verdict result={result} />
      </div>
      {result.score && result.rating && <p dir="auto">{result.rating}</p>}
      {remarks.length > 0 && <p className="text-muted">{remarks.join(' · ')}</p>}
      {result.breakdown.length > 0 && <BreakdownList lines={result.breakdown} />}
      <IntegrityLine integrity={result.integrity} />
      {result.notes && (
        <p dir="auto" className="border-s-2 border-line ps-2 break-words whitespace-pre-line">
          {result.notes}
        </p>
      )}
      {result.comment && (
        <figure className="grid grid-cols-1 gap-0.5 border-s-2 border-line ps-2">
          <figcaption className="text-xs text-muted">{t('panel.result.comment', vendorName)}</figcaption>
          <blockquote dir="auto" className="break-words whitespace-pre-line">
            {result.comment}
          </blockquote>
        </figure>
      )}
    </div>
  );
}

function Verdict({ result: { status, passed, passMark, passedBasis, percent } }: { result: ResultView }) {
  if (status === 'voided') return <p className="font-medium text-warn">{t('panel.result.voided')}</p>;
  if (passed === null) return null;
  const Icon = passed ? Check : X;
  const mark =
    passMark === null || passedBasis
      ? ''
      : ` ${t('panel.result.mark', (percent === null ? null : percentText(passMark)) ?? passMark)}`;
  return (
    <p className="flex items-center gap-1">
      <Icon aria-hidden size={14} strokeWidth={2.5} className={passed ? 'text-good' : 'text-muted'} />
      <span className={classNames('font-medium', passed && 'text-good')}>
        {passed ? t('panel.result.passed') : t('panel.result.notPassed')}
      </span>
      {mark && <span className="text-muted">{mark}</span>}
    </p>
  );
}

/** "80 / 100" needs no "80 %" beside it. */
function showsPercent({ score, percent }: ResultView): boolean {
  return percent !== null && score?.max !== 100;
}

function remarksOn(result: ResultView, vendorName: string): string[] {
  const { percentile = null, seconds = null, passedBasis, revision } = result;
  return [
    revision && t(`panel.result.revised.${revision.because}`),
    result.status === 'provisional' && t('panel.result.provisional'),
    passedBasis && t(`panel.result.passedBasis.${passedBasis}`, vendorName),
    percentile !== null && t('panel.result.percentile', Math.round(percentile)),
    seconds !== null && t('panel.result.took', Math.max(1, Math.round(seconds / 60))),
    !result.verified && !result.enteredBy && t('panel.unverified', vendorName),
    result.claimedVerdict && t(result.verdict === 'up' ? 'panel.result.claimedUp' : 'panel.result.claimedDown', vendorName),
    result.timeExpired && t('panel.result.timeExpired'),
    result.enteredBy && t('panel.result.enteredBy', result.enteredBy),
  ].filter((remark) => typeof remark === 'string');
}
