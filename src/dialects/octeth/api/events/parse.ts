import { createHash } from 'node:crypto';
import { isUuid } from '../../../../core/id.ts';
import type { Violation } from '../../../../core/quarantine/quarantine.ts';
import { emailKey } from '../../../../core/value/normal-form.ts';
import { stripMarks } from '../../../../core/value/text.ts';
import { type EventErrorCode, eventErrors, refuseEvent, refusePropertyList } from '../../errors.ts';
import { type Fields, isObject, isTrue, parseListId } from '../fields.ts';

/** docs/spec/octeth.md A1 (ID); the same for names. */
const maximumTextLength = 255;
const hashPattern = /^[0-9a-f]{64}$/i;

export interface TrackedEvent {
  /** The list's number as text. */
  readonly listId: string;
  readonly name: string;
  /** As it was written, and the form by which subscribers are found (docs/spec/octeth.md C14). */
  readonly email: { readonly written: string; readonly normal: string } | undefined;
  /** True: a page's visitor sent it, without a key. What it claims is weaker evidence, and it may write less. */
  readonly keyless: boolean;
  readonly id: string | undefined;
  /** In lower case. */
  readonly uuid: string | undefined;
  readonly properties: Record<string, unknown>;
  /** Of an identify event: values of custom fields by what the caller calls them (B11). */
  readonly identifyProperties: Record<string, unknown>;
  /** Parameters that the rules drop, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Parameters that the page does not know. */
  readonly unknownNames: readonly string[];
}

const parameters = new Set(['listid', 'event', 'email', 'id', 'uuid', 'properties', 'identifyproperties']);

/** What the envelope is judged by that only the workspace knows. */
export interface EnvelopeRules {
  readonly hasList: (listId: string) => boolean;
  /** False: the waiver of ruling 1 holds. */
  readonly requireEmail: boolean;
  /** True: whoever reads the page could have sent it. */
  readonly keyless: boolean;
}

/**
 * Reads an event, its envelope checked in the order of the codes (docs/spec/octeth.md B2).
 * @throws RequestError with the vendor's code 4 to 7
 */
export function parseEvent(fields: Fields, rules: EnvelopeRules): TrackedEvent {
  const listId = parseListId(fields.get('listid'));
  if (listId === undefined || !rules.hasList(listId)) throw refuseEvent(4);
  const nameText = fields.get('event');
  const name = typeof nameText === 'string' ? nameText.trim() : '';
  if (name === '') throw refuseEvent(5);
  const uuidText = fields.text('uuid');
  // C7: what is no UUID is as if it had not been sent.
  const uuid = uuidText !== undefined && isUuid(uuidText) ? uuidText.toLowerCase() : undefined;
  const email = parseEmail(fields.get('email'));
  const sentId = fields.text('id');
  // Beside an address, a visitor's hash would be a claim to be two.
  const isHashBeside = rules.keyless && email !== undefined && sentId !== undefined;
  const id = isHashBeside ? undefined : sentId;
  if (!email && (rules.requireEmail || !isWaived(name, uuid, id))) throw refuseEvent(6);
  const properties = readMap(fields.get('properties'));
  const identifyProperties = readMap(fields.get('identifyproperties'));
  return {
    listId,
    name,
    email,
    keyless: rules.keyless,
    id,
    uuid,
    properties: properties ?? {},
    // B11: only identify events write custom fields.
    identifyProperties: (isIdentify(name) && identifyProperties) || {},
    dropped: {
      ...(isHashBeside ? { 'hash-beside-address': 1 } : {}),
      ...(properties ? {} : { 'properties-not-an-object': 1 }),
      ...(identifyProperties ? {} : { 'identify-properties-not-an-object': 1 }),
      ...(identifyProperties && !isIdentify(name)
        ? countOf('identify-properties-of-another-event', Object.keys(identifyProperties).length)
        : {}),
      ...(uuidText !== undefined && uuid === undefined ? { 'uuid-not-a-uuid': 1 } : {}),
    },
    unknownNames: fields.unknownNames(parameters),
  };
}

function countOf(reason: string, total: number): Record<string, number> {
  return total === 0 ? {} : { [reason]: total };
}

/** C3. */
function isWaived(name: string, uuid: string | undefined, id: string | undefined): boolean {
  if (isEmailHash(id)) return true;
  return !isIdentify(name) && (uuid !== undefined || isPageView(name));
}

/** C14: syntax only. */
function parseEmail(value: unknown): { written: string; normal: string } | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw refuseEvent(7);
  const written = stripMarks(value);
  if (written === '') return undefined;
  const normal = emailKey(written);
  if (normal === undefined) throw refuseEvent(7);
  return { written, normal };
}

/** An object, or what PHP clients send for none; undefined for anything else (C8). */
function readMap(value: unknown): Record<string, unknown> | undefined {
  if (isObject(value)) return value;
  const isNone =
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return isNone ? {} : undefined;
}

/** @throws RequestError with the vendor's code 1 to 3 (docs/spec/octeth.md A2) */
export function parsePropertyListQuestion(fields: Fields, hasList: (listId: string) => boolean): string {
  const given = fields.get('listid');
  if (given === undefined || given === null || given === '') throw refusePropertyList(1);
  const listId = parseListId(given);
  if (listId === undefined) throw refusePropertyList(2);
  if (!hasList(listId)) throw refusePropertyList(3);
  return listId;
}

export function isIdentify(name: string): boolean {
  return name.toLowerCase() === 'identify';
}

export function isPageView(name: string): boolean {
  return name === 'pageView' || name === 'page_view';
}

export function isConversion(name: string): boolean {
  return name.toLowerCase() === 'conversion';
}

/** B10: such an ID says whose e-mail address was hashed. */
export function isEmailHash(id: string | undefined): id is string {
  return id !== undefined && hashPattern.test(id);
}

/** B10: of the address as it was written. */
export function hashEmail(written: string): string {
  return createHash('sha256').update(written).digest('hex');
}

/** B12. */
export function isTest(event: TrackedEvent): boolean {
  return isTrue(findProperty(event.properties, 'istest'));
}

/** A property whose name the vendor gives a meaning, in any case (C11). */
export function findProperty(properties: Record<string, unknown>, lowerName: string): unknown {
  if (Object.hasOwn(properties, lowerName)) return properties[lowerName];
  const name = Object.keys(properties).find((key) => key.toLowerCase() === lowerName);
  return name === undefined ? undefined : properties[name];
}

/** What makes an event of a correct envelope a bad one; it is kept in quarantine (B3 and our own bounds). */
export function findViolation(event: TrackedEvent): Violation | undefined {
  if (event.name.length > maximumTextLength) return tooLong('/Event');
  if (event.id !== undefined && event.id.length > maximumTextLength) return tooLong('/ID');
  if (!isConversion(event.name)) return undefined;
  const required: [string, EventErrorCode][] = [
    ['conversion-id', 8],
    ['conversion-name', 9],
    ['conversion-value', 10],
  ];
  for (const [name, code] of required) {
    if (isMissing(findProperty(event.properties, name))) {
      const detail = { code, message: eventErrors[code] };
      return { rule: 'missing-field', path: `/Properties/${name}`, detail };
    }
  }
  return undefined;
}

function tooLong(path: string): Violation {
  return { rule: 'value-too-long', path, detail: { maximum: maximumTextLength } };
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
