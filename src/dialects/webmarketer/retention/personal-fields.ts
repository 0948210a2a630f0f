import { createHash } from 'node:crypto';
import type { FieldEntity } from '../definition/definition.ts';

/** A personal field of a type, and by which keys of the data any version of the type reads it. */
export interface PersonalField {
  readonly typeId: number;
  readonly entity: FieldEntity;
  readonly storageKey: string;
  readonly dataKeys: readonly string[];
}

/** What is personal in the events of one type. */
export interface PersonalFields {
  readonly event: ReadonlySet<string>;
  readonly user: ReadonlySet<string>;
  /** States and statistics: their numbers stay, since insights are made of them; what was sent goes. */
  readonly metrics: ReadonlySet<string>;
  readonly dataKeys: ReadonlySet<string>;
  /** Of all that, in a few letters: when it changes, events that were anonymized before are looked at again. */
  readonly fingerprint: string;
}

/** The fields of each type that has any. */
export function groupPersonalFields(fields: readonly PersonalField[]): Map<number, PersonalFields> {
  return new Map(
    [...Map.groupBy(fields, (field) => field.typeId)].map(([typeId, own]) => [typeId, gather(own)]),
  );
}

/** Of a type without personal fields. Its events lose their tracker's id all the same. */
export const nothingPersonal: PersonalFields = gather([]);

function gather(fields: readonly PersonalField[]): PersonalFields {
  const keysOf = (...entities: FieldEntity[]) =>
    new Set(fields.filter(({ entity }) => entities.includes(entity)).map(({ storageKey }) => storageKey));
  const event = keysOf('event');
  const user = keysOf('user');
  const metrics = keysOf('state', 'statistic');
  const dataKeys = new Set(fields.flatMap((field) => field.dataKeys));
  const text = JSON.stringify([event, user, metrics, dataKeys].map((keys) => [...keys].sort()));
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { event, user, metrics, dataKeys, fingerprint };
}
