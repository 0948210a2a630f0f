import type { DialectCredentials, DialectName } from '../dialect-name.ts';
import type { Provided, Provision, Shown } from './provision.ts';

interface SharedCredentials {
  readonly baseUrl: string;
  readonly workspace: { readonly id: string; readonly slug: string };
  readonly admin: { readonly token: string };
}

/** `credentials.json`, a public contract: scripts build on it (docs/credentials.md). Members are only ever added. */
export type CredentialsFile = SharedCredentials & DialectCredentials;

/** As it may be found in a data folder: written before there was some member, or some dialect. */
export type FoundCredentials = SharedCredentials & {
  readonly [Name in DialectName]?: Readonly<Record<string, unknown>>;
};

const serviceAccountMembers = ['clientId', 'privateKey', 'privateKeyId', 'serviceAccountEmail'];

/** Whether it is what this product writes, or wrote at some time: nothing in it is of another form. */
export function isCredentialsFile(file: unknown, dialects: readonly Provided[]): file is FoundCredentials {
  return (
    hasTexts(file, ['baseUrl']) &&
    hasTexts(memberOf(file, 'workspace'), ['id', 'slug']) &&
    hasTexts(memberOf(file, 'admin'), ['token']) &&
    dialects.every(({ provision }) => isPart(memberOf(file, provision.dialect), provision))
  );
}

function isPart(part: unknown, { credentials }: Provision): boolean {
  if (part === undefined) return true;
  if (typeof part !== 'object' || part === null) return false;
  return Object.entries(credentials).every(([member, shown]) => {
    const value = memberOf(part, member);
    return value === undefined || isShown(value, shown);
  });
}

function isShown(value: unknown, { is }: Shown): boolean {
  return is === 'service-account' ? hasTexts(value, serviceAccountMembers) : typeof value === 'string';
}

/** Whether it has every member that the dialects show. */
export function isWhole(file: FoundCredentials, dialects: readonly Provided[]): file is CredentialsFile {
  return dialects.every(
    ({ provision }) => findMissing(file[provision.dialect] ?? {}, provision).length === 0,
  );
}

/** The members that a dialect's part lacks; a user's name and password are of no use without each other, and so count as one. */
export function findMissing(
  part: Readonly<Record<string, unknown>>,
  { credentials }: Provision,
): (readonly [string, Shown])[] {
  const members = Object.entries(credentials);
  const isMissing = ([member]: readonly [string, Shown]) => part[member] === undefined;
  const isUserMissing = members.filter(([, shown]) => isOfUser(shown)).some(isMissing);
  return members.filter((member) => (isOfUser(member[1]) ? isUserMissing : isMissing(member)));
}

function isOfUser({ is }: Shown): boolean {
  return is === 'username' || is === 'password';
}

function hasTexts(value: unknown, members: readonly string[]): boolean {
  return members.every((member) => typeof memberOf(value, member) === 'string');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
