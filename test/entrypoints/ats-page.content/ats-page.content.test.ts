// @vitest-environment happy-dom
import '../browser-stub.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ContentScriptContext } from 'wxt/utils/content-script-context';
import contentScript from '../../../entrypoints/ats-page.content/index.ts';
import { fakeBrowser } from '../browser-stub.ts';

const ADA = 'https://hire.lever.co/candidates/250d8f03-738a-4bba-a671-8a3d73477145';
const panels = () => [...document.querySelectorAll<HTMLElement>('tagalong-panel')];
const style = (name: string) => panels()[0]?.style.getPropertyValue(name);
const tell = (message: object) => fakeBrowser.runtime.onMessage.trigger(message, { id: fakeBrowser.runtime.id }, () => {});
const go = (url: string) => {
  Reflect.get(window, 'happyDOM').setURL(url);
  vi.advanceTimersByTime(1100);
};
const contexts: ContentScriptContext[] = [];
function start(): ContentScriptContext {
  const context = new ContentScriptContext('ats-page', contentScript);
  contexts.push(context);
  contentScript.main(context);
  return context;
}

beforeEach(() => {
  fakeBrowser.reset();
  // There is no extension here whose page the frame could load.
  Object.assign(fakeBrowser.runtime, { getURL: () => 'about:blank' });
  Reflect.get(window, 'happyDOM').settings.enableIframePageLoading = true;
  vi.useFakeTimers();
  Reflect.get(window, 'happyDOM').setURL(ADA);
});
afterEach(() => {
  for (const context of contexts.splice(0)) context.abort();
  vi.useRealTimers();
});

test('the panel is on a candidate page, in a closed root that the page cannot enter', () => {
  start();
  expect(panels()).toHaveLength(1);
  expect(panels()[0]?.shadowRoot).toBeNull();
  expect(document.querySelector('iframe')).toBeNull();
});

test('it lies over the page at its edge, and no style sheet of the page outranks it', () => {
  start();
  const css = panels()[0]?.style.cssText ?? '';
  expect(style('position')).toBe('fixed');
  expect(css.split(';').filter((rule) => rule.trim() && !rule.includes('!important'))).toEqual([]);
});

test('it follows navigation without a page load: it leaves the list and comes back for the next candidate', () => {
  start();
  go('https://hire.lever.co/candidates');
  expect(panels()).toHaveLength(0);
  go('https://hire.lever.co/candidates/5a9b2c1e-738a-4bba-a671-8a3d73477145');
  expect(panels()).toHaveLength(1);
});

test('it keeps its frame from one candidate to the next', () => {
  start();
  const [before] = panels();
  go('https://hire.lever.co/candidates/5a9b2c1e-738a-4bba-a671-8a3d73477145');
  expect(panels()[0]).toBe(before);
});

test('it returns when the page throws it out', () => {
  start();
  panels()[0]?.remove();
  vi.advanceTimersByTime(1000);
  expect(panels()).toHaveLength(1);
});

test('it takes the side that the panel asks for', async () => {
  start();
  await tell({ tagalong: 'place', side: 'left', top: 40 });
  const css = panels()[0]?.style.cssText ?? '';
  expect(css).toMatch(/left: ?0/);
  expect(css).not.toMatch(/right: ?0/);
});

test('it is not on paper', () => {
  start();
  window.dispatchEvent(new Event('beforeprint'));
  expect(style('display')).toBe('none');
  window.dispatchEvent(new Event('afterprint'));
  expect(style('display')).toBe('block');
});

test('injected a second time, the new copy takes over and one panel is left', () => {
  const old = start();
  start();
  expect(old.isInvalid).toBe(true);
  expect(panels()).toHaveLength(1);
  vi.advanceTimersByTime(3000);
  expect(panels()).toHaveLength(1);
});

test('what a dead copy left behind is cleared away', () => {
  document.documentElement.append(document.createElement('tagalong-panel'));
  start();
  expect(panels()).toHaveLength(1);
});

test('when the extension is gone the panel removes itself', () => {
  start();
  const { id } = fakeBrowser.runtime;
  Object.assign(fakeBrowser.runtime, { id: undefined });
  vi.advanceTimersByTime(1000);
  expect(panels()).toHaveLength(0);
  Object.assign(fakeBrowser.runtime, { id });
});

test('pages without a candidate stay untouched', () => {
  Reflect.get(window, 'happyDOM').setURL('https://app.greenhouse.io/alljobs');
  start();
  vi.advanceTimersByTime(3000);
  expect(panels()).toHaveLength(0);
});

describe('Application Review', () => {
  const REVIEW = 'https://app.greenhouse.io/applications/review/app_review';
  const show = (href: string | null) => {
    document.body.innerHTML = `<div data-provides="app-review"><header>${href ? `<a target="_blank" href="${href}">Ben</a>` : ''}</header></div>`;
  };
  let said: unknown[];
  const whom = async () => {
    let answer: unknown = 'no answer';
    await fakeBrowser.runtime.onMessage.trigger({ tagalong: 'whom' }, { id: fakeBrowser.runtime.id }, (value: unknown) => {
      answer = value;
    });
    return answer;
  };
  beforeEach(() => {
    said = [];
    Object.assign(fakeBrowser.runtime, { sendMessage: async (message: unknown) => void said.push(message) });
    Reflect.get(window, 'happyDOM').setURL(REVIEW);
    document.body.innerHTML = '';
  });
  afterEach(() => {
    document.body.innerHTML = '';
  });

  test('has the panel while its head names somebody, and says no more than that the page changed', async () => {
    start();
    expect(panels()).toHaveLength(0);
    show('/people/1?application_id=7');
    await vi.waitFor(() => expect(panels()).toHaveLength(1));
    expect(said).toEqual([{ tagalong: 'page' }]);
    expect(await whom()).toBe('https://app.greenhouse.io/people/1?application_id=7');
    show(null);
    vi.advanceTimersByTime(1100);
    expect(panels()).toHaveLength(0);
    expect(await whom()).toBeUndefined();
  });

  test.each([
    ['another link', () => show('/people/2?application_id=8')],
    ['another address of the same link', () => document.querySelector('a')?.setAttribute('href', '/people/2?application_id=8')],
  ])('tells each candidate that comes in place, by %s, once, and keeps the frame', async (_how, swap) => {
    show('/people/1?application_id=7');
    start();
    const [frame] = panels();
    swap();
    await vi.waitFor(() => expect(said).toHaveLength(2));
    vi.advanceTimersByTime(5000);
    document.body.append(document.createElement('p'));
    await vi.waitFor(async () => expect(await whom()).toContain('/people/2'));
    expect(said).toHaveLength(2);
    expect(panels()[0]).toBe(frame);
  });

  test('names nobody by links elsewhere, and nothing is asked of other pages', async () => {
    document.body.innerHTML =
      '<header><a target="_blank" href="/people/1">x</a></header><div data-provides="app-review"><a target="_blank" href="/people/2">y</a></div>';
    start();
    expect(panels()).toHaveLength(0);
    show('/people/1');
    Reflect.get(window, 'happyDOM').setURL(ADA);
    expect(await whom()).toBeUndefined();
    vi.advanceTimersByTime(1100);
    expect(said).toEqual([]);
  });
});

test('a page that names two candidates has the panel, which says so', () => {
  Reflect.get(window, 'happyDOM').setURL('https://app.greenhouse.io/people/1?application_id=2&application_id=3');
  start();
  expect(panels()).toHaveLength(1);
});
