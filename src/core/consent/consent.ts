/** What the log knows of. The last two are no consents, but are told of beside them: what was done with all that is kept of a person. */
export const consentActs = [
  'disclaimer-read',
  'consent-changed',
  'consent-restricted',
  'consent-objected',
  'data-portability-requested',
  'forced-delete',
] as const;
export type ConsentAct = (typeof consentActs)[number];

/** Who said so, by the id of the credential; both null where nobody did (a job). */
export interface ConsentAuthor {
  /** A system that speaks for persons. */
  readonly sourceId: string | null;
  /** Somebody who works with the API by a key of his own. */
  readonly userId: string | null;
}

/** Where it is not kept who said so. */
export const nobody: ConsentAuthor = { sourceId: null, userId: null };

/** What a write changes of a person's consents. */
export interface ConsentChange {
  readonly act: ConsentAct;
  /** The attribute's path; null for an act that concerns all of them. */
  readonly property: string | null;
  /** The value as a text; null: none any more. */
  readonly value: string | null;
  readonly author: ConsentAuthor;
}

/** A row of the log on its way into the table. */
export interface NewConsent extends ConsentChange {
  /** Of the workspace, from 1 on, in commit order. */
  readonly id: number;
  readonly profileId: string;
  readonly nodeId: number;
}

export interface Consent extends NewConsent {
  readonly loggedAt: Date;
}
