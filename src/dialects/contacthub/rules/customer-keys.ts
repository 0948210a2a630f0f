import { createHash } from 'node:crypto';
import { type IdentityKind, type Key, maximumKeyLength } from '../../../core/identity/identity.ts';
import type { Node } from '../../../core/node/node.ts';
import { emailKey, normalizePhone } from '../../../core/value/normal-form.ts';
import { canonicalJson } from './canonical-json.ts';
import type { FlatCustomer } from './customer-attributes.ts';
import { customerShape } from './customer-shape.ts';

/** By which properties a node finds a customer again. */
export interface MatchingPolicy {
  /** Attribute paths. */
  readonly paths: readonly string[];
  readonly caseSensitive: boolean;
}

/** What was made of nodes' settings, each of which is asked for several times a write. */
const knownPolicies = new WeakMap<Node['settings'], { readonly policy: MatchingPolicy | undefined }>();

/** Undefined where a node lets everybody in anew. */
export function matchingPolicyOf({ settings }: Node): MatchingPolicy | undefined {
  return knownPolicies.getOrInsertComputed(settings, () => ({ policy: readPolicy(settings) })).policy;
}

function readPolicy(settings: Node['settings']): MatchingPolicy | undefined {
  const { uniqueCustomer, uniquenessPolicy } = settings;
  if (!uniqueCustomer || uniqueCustomer.properties.length === 0 || uniquenessPolicy === 'NO_CHECK')
    return undefined;
  return {
    paths: uniqueCustomer.properties.map(attributePath),
    caseSensitive: uniqueCustomer.caseSensitive,
  };
}

export function mandatoryPathsOf(node: Node): string[] {
  return (node.settings.mandatoryProperties ?? []).map(attributePath);
}

/** Which form the vendor's configuration takes is not known (docs/spec/contacthub.md B): `contacts.email` is `base.contacts.email`. */
export function attributePath(property: string): string {
  const [first = ''] = property.split('.');
  return Object.hasOwn(customerShape, first) ? property : `base.${property}`;
}

/** Those of the paths that have no value, or an empty one. */
export function missingPaths(values: Readonly<Record<string, unknown>>, paths: readonly string[]): string[] {
  return paths.filter((path) => isMissing(values[path]));
}

/** Those of the paths that the write takes the value from. */
export function clearedPaths({ given, cleared }: FlatCustomer, paths: readonly string[]): string[] {
  return paths.filter(
    (path) =>
      (given.has(path) && isMissing(given.get(path))) || cleared.some((prefix) => path.startsWith(prefix)),
  );
}

/** Whether the write says anything of the paths. */
export function touches({ given, cleared }: FlatCustomer, paths: readonly string[]): boolean {
  return paths.some((path) => given.has(path) || cleared.some((prefix) => path.startsWith(prefix)));
}

/** The kinds of keys that follow from a customer's values alone. */
export const customerKeyKinds: readonly IdentityKind[] = ['matching', 'email', 'phone', 'external'];

/** All keys that a customer's values make in its node. */
export function customerKeys(
  values: Readonly<Record<string, unknown>>,
  node: Node,
  phoneCountries: readonly string[],
): Key[] {
  const policy = matchingPolicyOf(node);
  const matching = policy && matchingKey(values, policy);
  return [...(matching ? [matching] : []), ...contactKeys(values, phoneCountries)];
}

const contactPaths = [
  'base.contacts.email',
  'base.contacts.mobilePhone',
  'base.contacts.phone',
  'externalId',
];

/** Whether the same keys follow from other values: most writes leave a customer with just the values that they give. */
export function haveSameKeys(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
  node: Node,
): boolean {
  const isSame = (path: string) => one[path] === other[path];
  return contactPaths.every(isSame) && (matchingPolicyOf(node)?.paths ?? []).every(isSame);
}

/**
 * The key by which the node's policy finds the customer; undefined when one of its properties is missing. It names the policy, so
 * that keys of an earlier one find nobody.
 */
export function matchingKey(
  values: Readonly<Record<string, unknown>>,
  { paths, caseSensitive }: MatchingPolicy,
): Key | undefined {
  if (missingPaths(values, paths).length > 0) return undefined;
  const fold = (value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    const composed = value.normalize('NFC');
    return caseSensitive ? composed : composed.toLowerCase();
  };
  const text = canonicalJson([caseSensitive, ...paths.map((path) => [path, fold(values[path])])]);
  const value =
    text.length > maximumKeyLength ? `sha256 ${createHash('sha256').update(text).digest('hex')}` : text;
  return { kind: 'matching', value };
}

/** E-mail, phones and the customer's own id, in normal form. */
export function contactKeys(
  values: Readonly<Record<string, unknown>>,
  phoneCountries: readonly string[],
): Key[] {
  const keys: Key[] = [];
  const email = values['base.contacts.email'];
  const normalEmail = typeof email === 'string' ? emailKey(email) : undefined;
  if (normalEmail) keys.push({ kind: 'email', value: normalEmail });
  for (const path of ['base.contacts.mobilePhone', 'base.contacts.phone']) {
    const phone = values[path];
    const normalPhone = typeof phone === 'string' ? normalizePhone(phone, phoneCountries) : undefined;
    if (normalPhone && !keys.some((key) => key.kind === 'phone' && key.value === normalPhone))
      keys.push({ kind: 'phone', value: normalPhone });
  }
  const { externalId } = values;
  if (typeof externalId === 'string' && externalId !== '') keys.push({ kind: 'external', value: externalId });
  return keys;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
