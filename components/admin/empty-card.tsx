import { ArrowRight, type LucideIcon } from 'lucide-react';
import { t } from '../ui/t.ts';
import type { SectionId } from './sections.ts';

/** Nothing here yet, why, and where it begins. */
export function EmptyCard({ icon: Icon, text, door }: { icon: LucideIcon; text: string; door: SectionId }) {
  return (
    <div className="grid justify-items-start gap-2 rounded-md border border-dashed border-edge p-6">
      <Icon aria-hidden size={20} className="text-muted" />
      <p className="max-w-[60ch]">{text}</p>
      <a href={`#${door}`} className="inline-flex items-center gap-1 rounded-sm font-medium text-accent hover:underline">
        {t(`admin.section.${door}`)}
        <ArrowRight aria-hidden size={14} className="rtl:rotate-180" />
      </a>
    </div>
  );
}
