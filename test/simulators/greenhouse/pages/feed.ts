import { html } from 'hono/html';
import type { Candidate } from '../world/records.ts';
import type { World } from '../world/world.ts';
import type { Markup } from './layout.ts';

/** Notes and activities of the person, newest first. */
export function toFeed(world: World, candidate: Candidate): Markup {
  const notes = world.notes
    .list((row) => row.candidateId === candidate.id)
    .map((row) => ({ at: row.createdAt, id: row.id, by: toAuthor(world, row.userId), text: row.body, note: true }));
  const activities = world.activities
    .list((row) => row.candidateId === candidate.id)
    .map((row) => ({ at: row.createdAt, id: row.id, by: row.by, text: row.text, note: false }));
  const entries = [...notes, ...activities].sort((a, b) => b.at.localeCompare(a.at) || b.id - a.id);
  return html`<ul class="feed">${entries.map(toEntry)}</ul>`;
}

function toAuthor(world: World, userId: number | null): string {
  const user = world.users.find(userId);
  return user ? `${user.firstName} ${user.lastName}` : 'Greenhouse';
}

function toEntry({ at, by, text, note }: { at: string; by: string; text: string; note: boolean }): Markup {
  const when = html`<time class="quiet small" datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 16)}</time>`;
  if (!note) return html`<li><strong>${by}</strong> ${text} ${when}</li>`;
  return html`<li><strong>${by}</strong> added a note ${when}<p class="note note-text" dir="auto">${text}</p></li>`;
}
