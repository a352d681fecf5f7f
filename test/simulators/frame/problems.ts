/** Something was asked for that is not there; an API says 404, pages and orders say it in words. */
export class NotThere extends Error {}
/** Something cannot be done as things are. */
export class Refused extends Error {}
