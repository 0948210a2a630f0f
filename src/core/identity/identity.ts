/**
 * Kinds of keys, by the number they are stored under. `email` and `phone` are in normal form (lower case, E.164), so that they
 * also tell which profiles of different nodes are one person. The numbers are in the data: never renumber.
 */
export const identityKinds = {
  email: 1,
  phone: 2,
  /** The vendor's id of a known user (WebEngage's userId). */
  user: 3,
  /** The vendor's id of an anonymous user (WebEngage's anonymousId). */
  anonymous: 4,
  /** Contacthub's session value, unique in its node. */
  session: 5,
  /** A customer's own id of a person (Contacthub's externalId; not unique). */
  external: 6,
  /** The id of a browser (Octeth's uuid). */
  visitor: 7,
  /** Webmarketer's trackerId. */
  tracker: 8,
  /** What a node's matching rule makes of a record's properties. */
  matching: 9,
  /** A discriminant field, as `storageKey` + line feed + normal form. */
  field: 10,
  /** An e-mail address as it was written, for rules that mind the case (Octeth's hashed ids). */
  emailHash: 11,
  /** A customer's own id of a person that events name, held by an anonymous profile until there is a record with that id. */
  externalReference: 12,
  /** A custom field's value by which a list's subscribers are found, as the field's id + line feed + value. */
  customField: 13,
  /** Likewise one that no two of a list's subscribers may have; nobody is found by it. */
  uniqueValue: 14,
  /** WhatsApp's business-scoped user id. */
  whatsappUser: 15,
} as const;

export type IdentityKind = keyof typeof identityKinds;

export interface Key {
  readonly kind: IdentityKind;
  /** Normal form, at most `maximumKeyLength` characters. */
  readonly value: string;
}

/** Ids that a page gives to a browser, the same one in whichever dialect's node: the visits of a page's visitor are a tracker's. */
export const browserKinds: readonly IdentityKind[] = ['visitor', 'tracker'];

/** The index's limit is about 2,700 bytes a row; a longer value identifies nobody. */
export const maximumKeyLength = 512;

const kindNames = new Map(
  Object.entries(identityKinds).map(([name, number]) => [number as number, name as IdentityKind]),
);

export function identityKindOf(number: number): IdentityKind {
  const kind = kindNames.get(number);
  if (!kind) throw new Error(`identity kind ${number} is unknown to this version`);
  return kind;
}

/** A key as the text that maps are keyed by. */
export function keyText(key: Key): string {
  return `${identityKinds[key.kind]}\n${key.value}`;
}
