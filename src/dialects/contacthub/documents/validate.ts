import { isRecord } from '../../../core/value/text.ts';
import { noteHolder } from '../../../json/exact-number.ts';
import { educationSchema, jobSchema, likeSchema, subscriptionSchema } from './base-properties.ts';
import { bringBackSchema } from './bring-back.ts';
import { compileLazily, compileOwnNames, NO_ERRORS, type SchemaError, type Validator } from './compile.ts';
import { eventContexts } from './contexts.ts';
import { type CustomerBodyKind, customerBodySchemas, sessionSchema } from './customer.ts';
import { type EventContextName, type EventTypeName, isEventContextName, isEventTypeName } from './enums.ts';
import { type EventBodyKind, eventBodySchemas } from './event-body.ts';
import { eventTypes } from './event-types.ts';
import { buildExtendedSchema, type ExtendedDefinitions } from './extended.ts';
import { closedObject } from './json-schema.ts';
import { trackingSchema } from './tracking.ts';

export type { SchemaError } from './compile.ts';

const propertiesValidators: ReadonlyMap<EventTypeName, Validator> = new Map(
  [...eventTypes.values()].map(({ type, propertiesSchema }) => [type, compileLazily(propertiesSchema)]),
);

const contextInfoValidators: ReadonlyMap<EventContextName, Validator> = new Map(
  [...eventContexts.values()].map(({ id, contextInfoSchema }) => [id, compileLazily(contextInfoSchema)]),
);

const customerValidators: Readonly<Record<CustomerBodyKind, Validator>> = {
  create: compileLazily(customerBodySchemas.create),
  patch: compileLazily(customerBodySchemas.patch),
  replace: compileLazily(customerBodySchemas.replace),
};

const eventBodyValidators: Readonly<Record<EventBodyKind, Validator>> = {
  create: compileLazily(eventBodySchemas.create),
  patch: compileLazily(eventBodySchemas.patch),
  replace: compileLazily(eventBodySchemas.replace),
};

const trackingValidator = compileLazily(trackingSchema);
const bringBackValidator = compileLazily(bringBackSchema);
const sessionValidator = compileLazily(sessionSchema);
const subscriptionValidator = compileLazily(subscriptionSchema);
const educationValidator = compileLazily(educationSchema);
const likeValidator = compileLazily(likeSchema);
const jobValidator = compileLazily(jobSchema);

/** Checks the `properties` of an event of a built-in type. Paths begin with `/properties`. */
export function validateEventProperties(type: EventTypeName, properties: unknown): readonly SchemaError[] {
  return propertiesValidators.get(type)?.(properties, '/properties') ?? NO_ERRORS;
}

/** Checks the `contextInfo` of an event. Paths begin with `/contextInfo`. */
export function validateContextInfo(context: EventContextName, contextInfo: unknown): readonly SchemaError[] {
  return contextInfoValidators.get(context)?.(contextInfo, '/contextInfo') ?? NO_ERRORS;
}

/** Checks the `tracking` of an event where it is neither absent nor null. Paths begin with `/tracking`. */
export function validateTracking(tracking: unknown): readonly SchemaError[] {
  return trackingValidator(tracking, '/tracking');
}

/** Checks `bringBackProperties` where they are neither absent nor null. Paths begin with `/bringBackProperties`. */
export function validateBringBackProperties(bringBack: unknown): readonly SchemaError[] {
  return bringBackValidator(bringBack, '/bringBackProperties');
}

function isGiven(body: object, key: string): boolean {
  return ((body as Record<string, unknown>)[key] ?? null) !== null;
}

/** An event names its customer by exactly one of the two ways (Create event). */
function validateBinding(body: object): readonly SchemaError[] {
  const byId = isGiven(body, 'customerId');
  const byBringBack = isGiven(body, 'bringBackProperties');
  if (byId !== byBringBack) return NO_ERRORS;
  const message = byId
    ? 'customerId and bringBackProperties are mutually exclusive'
    : 'one of customerId and bringBackProperties is required';
  return [{ path: '/customerId', message, data: null }];
}

/**
 * Checks the body of POST (`create`), PATCH or PUT (`replace`) of an event, all but what its type and its context
 * demand of `properties` and `contextInfo`. Paths begin at the body.
 */
export function validateEventBody(kind: EventBodyKind, body: unknown): readonly SchemaError[] {
  const errors = eventBodyValidators[kind](body, '');
  if (errors.length > 0 || kind !== 'create') return errors;
  return validateBinding(body as object);
}

/**
 * Checks a whole event to be created: its body, then `properties` by its type and `contextInfo` by its context. The
 * order is that of the answer: the first thing found is the one told.
 */
export function validateNewEvent(body: unknown): readonly SchemaError[] {
  const errors = validateEventBody('create', body);
  if (errors.length > 0) return errors;
  const { type, context, properties, contextInfo } = body as Record<string, unknown>;
  if (!isEventTypeName(type) || !isEventContextName(context)) return NO_ERRORS;
  const propertyErrors = validateEventProperties(type, properties);
  if (propertyErrors.length > 0 || contextInfo === undefined) return propertyErrors;
  return validateContextInfo(context, contextInfo);
}

/**
 * Checks the body of POST (`create`), PATCH or PUT (`replace`) of a customer. `extended` may be any object: see
 * `validateExtended`. That the immutable keys are unchanged, and that unique and mandatory properties are there, is
 * not checked here. Paths begin at the body (`/base/contacts/email`).
 */
export function validateCustomer(kind: CustomerBodyKind, body: unknown): readonly SchemaError[] {
  return customerValidators[kind](body, '');
}

/** Checks the body of POST of a customer's session. */
export function validateSession(body: unknown): readonly SchemaError[] {
  return sessionValidator(body, '');
}

/** Checks the body of POST or PUT of a customer's subscription. */
export function validateSubscription(body: unknown): readonly SchemaError[] {
  return subscriptionValidator(body, '');
}

/** Checks the body of POST or PUT of a customer's education. */
export function validateEducation(body: unknown): readonly SchemaError[] {
  return educationValidator(body, '');
}

/** Checks the body of POST or PUT of a customer's like. */
export function validateLike(body: unknown): readonly SchemaError[] {
  return likeValidator(body, '');
}

/** Checks the body of POST or PUT of a customer's job. */
export function validateJob(body: unknown): readonly SchemaError[] {
  return jobValidator(body, '');
}

const refuseUnknown = compileOwnNames(closedObject({}));

/** By name. A compiled check of all properties at once would be a second's work for a schema of hundreds. */
type ExtendedCheck = ReadonlyMap<string, Validator>;

const extendedChecks = new WeakMap<ExtendedDefinitions, ExtendedCheck>();

function checkOf(definitions: ExtendedDefinitions): ExtendedCheck {
  const { properties = {} } = buildExtendedSchema(definitions);
  return new Map(
    Object.entries(properties).map(([name, property]) => [
      name,
      compileOwnNames(closedObject({ [name]: property })),
    ]),
  );
}

/**
 * Checks extended properties by a workspace's own schema. What is compiled is kept as long as the very `definitions` object is: hand in
 * the one of the loaded configuration, never a copy. `path` is where `extended` stands in the body, `/extended` for a customer,
 * `/properties/extended` for an event. That it is an object the built-in schemas see to.
 */
export function validateExtended(
  definitions: ExtendedDefinitions,
  extended: unknown,
  path: string,
): readonly SchemaError[] {
  if (!isRecord(extended)) return NO_ERRORS;
  const check = extendedChecks.getOrInsertComputed(definitions, () => checkOf(definitions));
  for (const [name, value] of Object.entries(extended)) {
    const given = { [name]: value };
    // Exact numbers are objects.
    if (typeof value === 'object') noteHolder(given);
    const errors = (check.get(name) ?? refuseUnknown)(given, path);
    if (errors.length > 0) return errors;
    // An empty list in the place of a map is mended.
    if (given[name] !== value) Object.assign(extended, given);
  }
  return NO_ERRORS;
}
