import { eq } from 'drizzle-orm';
import { CODESIGNAL_HOSTS } from '../../lib/contract/codesignal-settings.ts';
import { HACKERRANK_REPORT_HOSTS } from '../../lib/contract/hackerrank-settings.ts';
import { hostsOfPartnerReports } from '../../lib/contract/partner-settings.ts';
import type { Database } from '../services.ts';
import { connections } from '../storage/schema.ts';

/** The hosts that a vendor's report may be at: what an admin named, its own, and for a link vendor the one to which the link leads. */
export async function findReportHosts(db: Database, connectionId: string, linkTemplate: string | null): Promise<string[]> {
  const [row] = await db.select({ settings: connections.settings }).from(connections).where(eq(connections.id, connectionId));
  if (row?.settings.kind === 'coderbyte') return row.settings.reportHosts;
  if (row?.settings.kind === 'partner') return hostsOfPartnerReports(row.settings);
  if (row?.settings.kind === 'hackerrank') return HACKERRANK_REPORT_HOSTS;
  if (row?.settings.kind === 'codesignal') return CODESIGNAL_HOSTS;
  // https://byteboard.dev : its pages are at client.byteboard.dev.
  return row?.settings.kind === 'byteboard' ? ['byteboard.dev', ...hostOf(linkTemplate)] : [];
}

/** The gaps of a template stand behind the host. */
function hostOf(template: string | null): string[] {
  const host = /^https:\/\/([^/?#{}]+)/.exec(template ?? '')?.[1];
  return host ? [host] : [];
}
