import type { JsonSchema } from '../../../src/dialects/contacthub/documents/json-schema.ts';

/**
 * A schema in one line: `text`, `number>=0`, `text:uri`, `text|null`, `A/B` for a choice, `[of]` for a list, `{name* kind, …}` for an
 * object (a star: required), with `…` at its end where it takes further keys. References have to be resolved.
 */
export function textOf(schema: JsonSchema): string {
  const types = [schema.type ?? []].flat();
  const isNullable = types.includes('null');
  const [type = 'any'] = types.filter((one) => one !== 'null');
  return `${kindOf(schema, type)}${isNullable ? '|null' : ''}`;
}

function kindOf(schema: JsonSchema, type: string): string {
  if (schema.enum) return enumText(schema.enum);
  if (type === 'object') return objectText(schema);
  if (type === 'array') return `[${textOf(schema.items ?? {})}]`;
  const name = type === 'string' ? 'text' : type;
  const format = schema.format ?? schema.pattern;
  return `${name}${format === undefined ? '' : `:${format}`}${schema.minimum === undefined ? '' : `>=${schema.minimum}`}`;
}

function enumText(values: NonNullable<JsonSchema['enum']>): string {
  return values.length > 20 ? `one of ${values.length}` : values.map(String).join('/');
}

function objectText({ properties, required = [], additionalProperties = true }: JsonSchema): string {
  if (!properties) return 'object';
  const members = Object.keys(properties)
    .sort()
    .map((name) => `${name}${required.includes(name) ? '*' : ''} ${textOf(properties[name] ?? {})}`);
  return `{${[...members, ...(additionalProperties ? ['…'] : [])].join(', ')}}`;
}
