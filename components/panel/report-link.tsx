import { ExternalLink } from 'lucide-react';
import { t } from '../ui/t.ts';

/** The vendor's report, in a tab of its own that learns nothing of this page. Only https, whatever was reported. */
export function ReportLink({ url }: { url: string | null }) {
  if (!url || !isHttps(url)) return null;
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className="-mx-1.5 inline-flex h-7 items-center gap-1.5 rounded-md px-1.5 font-medium text-accent hover:bg-accent-soft"
    >
      {t('panel.result.openReport')}
      <ExternalLink aria-hidden size={13} />
      <span className="sr-only">{t('common.newTab')}</span>
    </a>
  );
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
