import type { Field } from '../../field/field.ts';

/** docs/spec/webmarketer.md A2. */
export function presentField(projectId: string, field: Field) {
  const { id, entity, isPii, label, key, metadata, type, discriminant, archivedAt } = field;
  return { _id: id, entity, isPii, label, key, metadata, projectId, type, discriminant, archivedAt };
}
