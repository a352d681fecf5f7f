import { Check, Circle } from 'lucide-react';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { classNames } from '../ui/class-names.ts';
import { formatExact } from '../ui/format-time.ts';
import { t } from '../ui/t.ts';
import { type LifeStep, lifeSteps } from './life-steps.ts';

/** Sent, Started, Submitted, Result: as words with a sign, in one line. */
export function InvitationSteps({ invitation }: { invitation: InvitationView }) {
  const steps = lifeSteps(invitation);
  if (!steps.some((step) => step.isDone)) return null;
  return (
    <ol aria-label={t('panel.steps.label')} className="flex flex-wrap items-center gap-y-1 text-xs">
      {steps.map((step, index) => (
        <li key={step.name} className="flex items-center" title={step.at ? formatExact(Date.parse(step.at)) : undefined}>
          {index > 0 && <span aria-hidden className={classNames('mx-1.5 h-px w-3', step.isDone ? 'bg-accent' : 'bg-line')} />}
          <Step step={step} />
        </li>
      ))}
    </ol>
  );
}

function Step({ step }: { step: LifeStep }) {
  const Icon = step.isDone ? Check : Circle;
  return (
    <span className={classNames('inline-flex items-center gap-1', step.isDone ? 'font-medium text-ink' : 'text-muted')}>
      <Icon
        aria-hidden
        size={step.isDone ? 12 : 8}
        strokeWidth={step.isDone ? 3 : 2}
        className={step.isDone ? 'text-accent' : ''}
      />
      {t(`panel.steps.${step.name}`)}
      <span className="sr-only">{step.isDone ? t('panel.steps.done') : t('panel.steps.open')}</span>
    </span>
  );
}
