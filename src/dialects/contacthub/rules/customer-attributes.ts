import { customerDefaults, customerShape, type Shape } from './customer-shape.ts';

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

/**
 * Puts a customer together from its attributes, in its full form: absent values are null, absent lists are empty, and a part of
 * which nothing is there is null, but for `base`, which clients read without looking.
 */
export function nestCustomer(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const nest = (shape: Shape, path: string): unknown => {
    if (shape === 'value') return values[path] ?? customerDefaults[path] ?? null;
    if (shape === 'list') return values[path] ?? [];
    const members =
      shape === 'open'
        ? openMembers(values, `${path}.`)
        : Object.fromEntries(
            Object.entries(shape).map(([name, member]) => [name, nest(member, `${path}.${name}`)]),
          );
    return path !== 'base' && Object.values(members).every(isEmpty) ? null : members;
  };
  return Object.fromEntries(Object.entries(customerShape).map(([name, shape]) => [name, nest(shape, name)]));
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
