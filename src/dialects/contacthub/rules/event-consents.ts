import type { RecordView } from '../../../ingest/item.ts';
import { consentPaths } from './consent-changes.ts';

const agreed = '.status';

/** Of each consent the path that a policy names it by, without its first name. */
const consentNames = consentPaths
  .filter((path) => path.endsWith(agreed))
  .map((path) => path.slice('consents.'.length, -agreed.length));

/**
 * A consent as a policy for events may name it: a path into a customer, as JSON path too, with its first name or without; of a consent
 * its status is meant.
 */
export const consentPattern = `^(?:\\$\\.)?(?:consents\\.)?(?:${consentNames
  .map((name) => name.replaceAll('.', '\\.'))
  .join('|')})(?:\\.(?:status|limitation|objection))?$`;

const isConsent = new RegExp(consentPattern);

/** The attribute that such a path leads to; undefined for a path that leads to no consent. */
export function consentAttributeOf(path: string): string | undefined {
  if (!isConsent.test(path)) return undefined;
  const name = path.replace(/^\$\./, '').replace(/^consents\./, '');
  const leaf = /\.(?:status|limitation|objection)$/.test(name) ? name : `${name}${agreed}`;
  return `consents.${leaf}`;
}

/** Why an event is dropped whose customer has not agreed to what the workspace's policy asks for its type. */
export const consentMissing = 'consent-missing';

/** Says so of events of a record that has not all of these attributes true: one of nobody who is known has none. */
export function withoutConsent(attributes: readonly string[]): (record: RecordView) => string | undefined {
  return ({ shown }) => (attributes.every((path) => shown[path] === true) ? undefined : consentMissing);
}
