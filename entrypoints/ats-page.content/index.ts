import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { namesSomebody, showsSomebodyInside } from '../../lib/ats-page/shows-somebody.ts';
import type { PageChanged } from '../../lib/contract/messages.ts';
import { createPanelFrame } from './panel-frame.ts';

/** How Application Review's head names the candidate, as public scripts of 2024 and 2025 read it; Greenhouse documents no such hook. */
const NAMED_BY = 'div[data-provides="app-review"]>header a[target="_blank"][href*="people"]';

/**
 * Shows the panel while the page shows a candidate. It knows nothing and may do nothing: who the candidate is, the
 * background reads from the tab, and asks here only where the address cannot say it. Kept tiny, because every ATS page pays for it.
 */
export default defineContentScript({
  // wxt.config.ts fills them in.
  matches: [],
  runAt: 'document_end',
  noScriptStartedPostMessage: true,
  main(ctx) {
    const panel = createPanelFrame();
    const link = () => (showsSomebodyInside(location) ? document.querySelector<HTMLAnchorElement>(NAMED_BY)?.href : undefined);
    let named: string | undefined;
    // Leaves are slow on purpose: while one candidate gives way to the next, the document may name nobody for a moment.
    const follow = (mayLeave: boolean) => {
      const now = link();
      if (now || namesSomebody(location)) panel.show();
      else if (mayLeave) panel.remove();
      if (now && now !== named) browser.runtime.sendMessage({ tagalong: 'page' } satisfies PageChanged);
      named = now;
      if (showsSomebodyInside(location))
        observer.observe(document, { childList: true, subtree: true, attributeFilter: ['href'] });
    };
    const observer = new MutationObserver(() => ctx.isValid && follow(false));

    ctx.onInvalidated(() => {
      observer.disconnect();
      panel.remove();
    });
    // It fires before `location` changes, and also for downloads that leave the page as it is: so come at once, leave by what is true.
    ctx.addEventListener(window, 'wxt:locationchange', ({ newUrl }) => {
      if (namesSomebody(newUrl)) panel.show();
      ctx.setTimeout(() => follow(true), 50);
    });
    // Finds pages that took the frame away, and notices that the extension is gone (the context checks before each round).
    ctx.setInterval(() => follow(true), 1000);
    // Paper shows the page, not us.
    ctx.addEventListener(window, 'beforeprint', () => panel.place({ display: 'none' }));
    ctx.addEventListener(window, 'afterprint', () => panel.place({ display: 'block' }));
    // Only our own extension can call this; pages have no way to it.
    browser.runtime.onMessage.addListener((message, _sender, reply) => {
      if (!ctx.isValid || !message?.tagalong) return;
      if (message.tagalong === 'whom') reply(link());
      else panel.obey(message);
    });
    follow(true);
  },
});
