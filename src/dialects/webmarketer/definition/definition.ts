import type { EventType } from '../../../core/event-type/event-type.ts';
import { eventCount } from '../../../core/metric/metric.ts';
import { isPhoneCountry } from '../../../core/value/phone-number.ts';
import type { FieldTypeName } from '../field-type/field-type.ts';

export const fieldEntities = ['user', 'event', 'state', 'statistic'] as const;

/** Whose value a field is: the user's, the event's own, or a metric of the event that can be set later. */
export type FieldEntity = (typeof fieldEntities)[number];

/** A declared field (docs/spec/webmarketer.md B1). */
export interface FieldDefinition {
  readonly type: FieldTypeName;
  readonly entity: FieldEntity;
  /** What the value is kept under. */
  readonly storageKey: string;
  /** The key of the event's data that is read; null: the storage key, and for states and statistics none (ruling 5). */
  readonly ingestionKey: string | null;
  /** Users with an equal value of the field are one. */
  readonly discriminant: boolean;
  readonly isPii: boolean;
  readonly isMostProbableLocation: boolean;
  readonly optional: boolean;
}

export interface PhoneCountry {
  readonly order: number;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
}

export interface ExpirationPolicy {
  readonly from: 'project' | 'event-type';
  /** Null: never. */
  readonly retentionDurationInDays: number | null;
}

/** What the events of a type have to look like. */
export interface EventTypeDefinition {
  /** For people; the type's own name is its technical reference. */
  readonly name: string;
  readonly fields: readonly FieldDefinition[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Null: the workspace's. */
  readonly phoneParsingConfig: readonly PhoneCountry[] | null;
  readonly expirationPolicy: ExpirationPolicy | null;
  readonly attributable: boolean;
}

export const maximumReferenceLength = 100;
export const maximumNameLength = 200;
const maximumFields = 200;
const maximumIngestionKeyLength = 200;
const maximumMetadataLength = 10_000;
const maximumPhoneCountries = 20;
/** A value is kept once for each field that reads it, so this bounds what one event can grow to. */
const maximumReaders = 4;

export const referencePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const storageKeyPattern = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}$/;
const delayPrefix = 'state-delay-';

const discriminantTypes: readonly FieldTypeName[] = ['string', 'email', 'phone', 'number', 'date'];
const statisticTypes: readonly FieldTypeName[] = ['number', 'currency'];

/** The definition of a type; undefined where the vocabulary is open. It was checked when it was stored. */
export function definitionOf(type: Pick<EventType, 'definition'>): EventTypeDefinition | undefined {
  return type.definition === null ? undefined : (type.definition as Readonly<object> as EventTypeDefinition);
}

/** The key of an event's data that the field is read from; null when it is only ever set afterwards. */
export function ingestionKeyOf(field: FieldDefinition): string | null {
  if (field.ingestionKey !== null) return field.ingestionKey;
  return isMetric(field) ? null : field.storageKey;
}

/** Where an event's body has the value of a field, as a JSON pointer. */
export function pathOfField({
  storageKey,
  ingestionKey,
}: Pick<FieldDefinition, 'storageKey' | 'ingestionKey'>): string {
  return `/data/${(ingestionKey ?? storageKey).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function isMetric(field: FieldDefinition): boolean {
  return field.entity === 'state' || field.entity === 'statistic';
}

/** The statistic that tells how many seconds after the event its state was reached. */
export function delayKey(stateKey: string): string {
  return delayPrefix + stateKey;
}

/** Whether every event, or every state, has this metric of itself. */
export function isBuiltInMetric(key: string): boolean {
  return key === eventCount || key.startsWith(delayPrefix);
}

/** The keys of the states and statistics among some fields. */
export function metricKeysOfFields(fields: readonly FieldDefinition[]): string[] {
  return fields.filter(isMetric).map((field) => field.storageKey);
}

/** ISO codes in the order in which a phone number without `+` is tried. */
export function phoneCountriesOf(definition: EventTypeDefinition, ofWorkspace: readonly string[]): string[] {
  if (definition.phoneParsingConfig === null) return [...ofWorkspace];
  return [...definition.phoneParsingConfig]
    .sort((a, b) => a.order - b.order)
    .map((country) => country.countryCode);
}

/** What is wrong with a definition, as a phrase for its author; undefined when all is well. */
export function findDefinitionFault(definition: EventTypeDefinition): string | undefined {
  if (definition.name.length > maximumNameLength)
    return `name must be at most ${maximumNameLength} characters`;
  if (definition.fields.length > maximumFields) return `fields must hold at most ${maximumFields} fields`;
  if (JSON.stringify(definition.metadata).length > maximumMetadataLength)
    return `metadata must be at most ${maximumMetadataLength} characters of JSON`;
  const countries = definition.phoneParsingConfig ?? [];
  if (countries.length > maximumPhoneCountries)
    return `phoneParsingConfig must hold at most ${maximumPhoneCountries} countries`;
  const stranger = countries.findIndex((country) => !isPhoneCountry(country.countryCode));
  if (stranger >= 0)
    return `phoneParsingConfig.${stranger}.countryCode must be the ISO 3166-1 code of a country in two capital letters, as FR`;
  for (const [index, field] of definition.fields.entries()) {
    const fault = findFieldFault(field);
    if (fault) return `fields.${index}.${fault}`;
  }
  return findClash(definition.fields);
}

/** What is wrong with a field by itself; the phrase begins with the member at fault. */
export function findFieldFault(field: FieldDefinition): string | undefined {
  // `__proto__` as a key would be lost by the readers that build objects from it.
  if (!storageKeyPattern.test(field.storageKey) || field.storageKey === '__proto__')
    return 'storageKey must be 1 to 64 letters, digits, _, -, . or :';
  if (field.ingestionKey === '' || (field.ingestionKey?.length ?? 0) > maximumIngestionKeyLength)
    return `ingestionKey must be null or 1 to ${maximumIngestionKeyLength} characters`;
  if (field.entity === 'state' && field.type !== 'state')
    return 'type must be state for a field of entity state';
  if (field.entity === 'statistic' && !statisticTypes.includes(field.type))
    return 'type must be number or currency for a field of entity statistic';
  if (!isMetric(field) && field.type === 'state') return 'type state is for fields of entity state';
  if (isMetric(field) && isBuiltInMetric(field.storageKey))
    return `storageKey must not be ${eventCount} nor begin with ${delayPrefix}, which are built in`;
  if (field.discriminant && field.entity === 'user' && !discriminantTypes.includes(field.type))
    return `discriminant is for fields of type ${discriminantTypes.join(', ')}`;
  return undefined;
}

function findClash(fields: readonly FieldDefinition[]): string | undefined {
  const storageKeys = new Set<string>();
  const readers = new Map<string, number>();
  for (const [index, field] of fields.entries()) {
    const place = `${isMetric(field) ? 'metric' : field.entity}/${field.storageKey}`;
    if (storageKeys.has(place)) return `fields.${index}.storageKey is taken by another field`;
    storageKeys.add(place);
    const ingestionKey = ingestionKeyOf(field);
    if (ingestionKey === null) continue;
    const count = (readers.get(ingestionKey) ?? 0) + 1;
    if (count > maximumReaders)
      return `fields.${index}.ingestionKey is read by more than ${maximumReaders} fields`;
    readers.set(ingestionKey, count);
  }
  return undefined;
}
