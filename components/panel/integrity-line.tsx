import { CircleDashed, Flag, Hourglass, type LucideIcon, ShieldCheck } from 'lucide-react';
import type { ResultView } from '../../lib/contract/panel.ts';
import { classNames } from '../ui/class-names.ts';
import { t } from '../ui/t.ts';

type Integrity = ResultView['integrity'];

const SIGNS: Record<
  Integrity['status'],
  { Icon: LucideIcon; look: string; key: 'clear' | 'flagged' | 'pending' | 'notEvaluated' }
> = {
  clear: { Icon: ShieldCheck, look: 'text-muted', key: 'clear' },
  flagged: { Icon: Flag, look: 'text-warn', key: 'flagged' },
  pending: { Icon: Hourglass, look: 'text-muted', key: 'pending' },
  'not evaluated': { Icon: CircleDashed, look: 'text-muted', key: 'notEvaluated' },
};

/** Whether anything suspicious was noticed: a sign, a word, and what it was. It never decides anything by itself. */
export function IntegrityLine({ integrity }: { integrity: Integrity }) {
  const { Icon, look, key } = SIGNS[integrity.status];
  return (
    <div className="flex gap-1.5">
      <Icon aria-hidden size={14} className={classNames('mt-[3px] shrink-0', look)} />
      <div className="min-w-0">
        <p className={classNames(key === 'flagged' && 'font-medium text-warn')}>{t(`panel.integrity.${key}`)}</p>
        {integrity.signals.length > 0 && (
          <ul className="text-muted">
            {integrity.signals.map((signal) => (
              <li key={signal} dir="auto" className="break-words">
                {signal}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
