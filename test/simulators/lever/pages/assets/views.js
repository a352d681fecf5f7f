import { day, el, initials } from './elements.js';

const NO_NAME = 'Name not given';

/** The pipeline: stages with counts on the left, candidates on the right. */
export function listView({ stages, candidates }) {
  const row = (candidate) =>
    el(
      'a',
      { class: 'candidate-row', href: `/candidates/${candidate.id}`, 'data-navigate': true },
      el('span', { class: 'avatar' }, initials(candidate.name)),
      el(
        'span',
        { class: 'candidate-words' },
        el('b', { dir: 'auto' }, candidate.name || NO_NAME),
        el('span', { class: 'quiet', dir: 'auto' }, candidate.headline || ' '),
      ),
      el('span', { class: 'quiet' }, candidate.posting || 'No posting'),
      el('span', {}, el('span', { class: 'stage-chip' }, candidate.stage), candidate.confidential ? ' Confidential' : ''),
      el('span', { class: 'quiet' }, day(candidate.lastInteractionAt)),
    );
  const stage = ({ text, count }) => el('li', {}, el('span', {}, text), el('span', { class: 'count' }, String(count)));
  return el(
    'div',
    { class: 'pipeline' },
    el('aside', {}, el('h2', {}, 'Pipeline'), el('ul', {}, stages.map(stage))),
    el('section', {}, el('h1', {}, 'Candidates'), candidates.map(row)),
  );
}

/** The profile, a flyover above the list: stage at the upper right, links and tags on the right. */
export function profileView(profile, actions) {
  const { person } = profile;
  return el(
    'div',
    { class: 'flyover', role: 'dialog', 'aria-label': person.name || NO_NAME },
    controls(actions),
    el(
      'header',
      { class: 'profile-header' },
      el('span', { class: 'avatar large' }, initials(person.name)),
      el(
        'div',
        { class: 'candidate-words' },
        el('h1', { dir: 'auto' }, person.name || NO_NAME),
        el('p', { class: 'quiet', dir: 'auto' }, [person.headline, person.location].filter(Boolean).join(' · ')),
        el('p', { class: 'quiet' }, [...person.emails, ...person.phones].join(' · ') || 'No e-mail address'),
      ),
      el('div', { class: 'profile-actions' }, stageMenu(profile, actions), archiveMenu(profile, actions)),
    ),
    el('div', { class: 'profile-body' }, story(profile), sidebar(profile)),
  );
}

function controls({ previous, next, close }) {
  const step = (label, sign, href) =>
    el(
      'a',
      { class: 'step', 'aria-label': label, ...(href ? { href, 'data-navigate': true } : { 'aria-disabled': 'true' }) },
      sign,
    );
  return el(
    'div',
    { class: 'flyover-controls' },
    el('div', { class: 'next-prev-container' }, step('Previous candidate', '‹', previous), step('Next candidate', '›', next)),
    el('a', { class: 'step close', 'aria-label': 'Close', href: close, 'data-navigate': true }, '×'),
  );
}

function stageMenu({ stages, stageId }, { move }) {
  const options = stages.map(({ id, text }) => el('option', { value: id, selected: id === stageId }, text));
  return el('select', { class: 'stage-menu', 'aria-label': 'Stage', onchange: (event) => move(event.target.value) }, options);
}

function archiveMenu({ archived, archiveReasons }, { archive, unarchive }) {
  if (archived) return el('button', { class: 'plain', onclick: unarchive }, `Archived: ${archived}. Unarchive`);
  const options = archiveReasons.map(({ id, text }) => el('option', { value: id }, text));
  const first = el('option', { value: '', selected: true }, 'Archive…');
  return el(
    'select',
    { class: 'plain', 'aria-label': 'Archive', onchange: (event) => archive(event.target.value) },
    first,
    options,
  );
}

function story({ posting, notes, history, confidential }) {
  const note = ({ author, at, texts, secret }) =>
    el(
      'article',
      { class: 'note' },
      el('p', { class: 'quiet' }, `${author || 'Note'} · ${day(at)}${secret ? ' · Secret' : ''}`),
      texts.map((text) => el('p', { class: 'note-text', dir: 'auto' }, text)),
    );
  const change = ({ stage, at, by }) => el('li', {}, `${stage} · ${day(at)}${by ? ` · ${by}` : ''}`);
  return el(
    'section',
    { class: 'story' },
    confidential ? el('p', { class: 'banner' }, 'This opportunity is confidential') : null,
    el('h2', {}, posting ? posting.text : 'No posting'),
    el('p', { class: 'quiet' }, posting ? `${posting.team} · ${posting.location}` : 'Sourced, not applied yet'),
    el('h2', {}, 'Notes'),
    notes.length > 0 ? notes.map(note) : el('p', { class: 'quiet' }, 'No notes yet'),
    el('h2', {}, 'Activity'),
    el('ul', { class: 'history' }, history.toReversed().map(change)),
  );
}

function sidebar({ person, tags, sources, origin, owner, createdAt, others }) {
  const block = (title, ...children) => el('section', {}, el('h3', {}, title), ...children);
  const link = (href) => el('a', { href, rel: 'noreferrer', target: '_blank' }, href.replace(/^https?:\/\//, ''));
  const other = ({ id, posting }) => el('a', { href: `/candidates/${id}`, 'data-navigate': true }, posting);
  return el(
    'aside',
    { class: 'profile-side' },
    block('Owner', el('p', {}, owner || 'Nobody')),
    block(
      'Tags',
      el(
        'p',
        { class: 'tags' },
        tags.map((tag) => el('span', { class: 'tag', dir: 'auto' }, tag)),
      ),
    ),
    block('Links', person.links.length > 0 ? person.links.map(link) : el('p', { class: 'quiet' }, 'None')),
    block('Source', el('p', {}, `${sources.join(', ')} (${origin})`), el('p', { class: 'quiet' }, `Added ${day(createdAt)}`)),
    others.length > 0 ? block('Other opportunities', others.map(other)) : null,
  );
}

export function interviewView({ name, subject, date, interviewer, posting }) {
  const card = (key, value) => el('p', {}, el('span', { class: 'card-key' }, key), el('span', { class: 'card-value' }, value));
  return el(
    'div',
    { class: 'simple-page interview-story' },
    el('h1', { dir: 'auto' }, name || NO_NAME),
    el('p', { class: 'quiet' }, subject),
    card('When', day(date)),
    card('Interviewer', interviewer || 'Not decided'),
    card('Posting', posting || 'No posting'),
  );
}

export function settingsView({ webhooks, keys }) {
  const row = (cells) =>
    el(
      'tr',
      {},
      cells.map((cell) => el('td', {}, cell)),
    );
  const hook = ({ event, url, signatureToken, on }) => row([event, on ? 'On' : 'Off', url, signatureToken ?? 'None']);
  return el(
    'div',
    { class: 'simple-page' },
    el('h1', {}, 'Integrations and API'),
    el('h2', {}, 'Webhooks'),
    el(
      'table',
      {},
      el('thead', {}, row(['Event', 'Enabled', 'Address', 'Signature token'])),
      el('tbody', {}, webhooks.map(hook)),
    ),
    el('h2', {}, 'API credentials'),
    el(
      'table',
      {},
      keys.map(({ label, confidential }) => row([label, confidential ? 'Confidential data' : 'No confidential data'])),
    ),
  );
}

export function messageView(title, text) {
  return el('div', { class: 'simple-page' }, el('h1', {}, title), el('p', { class: 'quiet' }, text));
}
