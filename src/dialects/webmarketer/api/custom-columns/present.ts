import { toObjectId } from '../../../../core/id.ts';
import type { CustomColumn } from '../../custom-column/custom-column.ts';

/** docs/spec/webmarketer.md A2. */
export function presentColumn(projectId: string, column: CustomColumn) {
  const { key, name, format, symbols } = column;
  return { id: toObjectId(column.id), projectId, key, name, format, symbols };
}
