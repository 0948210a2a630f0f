import type { FastifySchemaValidationError } from 'fastify';

/** A schema as far as it says what is right. */
interface KnownSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

/** What AJV hands over with `verbose`, beside what Fastify knows of. */
type Fault = FastifySchemaValidationError & { readonly parentSchema?: KnownSchema };

export interface DescribedFault {
  /** `body/settings/name`: the part of the request and the way to the culprit in it. */
  readonly path: string;
  /** One sentence: where, what is wrong and what would be right. What was sent is not repeated: it may be anybody's. */
  readonly message: string;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const formatExamples: Readonly<Record<string, string>> = {
  'date-time': 'an instant with its offset, such as 2030-01-31T12:00:00Z',
  uuid: 'an id such as 01890a5d-ac96-774b-bcce-b302099a8057',
};

/** Says the first of a schema's faults to who has to mend it. `context`: the part of the request (`body`, `querystring` …). */
export function describeValidation(
  faults: readonly FastifySchemaValidationError[],
  context: string,
): DescribedFault {
  const [fault] = faults as readonly Fault[];
  if (!fault) return { path: context, message: `${context} is not what it should be.` };
  const path = `${context}${fault.instancePath}${culpritOf(fault)}`;
  return { path, message: `${path} ${sayRule(fault, faults)}${orNull(fault, faults)}.` };
}

/** A member that lacks or is not known is the culprit, and not the object. */
function culpritOf({ keyword, params }: Fault): string {
  if (keyword === 'required') return `/${String(params.missingProperty)}`;
  if (keyword === 'additionalProperties') return `/${String(params.additionalProperty)}`;
  return '';
}

/** A union with null has a fault of that, too. */
function orNull(fault: Fault, faults: readonly FastifySchemaValidationError[]): string {
  const isNullable = faults.some(
    (other) => other !== fault && other.instancePath === fault.instancePath && other.params.type === 'null',
  );
  return isNullable && culpritOf(fault) === '' ? ' or null' : '';
}

function sayRule(fault: Fault, faults: readonly FastifySchemaValidationError[]): string {
  const { keyword, params, parentSchema = {} } = fault;
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return sayKnown(parentSchema);
    case 'enum':
      return `must be one of ${listOf(params.allowedValues)}`;
    case 'const':
      return `must be ${listOf(constantsAt(fault, faults))}`;
    case 'type':
      return `must be ${[params.type].flat().map(nameType).join(' or ')}`;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `must be ${sayRange(fault, parentSchema)}`;
    case 'minLength':
    case 'maxLength':
      return `must have ${parentSchema.minLength ?? 0} to ${parentSchema.maxLength ?? 'any number of'} characters`;
    case 'minItems':
    case 'maxItems':
      return `must have ${keyword === 'maxItems' ? 'at most' : 'at least'} ${String(params.limit)} items`;
    case 'minProperties':
      return `must have at least one of ${Object.keys(parentSchema.properties ?? {}).join(', ')}`;
    case 'uniqueItems':
      return 'must not have the same item twice';
    case 'format':
      return `must be ${formatExamples[String(params.format)] ?? `of the format ${String(params.format)}`}`;
    case 'pattern':
      return `must be of the form ${String(params.pattern)}${meaningOf(parentSchema)}`;
    default:
      return fault.message ?? 'is not what it should be';
  }
}

function sayKnown({ properties }: KnownSchema): string {
  const names = Object.keys(properties ?? {});
  return names.length > 0 ? `is not known; known are ${names.join(', ')}` : 'is not known';
}

/** The texts that a union allows, each of which is a fault of its own at the same place. */
function constantsAt({ instancePath }: Fault, faults: readonly FastifySchemaValidationError[]): unknown[] {
  return faults
    .filter((other) => other.keyword === 'const' && other.instancePath === instancePath)
    .map(({ params }) => params.allowedValue);
}

function listOf(values: unknown): string {
  const texts = [values].flat().map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return texts.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

function nameType(type: unknown): string {
  return typeNames[String(type)] ?? String(type);
}

function sayRange({ params }: Fault, { minimum, exclusiveMinimum, maximum }: KnownSchema): string {
  if (exclusiveMinimum !== undefined && maximum !== undefined)
    return `above ${exclusiveMinimum} and at most ${maximum}`;
  if (minimum !== undefined && maximum !== undefined) return `from ${minimum} to ${maximum}`;
  return `${String(params.comparison)} ${String(params.limit)}`;
}

function meaningOf({ description }: KnownSchema): string {
  return description === undefined ? '' : ` (${description.replace(/\.$/, '')})`;
}
