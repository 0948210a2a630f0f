import { contacthub } from './contacthub/routes.ts';
import type { Dialect } from './dialect.ts';
import { octeth } from './octeth/routes.ts';
import { signals } from './signals/routes.ts';
import { webengage } from './webengage/routes.ts';
import { webmarketer } from './webmarketer/routes.ts';

/** Every dialect there is. Only this file imports them. The first that owns a path answers for it. */
export const dialects: readonly Dialect[] = [octeth, webengage, webmarketer, signals, contacthub];

export function dialectOf(path: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.owns(path));
}
