import { isCurrency } from '../../../../core/value/amount.ts';
import { normalizePhone } from '../../../../core/value/normal-form.ts';
import { isRecord, removeMarks } from '../../../../core/value/text.ts';
import { maximumExternalIdLength, type ParameterReader, readerOfBody } from '../parameters.ts';

export interface Revenue {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** What happened to a lead outside of the conversation, for example a sale. */
export interface ExternalEvent {
  readonly action: string;
  /** Digits without `+`. */
  readonly phone: string;
  readonly revenue: Revenue | null;
  /** The app that it is to be attributed to; null: that of the lead's last conversation. */
  readonly appId: string | null;
  /** It belongs to the conversation of this one. */
  readonly previousId: string | null;
}

const maximumActionLength = 200;
/** Beyond 2^53 amounts would be taken for their neighbours. */
const maximumAmount = Number.MAX_SAFE_INTEGER;
const defaultCurrency = 'USD';
/** Of any country, whatever the numbering plans say: no country's code begins with 0. */
const internationalPattern = /^(?:\+|00)?([1-9]\d{4,19})$/;

/** The key that the body carries in place of a header; undefined where there is none. */
export function keyOfBody(body: unknown): string | undefined {
  return isRecord(body) && typeof body.api_key === 'string' ? body.api_key : undefined;
}

/** The event that the body carries, as it was sent. */
export function sentEventOf(body: unknown): unknown {
  return isRecord(body) ? body.external_event : undefined;
}

/**
 * The body of `POST /clients/{clientId}/external-events`.
 * @param countries ISO 3166-1 alpha-2, by which a number without a country's code is read
 * @throws RequestError `invalid-request` with everything that is wrong
 */
export function parseExternalEvent(body: unknown, countries: readonly string[]): ExternalEvent {
  const reader = readerOfBody(body);
  const event = reader.requireMembers('external_event');
  const action = event.requireText('action', maximumActionLength);
  const phone = readPhone(event, countries);
  const parsed = {
    revenue: readRevenue(event),
    appId: event.readText('app_id', maximumExternalIdLength) ?? null,
    previousId: event.readText('previous_external_event_id', maximumExternalIdLength) ?? null,
  };
  reader.finish();
  return { action: action!, phone: phone!, ...parsed };
}

/** As numbers are read everywhere: what would be another lead, whom nobody ever finds, is refused. */
function readPhone(event: ParameterReader, countries: readonly string[]): string | undefined {
  const text = event.requireText('lead_phone');
  if (text === undefined) return undefined;
  const written = removeMarks(text);
  const [, international] = internationalPattern.exec(written) ?? [];
  const number = international ?? normalizePhone(written, countries)?.slice(1);
  if (number !== undefined) return number;
  const national = countries.length > 0 ? `, or as a valid number of ${countries.join(', ')}` : '';
  event.fault(
    'lead_phone',
    `value is not a phone number: send it with the country's code, as +4915112345678 or 004915112345678${national}`,
    'value_error',
  );
  return undefined;
}

function readRevenue(event: ParameterReader): Revenue | null {
  const revenue = event.readMembers('revenue');
  if (!revenue) return null;
  if (!revenue.isGiven('amount')) revenue.fault('amount', 'field required', 'value_error.missing');
  const amount = revenue.readNumber('amount', 0, maximumAmount);
  const currency = (revenue.readText('currency') ?? defaultCurrency).toUpperCase();
  if (!isCurrency(currency))
    revenue.fault('currency', 'value is not an ISO 4217 code, such as USD or EUR', 'value_error');
  return amount === undefined ? null : { amount, currency };
}
