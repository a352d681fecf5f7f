import { fakeBrowser } from '@webext-core/fake-browser';

/** To be imported before anything that reads `browser`: the library takes what is there when it is loaded. */
Object.assign(globalThis, { browser: fakeBrowser, chrome: fakeBrowser });

export { fakeBrowser };
