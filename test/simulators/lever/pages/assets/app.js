import { interviewView, listView, messageView, profileView, settingsView } from './views.js';

const page = document.getElementById('page');
const overlay = document.getElementById('overlay');
/** Counts navigations, so that an answer that comes after the next click is thrown away. */
let turn = 0;

async function read(path) {
  const answer = await fetch(`/page-data/${path}`);
  return answer.ok ? answer.json() : undefined;
}

async function write(path, body) {
  await fetch(`/page-data/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await show();
}

/** Opens, closes and steps between candidates without loading a document. */
function go(path) {
  history.pushState(null, '', path);
  return show();
}

function setTitle(name) {
  document.title = name ? `${name} – Lever Hire` : 'Lever Hire';
}

async function show() {
  turn += 1;
  const mine = turn;
  const [section = 'candidates', id] = location.pathname.split('/').filter(Boolean);
  const view = await load(section, id);
  if (mine !== turn) return;
  setTitle(view.title);
  page.replaceChildren(view.page);
  overlay.replaceChildren(...(view.overlay ? [view.overlay] : []));
}

async function load(section, id) {
  if (section === 'settings') return { page: settingsView(await read('settings')) };
  if (section === 'interviews') return loadInterview(id);
  const [list, profile] = await Promise.all([read('candidates'), id ? read(`candidates/${id}`) : undefined]);
  if (id && !profile)
    return { page: messageView('Candidate not found', 'The candidate does not exist or you may not see them.') };
  if (!profile) return { page: listView(list) };
  return { title: profile.person.name, page: listView(list), overlay: profileView(profile, actionsFor(section, id, list)) };
}

async function loadInterview(id) {
  const interview = id && (await read(`interviews/${id}`));
  if (!interview) return { page: messageView('Interviews', 'Nothing is scheduled for you today.') };
  return { title: interview.name, page: interviewView(interview) };
}

function actionsFor(section, id, { candidates }) {
  const at = candidates.findIndex((candidate) => candidate.id === id);
  const path = (candidate) => candidate && `/${section}/${candidate.id}`;
  return {
    previous: at > 0 ? path(candidates[at - 1]) : undefined,
    next: at >= 0 ? path(candidates[at + 1]) : undefined,
    close: `/${section}`,
    move: (stageId) => write(`candidates/${id}/stage`, { stageId }),
    archive: (reasonId) => write(`candidates/${id}/archive`, { reasonId }),
    unarchive: () => write(`candidates/${id}/unarchive`, {}),
  };
}

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[data-navigate]') : null;
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  go(link.getAttribute('href'));
});
window.addEventListener('popstate', show);
show();
