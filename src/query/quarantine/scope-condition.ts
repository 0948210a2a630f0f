import type { QuarantineScope } from '../../core/quarantine/quarantine.ts';
import type { Parameter } from '../../store/queryable.ts';

/** SQL that follows `workspace_id = $1`: bad events of a scope, with its parameters behind those that are given. */
export function scopeCondition(
  { dialect, rule, type }: QuarantineScope,
  before: readonly Parameter[],
): { readonly condition: string; readonly parameters: readonly Parameter[] } {
  const parameters = [...before];
  let condition = '';
  const equals = (column: string, value: string) => {
    parameters.push(value);
    condition += ` and ${column} = $${parameters.length}`;
  };
  if (dialect !== undefined) equals('dialect', dialect);
  if (rule !== undefined) equals('rule', rule);
  // As the index of groups has it.
  if (type !== undefined) equals("coalesce(type, '')", type ?? '');
  return { condition, parameters };
}
