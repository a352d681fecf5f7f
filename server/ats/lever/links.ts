import type { CallResult } from '../../outbound/outcome.ts';
import type { WriteTarget } from '../port.ts';
import type { LeverClient } from './client.ts';
import { done } from './results.ts';

/** https://hire.lever.co/developer/documentation#update-contact-links-by-opportunity ; links live on the contact, for all opportunities. */
export async function addLink(client: LeverClient, target: WriteTarget, url: string): Promise<CallResult<void>> {
  return done(
    await client.write('POST', ['opportunities', target.applicationId, 'addLinks'], { json: { links: [url] } }, target),
  );
}

/** https://hire.lever.co/developer/documentation#update-contact-links-by-opportunity */
export async function removeLink(client: LeverClient, target: WriteTarget, url: string): Promise<CallResult<void>> {
  const path = ['opportunities', target.applicationId, 'removeLinks'];
  return done(await client.write('POST', path, { json: { links: [url] } }, target));
}
