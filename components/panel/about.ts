import { t } from '../ui/t.ts';
import type { ApplicationView, PanelNotice } from './panel-commands.ts';

/** Whom a click was about. Its answer may come when somebody else is shown. */
export interface About {
  key: string;
  name: string | null;
}

export function aboutOf({ key, candidateName }: ApplicationView): About {
  return { key, name: candidateName };
}

/** The sentence for a panel that shows somebody else by now. */
export function named({ name }: About, text: string): string {
  return name ? t('panel.elsewhere.named', name, text) : t('panel.elsewhere.unnamed', text);
}

/**
 * The notice for a panel that shows somebody else by now: it names whom it means and has no buttons, since those would be
 * about the one who is shown. That the page has moved on says by itself that it is about the one before.
 */
export function noticeElsewhere(about: About, notice: PanelNotice): PanelNotice {
  if (notice.outlivesPage) return notice;
  const text = notice.retry ? t('panel.elsewhere.noAnswer') : notice.text;
  return { ...notice, text: named(about, text), mend: null, retry: null };
}
