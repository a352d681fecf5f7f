/** Lever's fixed roles by the words of its API, as its pages show them. Custom roles have an id instead of a word. */
export const LEVER_ROLE_NAMES: Partial<Record<string, string>> = {
  'super admin': 'Super Admin',
  admin: 'Admin',
  'team member': 'Team Member',
  'limited team member': 'Limited Team Member',
  interviewer: 'Interviewer',
};

/** Interviewers see their own interviews and feedback, and no more. */
export const LEVER_INTERVIEWER = 'Interviewer';
