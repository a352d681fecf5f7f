import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Frame, type Page } from '@playwright/test';

/** Playwright's types, as the axe package has them. */
type AxePage = ConstructorParameters<typeof AxeBuilder>[0]['page'];

const SCHEMES = ['light', 'dark'] as const;

/**
 * In light and in dark: takes a picture of the page for people to look at, and lets axe look for what would keep somebody from
 * using it. `panel`: look at that frame alone, since the page around it is not ours.
 */
export async function lookAt(page: Page, { name, panel }: { name: string; panel?: Frame }): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: `.output/screens/${name}-${colorScheme}.png` });
    const { violations } = await new AxeBuilder({ page: asPage(panel ?? page.mainFrame()) }).setLegacyMode(true).analyze();
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`);
    expect(found, `${name} in ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
}

/** In its legacy mode axe asks a page to evaluate and for its frames, nothing else; a frame without frames can do both. */
function asPage(frame: Frame): AxePage {
  const page: unknown = { evaluate: frame.evaluate.bind(frame), frames: () => [frame] };
  return page as AxePage;
}
