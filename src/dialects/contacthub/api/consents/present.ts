import { type ConsentAct, consentActs } from '../../../../core/consent/consent.ts';
import type { ShownConsent } from '../../../../query/consents/read-consents.ts';
import { userNumberOf } from '../../access.ts';
import { formatVendorDate } from '../../documents/dates.ts';

/** What the log knows of, by the vendor's name: `consent-changed` is CONSENT_CHANGED. */
export const consentTypes: ReadonlyMap<string, ConsentAct> = new Map(
  consentActs.map((act) => [typeOf(act), act]),
);

function typeOf(act: ConsentAct): string {
  return act.toUpperCase().replaceAll('-', '_');
}

/** docs/spec/contacthub.md A#80. */
export function presentConsent(consent: ShownConsent): Record<string, unknown> {
  const { sourceId, userId } = consent.author;
  return {
    id: consent.id,
    customerId: consent.recordId,
    date: formatVendorDate(consent.loggedAt),
    type: typeOf(consent.act),
    property: consent.property,
    value: consent.value,
    sourceId,
    userId: userId === null ? null : userNumberOf(userId),
  };
}
