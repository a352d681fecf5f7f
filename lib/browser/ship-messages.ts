/** Sections of the catalogue that only the server speaks. */
const SERVER_ONLY = /^(reason|note|mail)_/;

interface Asset {
  relativeDest: string;
  contents?: string;
}

/**
 * Makes the catalogue loadable at build time: browsers allow letters, digits and `_` in the name of a message, our codes
 * have hyphens. Leaves out what only the server says. `words.ts` maps names the same way.
 */
export function shipMessages(assets: object[]): void {
  for (const asset of assets) {
    if (isMessages(asset)) asset.contents = JSON.stringify(loadable(JSON.parse(asset.contents)));
  }
}

function isMessages(asset: object): asset is Required<Asset> {
  return 'relativeDest' in asset && 'contents' in asset && String(asset.relativeDest).endsWith('messages.json');
}

function loadable(messages: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(messages).filter(([name]) => !SERVER_ONLY.test(name));
  return Object.fromEntries(kept.map(([name, message]) => [name.replaceAll('-', '_'), message]));
}
