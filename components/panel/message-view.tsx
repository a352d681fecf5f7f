import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface MessageViewProps {
  icon: LucideIcon;
  title: string;
  /** What it means. */
  text: string;
  /** What can be done. */
  action?: ReactNode;
}

/** The panel when there is nothing else to show: what is the matter, what it means, one button. */
export function MessageView({ icon: Icon, title, text, action }: MessageViewProps) {
  return (
    <div className="grid justify-items-start gap-1 px-3 py-4">
      <h2 className="flex items-center gap-2 text-base font-semibold">
        <Icon aria-hidden size={16} className="text-muted" />
        {title}
      </h2>
      <p className="text-muted">{text}</p>
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}
