import type { CustomColumn } from '../../../core/custom-column/custom-column.ts';
import { toObjectId } from '../../../core/id.ts';

/** spec/webmarketer.md A2. */
export function presentColumn(projectId: string, column: CustomColumn) {
  const { key, name, format, symbols } = column;
  return { id: toObjectId(column.id), projectId, key, name, format, symbols };
}
