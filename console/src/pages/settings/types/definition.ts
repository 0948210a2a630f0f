import type { EventType } from './queries.ts';

/** As `POST …/webmarketer/event-types` takes them. */
export const fieldTypes = [
  'string',
  'email',
  'phone',
  'boolean',
  'date',
  'location',
  'currency',
  'number',
  'message',
  'state',
] as const;
export type FieldType = (typeof fieldTypes)[number];

export const entities = ['user', 'event', 'state', 'statistic'] as const;
export type Entity = (typeof entities)[number];

export interface Field {
  readonly type: FieldType;
  readonly entity: Entity;
  readonly storageKey: string;
  readonly ingestionKey: string | null;
  readonly discriminant: boolean;
  readonly isPii: boolean;
  readonly isMostProbableLocation: boolean;
  readonly optional: boolean;
}

export interface Definition {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly attributable: boolean;
  readonly expirationPolicy: {
    readonly from: 'project' | 'event-type';
    readonly retentionDurationInDays: number | null;
  } | null;
}

/** What a type asks of its events; undefined where the vendor's vocabulary is open. */
export function definitionOf({ definition }: Pick<EventType, 'definition'>): Definition | undefined {
  if (definition === null) return undefined;
  const { name, fields, attributable, expirationPolicy } = definition;
  return {
    name: typeof name === 'string' ? name : '',
    fields: Array.isArray(fields) ? fields.flatMap(readField) : [],
    attributable: attributable !== false,
    expirationPolicy: readPolicy(expirationPolicy),
  };
}

function readField(value: unknown): readonly Field[] {
  const type = fieldTypes.find((one) => one === memberOf(value, 'type'));
  const entity = entities.find((one) => one === memberOf(value, 'entity'));
  const storageKey = memberOf(value, 'storageKey');
  const ingestionKey = memberOf(value, 'ingestionKey');
  if (!type || !entity || typeof storageKey !== 'string') return [];
  const flag = (name: string) => memberOf(value, name) === true;
  return [
    {
      type,
      entity,
      storageKey,
      ingestionKey: typeof ingestionKey === 'string' ? ingestionKey : null,
      discriminant: flag('discriminant'),
      isPii: flag('isPii'),
      isMostProbableLocation: flag('isMostProbableLocation'),
      optional: flag('optional'),
    },
  ];
}

function readPolicy(value: unknown): Definition['expirationPolicy'] {
  const from = memberOf(value, 'from');
  const days = memberOf(value, 'retentionDurationInDays');
  if (from !== 'project' && from !== 'event-type') return null;
  return { from, retentionDurationInDays: typeof days === 'number' ? days : null };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
