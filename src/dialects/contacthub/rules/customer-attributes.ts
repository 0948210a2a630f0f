import { customerDefaults, customerShape, type Shape } from './customer-shape.ts';
import { wholeItems } from './list-items.ts';

export type CustomerBody = { readonly [name: string]: unknown };

/** A customer's body, or a part of one, as a write takes it. */
export interface FlatCustomer {
  /** The values that are given, by attribute path. */
  readonly given: ReadonlyMap<string, unknown>;
  /** Prefixes of the paths of parts that are given as null: every attribute in them is cleared. */
  readonly cleared: readonly string[];
}

/** Takes a checked body apart. Keys that are no part of the shape (ids, dates of the system) are left out. */
export function flattenCustomer(body: CustomerBody): FlatCustomer {
  const given = new Map<string, unknown>();
  const cleared: string[] = [];
  const walk = (shape: Shape, value: unknown, path: string): void => {
    if (value === undefined) return;
    if (shape === 'value' || shape === 'list') {
      given.set(path, shape === 'list' ? (value ?? []) : value);
    } else if (value === null) {
      cleared.push(`${path}.`);
    } else {
      const members = value as Record<string, unknown>;
      const names = Object.keys(shape === 'open' ? members : shape);
      for (const name of names) {
        const member = Object.hasOwn(members, name) ? members[name] : undefined;
        walk(shape === 'open' ? 'value' : shape[name]!, member, `${path}.${name}`);
      }
    }
  };
  for (const [name, shape] of Object.entries(customerShape)) walk(shape, body[name], name);
  return { given, cleared };
}

/** A part of the shape with what a customer has where nothing was written. Made once: a page puts thousands of customers together. */
interface Part {
  readonly name: string;
  readonly path: string;
  readonly shape: 'value' | 'list' | 'open' | 'group';
  readonly standard: unknown;
  readonly parts: readonly Part[];
}

function partOf(shape: Shape, name: string, path: string): Part {
  const isGroup = typeof shape !== 'string';
  return {
    name,
    path,
    shape: isGroup ? 'group' : shape,
    standard: customerDefaults[path] ?? null,
    parts: isGroup
      ? Object.entries(shape).map(([inner, member]) => partOf(member, inner, `${path}.${inner}`))
      : [],
  };
}

const customerParts = Object.entries(customerShape).map(([name, shape]) => partOf(shape, name, name));

/**
 * Puts a customer together from its attributes, in its full form: absent values are null, absent lists are empty, and a part of
 * which nothing is there is null, but for `base`, which clients read without looking.
 */
export function nestCustomer(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return nestParts(customerParts, values).members;
}

function nestParts(
  parts: readonly Part[],
  values: Readonly<Record<string, unknown>>,
): { members: Record<string, unknown>; isEmpty: boolean } {
  const members: Record<string, unknown> = {};
  let isEmptyPart = true;
  for (const part of parts) {
    const member = nestPart(part, values);
    members[part.name] = member;
    isEmptyPart &&= isEmpty(member);
  }
  return { members, isEmpty: isEmptyPart };
}

function nestPart(
  { path, shape, standard, parts }: Part,
  values: Readonly<Record<string, unknown>>,
): unknown {
  if (shape === 'value') return values[path] ?? standard;
  if (shape === 'list') return wholeItems(path, values[path] ?? []);
  if (shape === 'open') {
    const members = openMembers(values, `${path}.`);
    return Object.values(members).every(isEmpty) ? null : members;
  }
  const nested = nestParts(parts, values);
  return nested.isEmpty && path !== 'base' ? null : nested.members;
}

function openMembers(values: Readonly<Record<string, unknown>>, prefix: string): Record<string, unknown> {
  const members: Record<string, unknown> = Object.create(null);
  for (const path of Object.keys(values)) {
    if (path.startsWith(prefix)) members[path.slice(prefix.length)] = values[path];
  }
  return members;
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
