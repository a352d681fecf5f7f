import { browser } from 'wxt/browser';

/** A sentence of the catalogue by its dotted name, with its gaps filled. */
export type Words = (name: string, substitutions?: string[]) => string;

/** The browser's own catalogue, in the reader's language. Names are written as in locales/en.json; see ship-messages.ts. */
export function createWords(getMessage: (name: string, substitutions?: string[]) => string = readMessage): Words {
  return (name, substitutions) => getMessage(name.replaceAll(/[.-]/g, '_'), substitutions) || name;
}

function readMessage(name: string, substitutions?: string[]): string {
  // The browser's types list only its own predefined names; ours come from the catalogue.
  const i18n: { getMessage(name: string, substitutions?: string[]): string } = browser.i18n as never;
  return i18n.getMessage(name, substitutions);
}
