import { type Credential, holderOf } from '../../../core/credential/credential.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { findHolder } from '../source/source.ts';
import { isSourceRole } from '../source/source-roles.ts';
import { userRights } from './user-right-store.ts';

export const permissions = ['R', 'RW', 'W'] as const;
/** Reading, writing, or both. */
export type Permission = (typeof permissions)[number];

/** What a token may in which nodes, by their public ids; in those that are not named, nothing. */
export type NodeRights = ReadonlyMap<string, Permission>;

/** Undefined: whatever its role may, in every node. A source's are its nodes (docs/spec/contacthub.md A#66), a user's are given (A#77). */
export function rightsOf(workspace: Workspace, credential: Credential): NodeRights | undefined {
  const holder = holderOf(credential);
  if (!isSourceRole(credential.role)) return workspace.parts.get(userRights).get(holder)?.rights;
  const nodes = findHolder(workspace, holder)?.nodes;
  return nodes ? new Map(nodes.map((id) => [id, 'RW'])) : undefined;
}

export function allows(permission: Permission | undefined, needed: 'R' | 'W'): boolean {
  return permission?.includes(needed) === true;
}
