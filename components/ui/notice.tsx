import { CircleAlert, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const LOOKS: Record<'info' | 'warn' | 'bad', { box: string; icon: string; Icon: LucideIcon }> = {
  info: { box: 'bg-sunken', icon: 'text-muted', Icon: Info },
  warn: { box: 'bg-warn-soft', icon: 'text-warn', Icon: TriangleAlert },
  bad: { box: 'bg-bad-soft', icon: 'text-bad', Icon: CircleAlert },
};

export interface NoticeProps {
  tone?: keyof typeof LOOKS;
  children: ReactNode;
  /** Its mend, or a way to put it away. */
  actions?: ReactNode;
  /** Read out as soon as it appears. */
  isUrgent?: boolean;
}

/** A sentence that deserves to be seen, with what can be done about it. */
export function Notice({ tone = 'info', children, actions, isUrgent = false }: NoticeProps) {
  const { box, icon, Icon } = LOOKS[tone];
  return (
    <div role={isUrgent ? 'alert' : undefined} className={classNames('flex gap-2 rounded-md p-2', box)}>
      <Icon aria-hidden size={16} strokeWidth={2} className={classNames('mt-0.5 shrink-0', icon)} />
      <div className="min-w-0 flex-1 break-words">
        {children}
        {actions && <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">{actions}</div>}
      </div>
    </div>
  );
}
