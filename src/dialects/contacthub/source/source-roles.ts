import type { Role } from '../roles.ts';

/** The roles of tokens that sources have; the others are users'. */
const sourceRoles: readonly string[] = ['TRUSTED_APPLICATION', 'UNTRUSTED_APPLICATION'] satisfies Role[];

export function isSourceRole(role: string): boolean {
  return sourceRoles.includes(role);
}
