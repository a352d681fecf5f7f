import pkg from '../package.json' with { type: 'json' };

/** Shown to admins and in the API's description. */
export const VERSION: string = pkg.version;
