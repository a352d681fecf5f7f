import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { answerMessages } from '../../lib/browser/answer-messages.ts';
import { createAtMost } from '../../lib/browser/at-most.ts';
import { focusPanelInFront, injectIntoOpenTabs, registerCompanySites } from '../../lib/browser/ats-tabs.ts';
import { createBackground } from '../../lib/browser/create-background.ts';
import { openDatabase } from '../../lib/browser/database.ts';
import { describeDevice } from '../../lib/browser/describe-device.ts';
import { readFrameMessage } from '../../lib/browser/frame-messages.ts';
import { readPageChanged } from '../../lib/browser/page-messages.ts';
import { reportFailure } from '../../lib/browser/panel-ports.ts';
import { originPattern } from '../../lib/browser/site-access.ts';
import { waitFor } from '../../lib/browser/wait-for.ts';
import { createWords } from '../../lib/browser/words.ts';
import type { FrameMessage } from '../../lib/contract/messages.ts';

const SEND_WAITING = 'send-waiting-clicks';
const PRUNE = 'prune-copies';
/** While no panel is open nobody listens to the server: so soon this browser learns whom it has to forget. */
const PRUNE_MINUTES = 15;
/** As often as a tab may say that its page has changed. */
const PAGE_CHANGES_MS = 250;

/** Every listener is added before anything is awaited: only those hear the event that wakes the worker. */
export default defineBackground(() => {
  const background = createBackground({
    database: openDatabase(),
    fetch: (...request) => fetch(...request),
    words: createWords(),
    now: () => new Date(),
    newId: () => crypto.randomUUID(),
    wait: waitFor,
    readTabUrl: async (tabId) => (await browser.tabs.get(tabId)).url,
    askDocument: (tabId) => browser.tabs.sendMessage(tabId, { tagalong: 'whom' } satisfies FrameMessage, { frameId: 0 }),
    mayReach: (origin) => browser.permissions.contains({ origins: [originPattern(origin)] }),
    device: async () => describeDevice(navigator.userAgent, (await browser.runtime.getPlatformInfo()).os),
    openOptions: async (section) => {
      await browser.tabs.create({ url: `${browser.runtime.getURL('/options.html')}${section ? `#${section}` : ''}` });
    },
    onWaiting: () => reportFailure(browser.alarms.create(SEND_WAITING, { periodInMinutes: 1 })),
  });

  const onPageChanged = createAtMost(PAGE_CHANGES_MS, waitFor);
  const own = { id: browser.runtime.id, origin: browser.runtime.getURL('/').replace(/\/$/, '') };
  answerMessages(background.handlers, own);
  browser.runtime.onMessage.addListener((message, sender) => {
    const frame = readFrameMessage(message, sender, own);
    if (frame) reportFailure(browser.tabs.sendMessage(frame.tabId, frame.message, { frameId: 0 }));
    const changed = readPageChanged(message, sender, own);
    if (changed !== null) reportFailure(onPageChanged(changed, () => background.ports.follow(changed)));
  });
  browser.runtime.onConnect.addListener(background.ports.accept);

  browser.tabs.onUpdated.addListener((tabId, { url }) => {
    if (url) reportFailure(background.ports.follow(tabId));
  });
  browser.commands.onCommand.addListener((command) => {
    if (command === 'open-panel') reportFailure(focusPanel());
  });
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === PRUNE) reportFailure(background.prune());
    if (name === SEND_WAITING) reportFailure(sendWaiting());
  });
  browser.runtime.onInstalled.addListener(() => reportFailure(settleIn()));
  browser.runtime.onStartup.addListener(() => reportFailure(settleIn()));
  browser.permissions.onAdded.addListener(() => reportFailure(settleIn()));
  browser.permissions.onRemoved.addListener(() => reportFailure(leaveSites()));

  async function settleIn(): Promise<void> {
    await browser.alarms.create(PRUNE, { periodInMinutes: PRUNE_MINUTES });
    reportFailure(background.prune());
    await registerCompanySites();
    await injectIntoOpenTabs();
    await sendWaiting();
  }

  /** Open panels there lose their page with the permission, and show nobody from now on. */
  async function leaveSites(): Promise<void> {
    await registerCompanySites();
    await background.ports.refreshAll();
  }

  async function sendWaiting(): Promise<void> {
    const isEmpty = await background.flush();
    if (isEmpty) await browser.alarms.clear(SEND_WAITING);
    else await browser.alarms.create(SEND_WAITING, { periodInMinutes: 1 });
    await background.ports.refreshAll();
  }

  async function focusPanel(): Promise<void> {
    const tabId = await focusPanelInFront();
    if (tabId !== undefined) background.ports.focus(tabId);
  }
});
