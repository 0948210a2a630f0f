/**
 * What `credentials.json` shows of each dialect, by its name. The engine knows none: each adds itself where its `provision.ts` says
 * what a workspace gets for it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be added to.
export interface DialectCredentials {}

/** The names of the dialects that there are; which of them an app serves, its registry says (src/dialects/registry.ts). */
export type DialectName = keyof DialectCredentials;

/** Whose something is: a dialect's, or this product's own API's, which is none: it stores no events by itself. */
export type ApiName = DialectName | 'native';
