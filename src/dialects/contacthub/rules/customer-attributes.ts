import { isRecord } from '../../../core/value/text.ts';
import { readJson } from '../../../json/read-json.ts';
import { customerDefaults, customerShape, type Shape } from './customer-shape.ts';
import { wholeItems } from './list-items.ts';

export type CustomerBody = { readonly [name: string]: unknown };

/** A customer's body, or a part of one, as a write takes it. */
export interface FlatCustomer {
  /** The values that are given, by attribute path. */
  readonly given: ReadonlyMap<string, unknown>;
  /** Prefixes of the paths of parts that are given as null: every attribute in them is cleared. */
  readonly cleared: readonly string[];
  /** Paths that stay as they are, whatever is said of them. */
  readonly kept?: ReadonlySet<string>;
}

/** Takes a checked body apart. Keys that are no part of the shape (ids, dates of the system) are left out. */
export function flattenCustomer(body: CustomerBody): FlatCustomer {
  const given = new Map<string, unknown>();
  const cleared: string[] = [];
  for (const part of customerParts) flattenPart(part, body[part.name], given, cleared);
  return { given, cleared };
}

function flattenPart(
  { shape, path, parts }: Part,
  value: unknown,
  given: Map<string, unknown>,
  cleared: string[],
): void {
  if (value === undefined) return;
  if (shape === 'value') given.set(path, value);
  else if (shape === 'list') given.set(path, value ?? []);
  else if (!isRecord(value)) cleared.push(`${path}.`);
  else if (shape === 'open') for (const name of Object.keys(value)) given.set(`${path}.${name}`, value[name]);
  else
    for (const part of parts)
      if (Object.hasOwn(value, part.name)) flattenPart(part, value[part.name], given, cleared);
}

/**
 * A part of the shape with what a customer has where nothing was written. Made once: a page puts thousands of customers together, a
 * file takes as many apart.
 */
interface Part {
  readonly name: string;
  readonly path: string;
  readonly shape: 'value' | 'list' | 'open' | 'group';
  /** What leads its value in JSON: `"name":`. */
  readonly lead: string;
  /** JSON of it where nothing is there; the same behind what leads it. */
  readonly absent: string;
  readonly absentMember: string;
  /** The members before it in its group, where nothing is there of any. */
  readonly absentBefore: string;
  readonly parts: readonly Part[];
}

function partOf(shape: Shape, name: string, path: string, absentBefore: string): Part {
  const kind = typeof shape === 'string' ? shape : 'group';
  const parts = typeof shape === 'string' ? [] : partsOf(shape, `${path}.`);
  const whole = `{${parts.map((part) => part.absentMember).join(',')}}`;
  const lead = `"${name}":`;
  // Clients read `base` without looking.
  const absent =
    path === 'base' ? whole : kind === 'list' ? '[]' : JSON.stringify(customerDefaults[path] ?? null);
  return { name, path, shape: kind, lead, absent, absentMember: lead + absent, absentBefore, parts };
}

function partsOf(shape: { readonly [name: string]: Shape }, prefix: string): Part[] {
  let before = '';
  return Object.entries(shape).map(([name, member]) => {
    const part = partOf(member, name, prefix + name, before);
    before += `${part.absentMember},`;
    return part;
  });
}

const customerParts = partsOf(customerShape, '');

/**
 * Puts a customer together from its attributes, in its full form: its members as JSON, `"externalId":null` first. Absent values are null,
 * absent lists are empty, and a part of which nothing is there is null, but for `base`.
 */
export function writeCustomerMembers(values: Readonly<Record<string, unknown>>): string[] {
  return customerParts.map((part) => part.lead + (writePart(part, values) ?? part.absent));
}

/** The same, to look into. */
export function nestCustomer(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return readJson(`{${writeCustomerMembers(values).join(',')}}`) as Record<string, unknown>;
}

/** Undefined where it would be as if nothing were there. */
function writePart(part: Part, values: Readonly<Record<string, unknown>>): string | undefined {
  if (part.shape === 'group') return writeGroup(part, values);
  const value = part.shape === 'open' ? openMembers(values, `${part.path}.`) : values[part.path];
  if (isEmpty(value)) return undefined;
  return JSON.stringify(part.shape === 'list' ? wholeItems(part.path, value) : value);
}

function writeGroup({ parts }: Part, values: Readonly<Record<string, unknown>>): string | undefined {
  // Of most groups nothing is there. Lists that are joined would be garbage of each group, and their texts be copied by each around it.
  let members: string | undefined;
  for (const part of parts) {
    const written = writePart(part, values);
    if (members !== undefined) members += `,${part.lead}${written ?? part.absent}`;
    else if (written !== undefined) members = part.absentBefore + part.lead + written;
  }
  return members && `{${members}}`;
}

/** Null where none of them has a value. */
function openMembers(
  values: Readonly<Record<string, unknown>>,
  prefix: string,
): Record<string, unknown> | null {
  const members: Record<string, unknown> = Object.create(null);
  let isAbsent = true;
  for (const path in values) {
    if (!path.startsWith(prefix)) continue;
    members[path.slice(prefix.length)] = values[path];
    if (!isEmpty(values[path])) isAbsent = false;
  }
  return isAbsent ? null : members;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
