import { findUnstorable } from '../../../../core/event/storable.ts';
import { type FieldEntity, fieldEntities, findFieldFault } from '../../definition/definition.ts';
import type { NewField } from '../../field/manage-fields.ts';
import { FIELD_TYPE_NAMES, type FieldTypeName } from '../../field-type/field-type.ts';
import { invalid, parseFlag, parseObject, requireText } from '../parse.ts';

const maximumKeyLength = 64;
const maximumLabelLength = 200;
const maximumMetadataLength = 10_000;

/** @throws RequestError `invalid-request` */
export function parseNewField(body: unknown, projectId: string): NewField {
  const field = parseObject(body, 'body');
  if (field.projectId !== undefined && field.projectId !== null && field.projectId !== projectId)
    throw invalid('projectId must be the one in the path');
  const entity = parseEntity(field.entity);
  const key = requireText(field.key, 'key', maximumKeyLength);
  const parsed: NewField = {
    entity,
    key,
    type: parseType(field.type ?? (entity === 'state' ? 'state' : undefined)),
    label: requireText(field.label ?? key, 'label', maximumLabelLength),
    isPii: parseFlag(field.isPii ?? undefined, 'isPii') ?? false,
    discriminant: parseFlag(field.discriminant ?? undefined, 'discriminant') ?? false,
    metadata: parseMetadata(field.metadata ?? {}),
  };
  const { type, isPii, discriminant } = parsed;
  const declaration = { entity, type, storageKey: key, ingestionKey: null, isPii, discriminant };
  const fault = findFieldFault({ ...declaration, isMostProbableLocation: false, optional: true });
  if (fault) throw invalid(fault.replace('storageKey', 'key'));
  return parsed;
}

/** C11: `event-type` is what the vendor's samples call `event`; its client's comment calls a statistic a metric. */
function parseEntity(value: unknown): FieldEntity {
  if (value === 'event-type') return 'event';
  if (value === 'metric') return 'statistic';
  const entity = fieldEntities.find((known) => known === value);
  if (!entity) throw invalid(`entity must be one of the following values: ${fieldEntities.join(', ')}`);
  return entity;
}

function parseType(value: unknown): FieldTypeName {
  const type = FIELD_TYPE_NAMES.find((known) => known === value);
  if (!type) throw invalid(`type must be one of the following values: ${FIELD_TYPE_NAMES.join(', ')}`);
  return type;
}

function parseMetadata(value: unknown): Record<string, unknown> {
  const metadata = parseObject(value, 'metadata');
  if (findUnstorable(metadata)) throw invalid('metadata must be storable JSON');
  if (JSON.stringify(metadata).length > maximumMetadataLength)
    throw invalid(`metadata must be at most ${maximumMetadataLength} characters of JSON`);
  return metadata;
}
