import { ArrowRight, CircleAlert, CircleCheck, CircleMinus, type LucideIcon } from 'lucide-react';
import type { ConnectionView, Overview } from '../../lib/contract/settings.ts';
import { ATS_KINDS } from '../../lib/domain/ats.ts';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { Card } from './card.tsx';
import type { SetUpState } from './nav-states.ts';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import type { SectionId } from './sections.ts';
import { stateWord } from './state-badge.tsx';
import { useConnections, useOverview } from './use-settings.ts';

type Step = Overview['steps'][number];

const LOOKS: Record<SetUpState, { Icon: LucideIcon; look: string }> = {
  ready: { Icon: CircleCheck, look: 'text-good' },
  'needs-you': { Icon: CircleAlert, look: 'text-warn' },
  off: { Icon: CircleMinus, look: 'text-muted' },
};

/** The way to the first invitation, step by step, each with what is missing and the door to it. */
export function OverviewPane() {
  const overview = useOverview();
  const connections = useConnections();
  return (
    <Pane title={t('admin.section.overview')} intro={t('admin.overview.intro')}>
      <QueryView query={overview}>
        {(data) => <Checklist overview={data} connections={connections.data?.connections ?? []} />}
      </QueryView>
    </Pane>
  );
}

function Checklist({ overview, connections }: { overview: Overview; connections: readonly ConnectionView[] }) {
  const { steps, warnings } = overview;
  const open = steps.filter(({ state }) => state === 'needs-you').length;
  const aside = <span className="text-xs text-muted">{t('admin.overview.done', steps.length - open, steps.length)}</span>;
  return (
    <>
      {warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
      {open === 0 && <Notice>{t('admin.overview.complete')}</Notice>}
      <Card title={t('admin.overview.checklist')} aside={aside}>
        <ol className="-my-1 grid grid-cols-1 divide-y divide-line">
          {steps.map((step) => (
            <StepRow key={step.id} step={step} doors={doorsOf(step, connections)} />
          ))}
        </ol>
      </Card>
    </>
  );
}

function StepRow({ step: { id, state, text }, doors }: { step: Step; doors: SectionId[] }) {
  const { Icon, look } = LOOKS[state];
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 py-3">
      <Icon aria-hidden size={16} className={`mt-0.5 shrink-0 ${look}`} />
      <div className="grid min-w-48 flex-1 gap-0.5">
        <h3 className="font-medium">
          {t(`admin.step.${id}`)}{' '}
          <span className={`ms-1 text-xs font-normal ${state === 'needs-you' ? 'text-warn' : 'text-muted'}`}>
            {stateWord(state)}
          </span>
        </h3>
        <p className="max-w-[60ch] text-muted">{text}</p>
      </div>
      <div className="flex flex-wrap gap-x-4">
        {doors.map((door) => (
          <a
            key={door}
            href={`#${door}`}
            className="inline-flex h-6 items-center gap-1 rounded-sm font-medium text-accent hover:underline"
          >
            {t(`admin.section.${door}`)}
            <ArrowRight aria-hidden size={14} className="rtl:rotate-180" />
          </a>
        ))}
      </div>
    </li>
  );
}

const DOORS: Record<Exclude<Step['id'], 'ats' | 'webhooks'>, SectionId> = {
  vendor: 'vendors',
  assessment: 'assessments',
  stages: 'stages',
  reasons: 'stages',
  mail: 'mail',
  rules: 'rules',
  people: 'people',
};

/** Where a step is taken; for the ATS, where one is connected already, or both to choose from. */
function doorsOf({ id }: Step, connections: readonly ConnectionView[]): SectionId[] {
  if (id !== 'ats' && id !== 'webhooks') return [DOORS[id]];
  const used = ATS_KINDS.filter((kind) => connections.some((connection) => connection.kind === kind));
  return used.length > 0 ? used : [...ATS_KINDS];
}
