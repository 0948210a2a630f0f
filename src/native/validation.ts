import { Ajv, type Options } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify';
import { type DescribedFault, describeValidation } from '../http/describe-validation.ts';
import { shareForms } from '../http/shared-forms.ts';
import { compiledLater } from '../http/validation.ts';
import { isDateTime } from './date-times.ts';

// To tidy up the code of the checks takes longer than to make it, and a start would wait for that: the settings' form is large.
const code = { optimize: false } as const;
const options: Options = { useDefaults: true, verbose: true, strict: false, code };

function compilerOf(given: Options): Ajv {
  const ajv = new Ajv({ ...options, ...given });
  // A CommonJS module: its default export is the function, and has the function as its own `default`.
  addFormats.default(ajv, ['uuid']);
  ajv.addFormat('date-time', isDateTime);
  return ajv;
}

const texts = compilerOf({ coerceTypes: true });
const bodies = compilerOf({});

/** Paths, queries and headers are texts that stand for values; bodies are taken as they are, unknown members refused. */
export const compileNative: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  const ajv = httpPart === 'body' ? bodies : texts;
  return compiledLater(() => ajv.compile(shareForms(schema)));
};

/** What is wrong with a value that is no route's body, or a part of one; `context`: what it is called. */
export function findFault(form: object, value: unknown, context: string): DescribedFault | undefined {
  const isRight = bodies.compile(shareForms(form));
  if (isRight(value)) return undefined;
  return describeValidation((isRight.errors ?? []) as FastifySchemaValidationError[], context);
}
