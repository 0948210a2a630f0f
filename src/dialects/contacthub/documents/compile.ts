import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { withDoubles } from '../../../json/exact-number.ts';
import { formats } from './formats.ts';
import type { JsonSchema } from './json-schema.ts';
import { resolveReferences } from './references.ts';

/**
 * One thing wrong with a body, in the form of the vendor's `errors[]` (its `code` is always null and added by the
 * reply). `path` is a JSON pointer; it names the key that is missing or must not be there. No value of the body is
 * repeated, since messages are logged.
 */
export interface SchemaError {
  readonly path: string;
  readonly message: string;
  readonly data: null;
}

/** Checks a value; `root` is the JSON pointer of where it stands in the body. */
export type Validator = (value: unknown, root: string) => readonly SchemaError[];

export const NO_ERRORS: readonly SchemaError[] = [];

/** A hostile body's key may be as long as the body. In UTF-16 units. */
const LONGEST_PATH = 512;

/** No body has more maps that could be empty. */
const MOST_EMPTY_MAPS = 50;

/** Enumerations up to this size are spelt out in the message. */
const LONGEST_SPELT_OUT_CHOICE = 20;

/** Stop at the first error, so that a body with 100,000 wrong keys costs no more than one with a single one. */
const options: Options = {
  allErrors: false,
  strict: true,
  allowUnionTypes: true,
  meta: false,
  validateSchema: false,
  addUsedSchema: false,
  // Every list here is of strings: a chain of comparisons is some ten times faster than the loop it would become.
  loopEnum: 1000,
  formats: { ...formats },
};

const firstOfPair = /[\ud800-\udbff]/;

/** As `maxLength` counts: a pair of surrogates is one. */
function characterCount(text: string): number {
  if (!firstOfPair.test(text)) return text.length;
  let pairs = 0;
  for (const _ of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) pairs++;
  return text.length - pairs;
}

function totalLength(texts: readonly unknown[]): number {
  let total = 0;
  for (const text of texts) if (typeof text === 'string') total += characterCount(text);
  return total;
}

function createCompiler(special: Options): Ajv {
  const ajv = new Ajv({ ...options, ...special });
  ajv.addKeyword({
    keyword: 'maxTotalLength',
    type: 'array',
    schemaType: 'number',
    validate: (limit: number, texts: readonly unknown[]) => totalLength(texts) <= limit,
  });
  ajv.addKeyword({
    keyword: 'maxJoinedLength',
    type: 'array',
    schemaType: 'number',
    validate: (limit: number, texts: readonly unknown[]) =>
      totalLength(texts) + Math.max(texts.length - 1, 0) <= limit,
  });
  ajv.addKeyword({ keyword: 'contactlabProperties' });
  return ajv;
}

const builtInCompiler = createCompiler({});

/** A member's name as a JSON pointer has it. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function describePath(error: ErrorObject): string {
  const { additionalProperty, missingProperty } = error.params as Record<string, unknown>;
  const key = additionalProperty ?? missingProperty;
  if (typeof key !== 'string') return error.instancePath;
  return `${error.instancePath}/${escapePointer(key.slice(0, LONGEST_PATH))}`;
}

function describeMessage({ keyword, params, message = 'is not valid' }: ErrorObject): string {
  const { allowedValues, limit } = params as { allowedValues?: readonly unknown[]; limit?: number };
  if (keyword === 'maxTotalLength' || keyword === 'maxJoinedLength')
    return 'is too long, all strings together';
  if (keyword === 'additionalProperties') return 'is not a known property';
  if (keyword === 'required') return 'is required';
  if (keyword === 'maxLength') return `must not be longer than ${limit} characters`;
  if (allowedValues === undefined || allowedValues.length > LONGEST_SPELT_OUT_CHOICE) return message;
  return `must be one of ${allowedValues.join(', ')}`;
}

function describeErrors(errors: ValidateFunction['errors'], root: string): SchemaError[] {
  return (errors ?? []).slice(0, 1).map((error) => ({
    path: `${root}${describePath(error)}`.slice(0, LONGEST_PATH),
    message: describeMessage(error),
    data: null,
  }));
}

/** PHP writes an empty map as an empty list: where a map has to be, it is made one. */
function check(validate: ValidateFunction, value: unknown, root: string): readonly SchemaError[] {
  for (let mended = 0; !validate(withDoubles(value)); mended++) {
    if (mended === MOST_EMPTY_MAPS || !validate.errors?.some((error) => mendEmptyMap(value, error)))
      return describeErrors(validate.errors, root);
  }
  return NO_ERRORS;
}

/** Whether the error was that an empty list stands where a map has to, within the value. */
function mendEmptyMap(value: unknown, { keyword, params, instancePath }: ErrorObject): boolean {
  const { type } = params as { type?: unknown };
  if (keyword !== 'type' || ![type].flat().includes('object')) return false;
  const keys = instancePath.split('/').slice(1);
  const last = keys.pop()?.replaceAll('~1', '/').replaceAll('~0', '~');
  if (last === undefined) return false;
  let parent = value;
  for (const key of keys) parent = memberOf(parent, key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const member = memberOf(parent, last);
  if (!Array.isArray(member) || member.length > 0) return false;
  (parent as Record<string, unknown>)[last] = {};
  return true;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** A validator of a built-in schema, compiled when it is first used: 70 schemas at once would slow the start. */
export function compileLazily(schema: JsonSchema): Validator {
  let validate: ValidateFunction | undefined;
  return (value, root) => {
    validate ??= builtInCompiler.compile(resolveReferences(schema));
    return check(validate, value, root);
  };
}

/** As `compileLazily`, of a form of settings, which refers to nothing. */
export function compileForm(form: object): Validator {
  let validate: ValidateFunction | undefined;
  return (value, root) => {
    validate ??= builtInCompiler.compile(form);
    return check(validate, value, root);
  };
}

/**
 * As `compileLazily`, of a schema whose property names a workspace chose: only own keys count, so a property called
 * `constructor` is absent from an empty object. A compiler of its own, since one keeps all that it ever compiled.
 */
export function compileOwnNames(schema: JsonSchema): Validator {
  let validate: ValidateFunction | undefined;
  return (value, root) => {
    validate ??= createCompiler({ ownProperties: true }).compile(schema);
    return check(validate, value, root);
  };
}
