/**
 * What a customer is made of, and how finely a write may touch it: `value` and `list` are one attribute each, `open` is one for
 * each name that it holds (docs/spec/contacthub.md B). The geographic location is a value: half of one means nothing.
 */
export type Shape = 'value' | 'list' | 'open' | { readonly [name: string]: Shape };

const values = <Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, 'value'])) as { [name in Name]: 'value' };

const consent = values('status', 'limitation', 'objection');
const consents = (...names: string[]): Shape => Object.fromEntries(names.map((name) => [name, consent]));

export const customerShape = {
  externalId: 'value',
  base: {
    ...values(
      'pictureUrl',
      'title',
      'prefix',
      'firstName',
      'lastName',
      'middleName',
      'gender',
      'dob',
      'locale',
      'timezone',
    ),
    contacts: {
      ...values('email', 'fax', 'mobilePhone', 'phone'),
      otherContacts: 'list',
      mobileDevices: 'list',
    },
    address: values('street', 'city', 'country', 'province', 'region', 'zip', 'geo'),
    credential: values('username', 'password'),
    educations: 'list',
    likes: 'list',
    socialProfile: values('facebook', 'google', 'instagram', 'linkedin', 'qzone', 'twitter'),
    jobs: 'list',
    subscriptions: 'list',
  },
  consents: {
    disclaimer: values('date', 'version'),
    marketing: {
      traditional: consents('telephonic', 'papery'),
      automatic: consents('sms', 'email', 'push', 'im', 'telephonic'),
    },
    profiling: consents('classic', 'online'),
    softSpam: consents('email', 'papery'),
    thirdPartyTransfer: consents('profiling', 'marketing'),
  },
  extended: 'open',
  extra: 'value',
  tags: { auto: 'list', manual: 'list' },
  enabled: 'value',
} as const satisfies Shape;

/** The paths of all attributes that a part of the shape has; none of what is open. */
export function pathsOf(shape: Shape, path: string): string[] {
  if (typeof shape === 'string') return shape === 'open' ? [] : [path];
  return Object.entries(shape).flatMap(([name, member]) => pathsOf(member, `${path}.${name}`));
}

/** What a customer is shown with, and found by, where nothing was written. */
export const customerDefaults: Readonly<Record<string, unknown>> = { enabled: true };

/** What stands at a path of a customer; undefined for a path that none has. */
export function shapeOf(path: string): Shape | undefined {
  let shape: Shape | undefined = customerShape;
  const names = path.split('.');
  for (const [index, name] of names.entries()) {
    if (shape === 'open') return index === names.length - 1 && name !== '' ? 'value' : undefined;
    if (typeof shape === 'string' || shape === undefined || !Object.hasOwn(shape, name)) return undefined;
    shape = shape[name];
  }
  return shape;
}

/** Where in a customer a dotted path leads. */
export type Place =
  /** An attribute, and the way to a member inside its value (`base.jobs.companyName`: the list, then a member of its items). */
  | { readonly kind: 'attribute'; readonly path: string; readonly members: readonly string[] }
  /** A part that holds several attributes; all of their paths begin with this. */
  | { readonly kind: 'group'; readonly prefix: string };

/** A path that no customer has leads to an attribute that none has a value of. */
export function locate(path: string): Place {
  const names = path.split('.');
  let shape: Shape = customerShape;
  for (const [index, name] of names.entries()) {
    if (shape === 'open') return attribute(names, index + 1);
    if (typeof shape === 'string') return attribute(names, index);
    if (!Object.hasOwn(shape, name)) return { kind: 'attribute', path, members: [] };
    shape = shape[name]!;
  }
  return typeof shape === 'object' || shape === 'open'
    ? { kind: 'group', prefix: `${path}.` }
    : attribute(names, names.length);
}

/** Where the value of a path is in attributes, `{path: [value, …]}`: of a part that holds several, nowhere. */
export function placeInAttributes(path: string): string[] {
  const place = locate(path);
  return place.kind === 'attribute' ? [place.path, '0', ...place.members] : [place.prefix];
}

function attribute(names: readonly string[], length: number): Place {
  return { kind: 'attribute', path: names.slice(0, length).join('.'), members: names.slice(length) };
}
