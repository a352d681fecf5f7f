/** A person at the simulated Lever's consent page. Answers where Lever sends them then. */
export async function answerConsent(address: string, answer: 'yes' | 'no'): Promise<URL> {
  const page = await fetch(address, { redirect: 'manual' });
  const sentBack = page.headers.get('location');
  if (sentBack !== null) return new URL(sentBack);
  const link = new RegExp(`href="([^"]*answer=${answer})"`).exec(await page.text())?.[1];
  if (link === undefined) throw new Error(`Lever shows no consent page (${page.status})`);
  const decided = await fetch(new URL(link, address), { redirect: 'manual' });
  return new URL(decided.headers.get('location') ?? '');
}
