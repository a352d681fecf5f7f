import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { readGreenhousePage } from '../../lib/ats-page/greenhouse.ts';
import { readLeverPage } from '../../lib/ats-page/lever.ts';
import { createPanelFrame } from './panel-frame.ts';

/**
 * Shows the panel while the page shows a candidate. It knows nothing and may do nothing: who the candidate is, the
 * background reads from the tab. Kept tiny, because every ATS page pays for it.
 */
export default defineContentScript({
  // wxt.config.ts fills them in.
  matches: [],
  runAt: 'document_end',
  noScriptStartedPostMessage: true,
  main(ctx) {
    const panel = createPanelFrame();
    // The host is one of ours, or this would not run; the two ATSs' ids cannot be taken for each other.
    const hasCandidate = (url: URL) => readLeverPage(url) ?? readGreenhousePage(url);
    const follow = () => (hasCandidate(new URL(location.href)) ? panel.show() : panel.remove());

    ctx.onInvalidated(panel.remove);
    // It fires before `location` changes, and also for downloads that leave the page as it is: so come at once, leave by what is true.
    ctx.addEventListener(window, 'wxt:locationchange', ({ newUrl }) => {
      if (hasCandidate(newUrl)) panel.show();
      ctx.setTimeout(follow, 50);
    });
    // Finds pages that took the frame away, and notices that the extension is gone (the context checks before each round).
    ctx.setInterval(follow, 1000);
    // Paper shows the page, not us.
    ctx.addEventListener(window, 'beforeprint', () => panel.place({ display: 'none' }));
    ctx.addEventListener(window, 'afterprint', () => panel.place({ display: 'block' }));
    // Only our own extension can call this; pages have no way to it.
    browser.runtime.onMessage.addListener((message) => {
      if (ctx.isValid && message?.tagalong) panel.obey(message);
    });
    follow();
  },
});
