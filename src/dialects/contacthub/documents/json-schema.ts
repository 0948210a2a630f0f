/**
 * The few forms of JSON Schema (draft-07) that the vendor's documents are made of. Schemas are kept with
 * references relative to `/docs/schema/`; `references.ts` makes them absolute for the wire or inlines them.
 */

export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/**
 * A JSON Schema. Not of the standard are `maxTotalLength`, the most characters that all strings of a list may have
 * together; `maxJoinedLength`, the same with one separator between two strings; and the vendor's
 * `contactlabProperties`.
 */
export type JsonSchema = {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: JsonType | readonly JsonType[];
  readonly enum?: readonly (string | number | null)[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxTotalLength?: number;
  readonly maxJoinedLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly oneOf?: readonly JsonSchema[];
  readonly definitions?: { readonly [name: string]: JsonSchema };
  readonly contactlabProperties?: { readonly label: string; readonly enabled: boolean };
};

export type SchemaProperties = { readonly [name: string]: JsonSchema };

export const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';

export const text: JsonSchema = { type: 'string' };
export const number: JsonSchema = { type: 'number' };
export const amount: JsonSchema = { type: 'number', minimum: 0 };
export const integer: JsonSchema = { type: 'integer' };
export const boolean: JsonSchema = { type: 'boolean' };
export const freeObject: JsonSchema = { type: 'object' };
export const dateTime: JsonSchema = { type: 'string', format: 'date-time' };
export const calendarDate: JsonSchema = { type: 'string', format: 'date' };
export const email: JsonSchema = { type: 'string', format: 'email' };
export const uri: JsonSchema = { type: 'string', format: 'uri' };
export const url: JsonSchema = { type: 'string', format: 'url' };
export const uuid: JsonSchema = { type: 'string', format: 'uuid' };

/** A string of at most `maxLength` characters. */
export function limitedText(maxLength: number): JsonSchema {
  return { type: 'string', maxLength };
}

/** One of the given strings. */
export function choice(values: readonly string[]): JsonSchema {
  return { type: 'string', enum: values };
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** An object with these keys and no others. */
export function closedObject(properties: SchemaProperties, required: readonly string[] = []): JsonSchema {
  const schema: JsonSchema = { type: 'object', additionalProperties: false, properties };
  return required.length > 0 ? { ...schema, required } : schema;
}

/** An object whose known keys are checked and whose unknown ones are let through. */
export function openObject(properties: SchemaProperties, required: readonly string[] = []): JsonSchema {
  const schema: JsonSchema = { type: 'object', properties };
  return required.length > 0 ? { ...schema, required } : schema;
}

/** Refers to another document by its path below `/docs/schema/`, with a fragment where one is needed. */
export function reference(path: string): JsonSchema {
  return { $ref: path };
}

/** The same schema, null allowed too. */
export function nullable(schema: JsonSchema): JsonSchema {
  if (schema.$ref !== undefined) return { oneOf: [schema, { type: 'null' }] };
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const withNull: JsonSchema = { ...schema, type: [...types.filter((type) => type !== 'null'), 'null'] };
  return schema.enum === undefined ? withNull : { ...withNull, enum: [...schema.enum, null] };
}
