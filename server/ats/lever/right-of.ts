/**
 * Which right of Lever a call takes. https://hire.lever.co/developer/documentation#scopes
 * OAuth has one scope for reading and one for writing each resource. For API keys Lever's help names the boxes Read and Write; guides of
 * other vendors name single calls (list opportunities, delete note), as the documentation heads them. So both are named.
 */
export interface LeverRight {
  /** As asked for in a consent. */
  scope: string;
  /** As an admin finds it where keys are made. */
  box: string;
}

/** What stands below an opportunity and has rights of its own; everything else there is the opportunity's. */
const BELOW_OPPORTUNITY = ['notes', 'feedback', 'files', 'forms', 'resumes', 'offers', 'interviews', 'panels', 'referrals'];

/** Headings of the documentation; `:id` stands for any id. */
const CALLS: Record<string, string> = {
  'GET opportunities': 'List all opportunities',
  'GET opportunities/deleted': 'List deleted opportunities',
  'GET opportunities/:id': 'Retrieve a single opportunity',
  'PUT opportunities/:id/stage': 'Update opportunity stage',
  'PUT opportunities/:id/archived': 'Update opportunity archived state',
  'POST opportunities/:id/addTags': 'Update opportunity tags',
  'POST opportunities/:id/removeTags': 'Update opportunity tags',
  'POST opportunities/:id/addLinks': 'Update contact links by opportunity',
  'POST opportunities/:id/removeLinks': 'Update contact links by opportunity',
  'GET opportunities/:id/notes': 'List all notes',
  'GET opportunities/:id/notes/:id': 'Retrieve a single note',
  'POST opportunities/:id/notes': 'Create a note',
  'PUT opportunities/:id/notes/:id': 'Update a note',
  'DELETE opportunities/:id/notes/:id': 'Delete a note',
  'GET opportunities/:id/files': 'List all files',
  'POST opportunities/:id/files': 'Upload a single file',
  'GET opportunities/:id/feedback': 'List all feedback',
  'POST opportunities/:id/feedback': 'Create a feedback form',
  'GET feedback_templates': 'List all feedback templates',
  'GET feedback_templates/:id': 'Retrieve a feedback template',
  'GET stages': 'List all stages',
  'GET stages/:id': 'Retrieve a single stage',
  'GET archive_reasons': 'List all archive reasons',
  'GET archive_reasons/:id': 'Retrieve a single archive reason',
  'GET postings': 'List all postings',
  'GET postings/:id': 'Retrieve a single posting',
  'GET users': 'List all users',
  'GET users/:id': 'Retrieve a single user',
  'GET tags': 'List all tags',
  'GET contacts/:id': 'Retrieve a single contact',
  'GET webhooks': 'List all webhooks',
  'POST webhooks': 'Create a webhook',
  'PUT webhooks': 'Update a webhook',
  'DELETE webhooks/:id': 'Delete a webhook',
  'GET audit_events': 'List all audit events',
  'GET requisitions': 'List all requisitions',
  'GET sources': 'List all sources',
};

/** `path` in segments below `/v1`. Null for an empty path. */
export function leverRightOf(method: string, path: readonly string[]): LeverRight | null {
  const [top, , below] = path;
  if (top === undefined) return null;
  const resource = (top === 'opportunities' && BELOW_OPPORTUNITY.find((name) => name === below)) || top;
  const access = method === 'GET' ? 'read' : 'write';
  // Singular in the scopes alone.
  const scope = `${resource === 'contacts' ? 'contact' : resource}:${access}:admin`;
  const group = `${toTitle(resource)}: ${toTitle(access)}`;
  const call = CALLS[`${method} ${shapeOf(path)}`];
  return { scope, box: call ? `${group} (${call})` : group };
}

/** Every second segment is an id, except Lever's one word there. */
function shapeOf(path: readonly string[]): string {
  return path.map((segment, index) => (index % 2 === 1 && segment !== 'deleted' ? ':id' : segment)).join('/');
}

function toTitle(words: string): string {
  return (words.charAt(0).toUpperCase() + words.slice(1)).replaceAll('_', ' ');
}
