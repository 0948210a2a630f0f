import type { DialectName } from '../core/dialect-name.ts';
import { dialects } from '../dialects/registry.ts';
import { UsageError } from './command.ts';

export const dialectList = dialects.map(({ name }) => name).join(', ');

/** @throws UsageError */
export function requireDialect(name: string): DialectName {
  const dialect = dialects.find((known) => known.name === name);
  if (dialect) return dialect.name;
  throw new UsageError(`"${name}" is no API; choose from ${dialectList}`);
}
