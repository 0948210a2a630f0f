import type { Dialect } from './dialect.ts';
import { webengage } from './webengage/routes.ts';

/** Every dialect there is. Only this file imports them. The first that owns a path answers for it. */
export const dialects: readonly Dialect[] = [webengage];

export function dialectOf(path: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.owns(path));
}
