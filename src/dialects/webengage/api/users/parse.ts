import { unknownMembers } from '../../../../core/accounting/unknown-members.ts';
import type { AttributeChanges } from '../../../../core/profile/attributes.ts';
import {
  cutLongText,
  invalid,
  isTooLong,
  parseAttributes,
  parseTime,
  parseUserIds,
  readObject,
  readText,
  type UserIds,
} from '../parse.ts';

export interface UserRequest {
  readonly user: UserIds;
  /** Those of the vendor's own fields that were given. */
  readonly values: AttributeChanges;
  /** How many of them were cut. */
  readonly cutValues: number;
  readonly attributes: Record<string, unknown>;
  /** Ruling 6. */
  readonly unknownMembers: readonly string[];
}

const textFields = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'company',
  'hashedEmail',
  'hashedPhone',
  'postalCode',
  'country',
  'city',
  'locality',
  'region',
] as const;
/** Consents to be written to by a channel. */
export const optInFields = ['emailOptIn', 'smsOptIn', 'whatsappOptIn', 'rcsOptIn'] as const;
const fieldNames: ReadonlySet<string> = new Set([
  'userId',
  'anonymousId',
  ...textFields,
  ...optInFields,
  'gender',
  'birthDate',
  'attributes',
]);

/** @throws RequestError `invalid-request` */
export function parseUser(body: unknown): UserRequest {
  const fields = readObject(body, 'A user');
  const user = parseUserIds(fields);
  const texts = parseTexts(fields);
  return {
    user,
    values: { ...texts.values, ...parseOptIns(fields), ...parseGender(fields), ...parseBirthDate(fields) },
    cutValues: texts.cut,
    attributes: parseAttributes(fields.attributes, 'attributes'),
    unknownMembers: unknownMembers(fields, fieldNames),
  };
}

/**
 * Of PUT, whose user is named by userId (docs/spec/webengage.md A).
 * @throws RequestError `invalid-request`
 */
export function parseKnownUser(body: unknown): UserRequest {
  const request = parseUser(body);
  if (request.user.kind !== 'user') throw invalid('userId cannot be empty.');
  return request;
}

/** A2: some clients always send every key. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function parseTexts(fields: Record<string, unknown>): { values: AttributeChanges; cut: number } {
  const values: AttributeChanges = {};
  let cut = 0;
  for (const name of textFields) {
    if (!isGiven(fields[name])) continue;
    const text = readText(fields[name], name);
    if (isTooLong(text)) cut++;
    values[name] = isTooLong(text) ? cutLongText(text) : text;
  }
  return { values, cut };
}

function parseOptIns(fields: Record<string, unknown>): AttributeChanges {
  const values: AttributeChanges = {};
  for (const name of optInFields) {
    const value = fields[name];
    if (!isGiven(value)) continue;
    if (typeof value !== 'boolean') throw invalid(`${name} must be true or false.`);
    values[name] = value;
  }
  return values;
}

function parseGender({ gender }: Record<string, unknown>): AttributeChanges {
  if (!isGiven(gender)) return {};
  if (gender !== 'male' && gender !== 'female' && gender !== 'other')
    throw invalid('gender must be male, female or other.');
  return { gender };
}

/** In UTC it may be the day before: the text as sent says which day was meant. */
function parseBirthDate(fields: Record<string, unknown>): AttributeChanges {
  const birthDate = parseTime(fields.birthDate, 'birthDate');
  if (birthDate === undefined) return {};
  return { birthDate: new Date(birthDate).toISOString(), birthDateText: fields.birthDate };
}
