import { domainToASCII } from 'node:url';
import { toE164 } from './phone-number.ts';
import { stripMarks } from './text.ts';

// RFC 5321 section 4.5.3.1; the whole address is bounded by the path's 256 with its angle brackets.
const MAXIMUM_EMAIL_LENGTH = 254;
const MAXIMUM_LOCAL_PART_LENGTH = 64;
const MAXIMUM_LABEL_LENGTH = 63;

// One class each, so that they run in linear time. Beside RFC 5322's atom they take RFC 6531's non-ASCII text.
const ATOM = /^[\w!#$%&'*+/=?^`{|}~\-\p{L}\p{M}\p{N}]+$/u;
const DOMAIN_LABEL = /^[A-Za-z0-9\-\p{L}\p{M}\p{N}]+$/u;
const ASCII = /^[\x21-\x7e]*$/;
const DIGITS = /^[0-9]+$/;

/**
 * The e-mail address as it is shown: without space or direction marks around it, in lower case and composed (NFC); undefined when the
 * text is not an address. Quoted local parts, address literals and domains without a dot are not taken.
 */
export function normalizeEmail(text: string): string | undefined {
  // Bounded before it is folded; folding can make a text longer.
  if (text.length > 4 * MAXIMUM_EMAIL_LENGTH) return undefined;
  const folded = fold(stripMarks(text));
  return isEmailSyntax(folded) ? folded : undefined;
}

/**
 * The e-mail address by which people are matched: the normal form with the domain in ASCII, so that an internationalised domain and
 * its A-label (RFC 5890: both name one domain) are one; undefined when the text is not an address.
 */
export function emailKey(text: string): string | undefined {
  const email = normalizeEmail(text);
  if (email === undefined || ASCII.test(email)) return email;
  const domainAt = email.lastIndexOf('@') + 1;
  const domain = domainToASCII(email.slice(domainAt));
  return domain === '' ? email : email.slice(0, domainAt) + domain;
}

/**
 * The phone number in E.164 by which people are matched; undefined when it is not valid. Without `+` or `00` it is
 * tried in each of the countries (ISO 3166-1 alpha-2) in turn.
 */
export function normalizePhone(text: string, countries: readonly string[]): string | undefined {
  return toE164(text, countries);
}

function fold(text: string): string {
  const lower = text.toLowerCase();
  return ASCII.test(lower) ? lower : lower.normalize('NFC');
}

function isEmailSyntax(email: string): boolean {
  if (email.length > MAXIMUM_EMAIL_LENGTH) return false;
  const at = email.lastIndexOf('@');
  if (at < 1 || at > MAXIMUM_LOCAL_PART_LENGTH) return false;
  return email.slice(0, at).split('.').every(isAtom) && isDomain(email.slice(at + 1));
}

function isAtom(atom: string): boolean {
  return ATOM.test(atom);
}

function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  return labels.length >= 2 && labels.every(isDomainLabel) && !DIGITS.test(labels.at(-1) ?? '');
}

function isDomainLabel(label: string): boolean {
  if (label.length > MAXIMUM_LABEL_LENGTH || label.startsWith('-') || label.endsWith('-')) return false;
  return DOMAIN_LABEL.test(label);
}
