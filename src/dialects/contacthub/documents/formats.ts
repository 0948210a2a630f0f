import { isIPv4 } from 'node:net';
import { isCalendarDate, parseVendorDate } from './dates.ts';

/** Longer ones are refused before any expression runs over them. In UTF-16 units. */
const LONGEST_EMAIL = 320;
const LONGEST_ADDRESS = 8192;

/** Up to 64 characters without white space, controls or the signs that would need quoting. */
const EMAIL_LOCAL_PART = /^[^\s\p{Cc}@<>()[\]\\,;:"]{1,64}$/u;
const EMAIL_DOMAIN_LABEL = /^[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;

const URI = /^[a-z][a-z0-9+.-]*:[^\s\p{Cc}<>"]+$/iu;
const WEB_SCHEME = /^(?:https?|ftp):/i;
const WEB_SCHEME_AND_AUTHORITY = /^(?:https?|ftp):\/\//i;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether the text has the form of an e-mail address: unquoted local part, a domain of at least two labels. */
export function isEmail(value: string): boolean {
  if (value.length > LONGEST_EMAIL) return false;
  const at = value.lastIndexOf('@');
  const localPart = value.slice(0, Math.max(at, 0));
  if (!EMAIL_LOCAL_PART.test(localPart)) return false;
  if (localPart.startsWith('.') || localPart.endsWith('.') || localPart.includes('..')) return false;
  const labels = value.slice(at + 1).split('.');
  return labels.length >= 2 && labels.every((label) => EMAIL_DOMAIN_LABEL.test(label));
}

/** Whether the text is an absolute URI; one of the web must have a host that parses. */
export function isUri(value: string): boolean {
  if (value.length > LONGEST_ADDRESS || !URI.test(value)) return false;
  return !WEB_SCHEME.test(value) || isUrl(value);
}

/** Whether the text is an absolute http, https or ftp address. */
export function isUrl(value: string): boolean {
  if (value.length > LONGEST_ADDRESS || !WEB_SCHEME_AND_AUTHORITY.test(value)) return false;
  return URI.test(value) && URL.canParse(value);
}

/** The formats of the vendor's schemas, in the form that Ajv takes. All run in time linear in the text. */
export const formats: Readonly<Record<string, (value: string) => boolean>> = {
  date: isCalendarDate,
  'date-time': (value) => parseVendorDate(value) !== undefined,
  email: isEmail,
  ipv4: isIPv4,
  uri: isUri,
  url: isUrl,
  uuid: (value) => UUID.test(value),
};
