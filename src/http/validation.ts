import { Ajv, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify';
import Type, { IsOptional, type TProperties } from 'typebox';

const ajv = new Ajv({ coerceTypes: 'array', useDefaults: true, verbose: true, strict: false });

/**
 * For the dialects' routes: paths, queries and headers are checked by their schemas, bodies by the dialect's parse.ts. Which fault
 * of a body a vendor names first, and in which words, no schema can say; the schema is its documentation.
 */
export const compileAllButBodies: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  httpPart === 'body' ? () => true : compiledLater(() => ajv.compile(schema));

/** A check that is made when the first value comes: a start need not wait for hundreds of them, most of which a process never needs. */
export function compiledLater(compile: () => ValidateFunction): ReturnType<FastifySchemaCompiler<object>> {
  let check: ValidateFunction | undefined;
  const validate: ReturnType<FastifySchemaCompiler<object>> = (value: unknown) => {
    check ??= compile();
    const isRight = check(value);
    validate.errors = (check.errors ?? null) as FastifySchemaValidationError[] | null;
    return isRight;
  };
  return validate;
}

/**
 * The form of a query: what has a default need not be sent, and is always there for the handler. What is not of it is taken no notice of,
 * unless `additionalProperties` is false.
 */
export function queryObject<Properties extends TProperties>(
  properties: Properties,
  options: { readonly additionalProperties?: false } = {},
) {
  const required = Object.entries(properties)
    .filter(([, property]) => !IsOptional(property) && !('default' in property))
    .map(([name]) => name);
  return Type.Object(properties, { required, ...options });
}
