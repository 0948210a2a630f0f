import { cutText } from '../../core/cut-text.ts';
import { type ErrorCode, RequestError } from '../../errors.ts';
import type { VendorError } from '../../http/vendor-error.ts';
import { toXml, xmlContentType } from './api/xml.ts';

/** docs/spec/octeth.md A1, the seed's table verbatim. */
export const eventErrors = {
  4: 'Invalid ListID parameter',
  5: 'Missing event parameter.',
  6: 'Missing email parameter.',
  7: 'Invalid email parameter.',
  8: 'Missing conversion-id event property.',
  9: 'Missing conversion-name event property.',
  10: 'Missing conversion-value event property.',
} as const;

/** docs/spec/octeth.md A2. */
const propertyListErrors = {
  1: 'Missing ListID parameter',
  2: 'Invalid ListID parameter',
  3: 'List not found',
} as const;

/** docs/spec/octeth.md A3, User.Login. */
const loginErrors = {
  1: 'Missing username',
  2: 'Missing password',
  3: 'Invalid login information',
} as const;

/** The vendor's page of lists; the texts of 1 are of its 5.6. */
export const listErrors = {
  createList: {
    1: 'Missing subscriber list name',
    3: 'User has exceeded maximum number of subscriber lists',
    20: 'Invalid opt-in mode (must be Single or Double)',
  },
  getList: { 1: "The 'ListID' parameter is missing or invalid." },
} as const;

/** The vendor's page of custom fields. */
export const customFieldErrors = {
  1: 'Missing subscriber list id',
  2: 'Missing field name',
  3: 'Missing field type',
  4: 'Missing validation rule',
  5: 'Invalid preset name',
  7: 'Invalid data type',
  8: 'Invalid subscriber list id',
  1000: 'Merge tag alias code has been set for another custom field',
  1001: 'Merge tag alias code includes invalid characters',
  1002: 'Merge tag alias cannot use a reserved subscriber field name',
} as const;

/** docs/spec/octeth.md A3, Subscriber.Get. */
export const getSubscriberErrors = {
  1: 'Missing EmailAddress/SubscriberID parameter',
  2: 'Missing ListID parameter',
  3: 'Subscriber not found',
  4: 'Invalid ListID',
} as const;

/** The vendor's page of subscribers, subscriber.create. */
export const createSubscriberErrors = {
  1: 'Missing ListID parameter',
  2: 'Missing EmailAddress parameter',
  3: 'Invalid EmailAddress. Make sure email address is valid.',
  4: 'Invalid ListID.',
  5: 'Invalid BounceType value.',
  6: 'Invalid Status value.',
  7: 'Invalid SubscriptionDate value.',
  8: 'Missing SubscriptionDate parameter',
  9: 'Missing SubscriptionIP parameter',
  10: 'Invalid SubscriptionIP value. It must be an IP address.',
  11: 'Missing UnsubscriptionDate parameter',
  12: 'Missing UnsubscriptionIP parameter',
  13: 'Invalid UnsubscriptionDate value.',
  14: 'Invalid UnsubscriptionIP value. It must be an IP address.',
  16: 'Invalid OptInDate value.',
  17: 'Invalid Custom Field value.',
  20: 'Duplicate EmailAddress',
  21: 'Previously unsubscribed EmailAddress',
  26: 'Required custom field is empty or was omitted',
  27: 'Unique custom field value already exists',
  28: 'Custom field value failed its validation method',
} as const;

/** docs/spec/octeth.md 0, hard failures. */
const malformed = 100_000;
const unsupportedMethod = 100_001;
const unknownCommand = 100_003;
const broken = 100_005;
/** docs/spec/octeth.md C1. */
const authentication = { code: 99_998, text: 'Authentication failure or session expired' };
const privileges = { code: 99_999, text: 'Not enough privileges' };

export type EventErrorCode = keyof typeof eventErrors;

export function refuseEvent(code: EventErrorCode): RequestError {
  return new RequestError('invalid-request', eventErrors[code], { vendorCode: code, status: 422 });
}

/** To the vendor's clients a list that takes nothing is as one that there is not. */
export function refuseArchivedList(): RequestError {
  return new RequestError('source-archived', eventErrors[4], { vendorCode: 4, status: 422 });
}

export function refusePropertyList(code: keyof typeof propertyListErrors): RequestError {
  return new RequestError('invalid-request', propertyListErrors[code], { vendorCode: code, status: 422 });
}

/** A parameter that is not what it must be, by the vendor's common codes: 2 invalid format, 11 invalid date (ERR). */
export function refuseParameter(code: 2 | 11, message: string): RequestError {
  return new RequestError('invalid-request', message, { vendorCode: code });
}

/** A command that is not there. Its name is the client's text: shortened, since the message is also logged. */
export function refuseCommand(name: string): RequestError {
  const shown = cutText(name, 64);
  return new RequestError('invalid-request', `Invalid API command: "${shown}" not found.`, {
    vendorCode: unknownCommand,
    status: 400,
  });
}

/** The older commands' form: lists of codes and texts, with status 200 (docs/spec/octeth.md 0). */
export class CommandError extends RequestError {
  readonly codes: readonly number[];
  readonly texts: readonly string[];

  constructor(
    errors: Readonly<Record<number, string>>,
    codes: readonly number[],
    kind: ErrorCode = 'invalid-request',
  ) {
    const texts = codes.map((code) => errors[code]!);
    super(kind, texts.join(' '), { status: 200 });
    this.codes = codes;
    this.texts = texts;
  }
}

export class LoginError extends CommandError {
  constructor(codes: readonly (keyof typeof loginErrors)[]) {
    super(loginErrors, codes, 'unauthenticated');
  }
}

/** What subscriber.create refuses: its code beside the list of errors, with status 422. */
export class SubscriberError extends RequestError {
  constructor(code: keyof typeof createSubscriberErrors, kind: ErrorCode = 'invalid-request') {
    super(kind, createSubscriberErrors[code], { vendorCode: code, status: 422 });
  }
}

/** An error of a call that asked for XML. */
export class XmlError extends RequestError {
  readonly error: RequestError;

  constructor(error: RequestError) {
    super(error.code, error.message, error.details);
    this.error = error;
  }
}

export function presentError(error: RequestError, path: string): VendorError {
  if (!(error instanceof XmlError)) return presentJsonError(error, path);
  const vendor = presentJsonError(error.error, path);
  return { ...vendor, body: toXml(vendor.body), contentType: xmlContentType };
}

function presentJsonError(error: RequestError, path: string): VendorError {
  if (error instanceof CommandError) {
    return {
      status: error.status,
      body: { Success: false, ErrorCode: [...error.codes], ErrorText: [...error.texts] },
    };
  }
  const { vendorCode } = error.details;
  if (error.status === 422 && vendorCode !== undefined) {
    const envelope = error instanceof SubscriberError ? { Success: false, ErrorCode: vendorCode } : {};
    return { status: 422, body: { ...envelope, Errors: [{ Code: vendorCode, Message: error.message }] } };
  }
  const { status, code, text } = describe(error, path);
  // Both shapes, as both generations of clients look for theirs (docs/spec/octeth.md C1).
  return {
    status,
    body: { Success: false, ErrorCode: code, ErrorText: text, Errors: [{ Code: code, Message: text }] },
  };
}

function describe(error: RequestError, path: string): { status: number; code: number; text: string } {
  switch (error.code) {
    case 'unauthenticated':
      return { ...authentication, status: isLegacy(path) ? 200 : error.status };
    case 'forbidden':
      return { ...privileges, status: isLegacy(path) ? 200 : error.status };
    case 'invalid-request':
      return {
        // The commands' own refusals; what never got as far as a command has a status of its own (ERR).
        status: isLegacy(path) && error.details.status === undefined ? 200 : error.status,
        code: error.details.vendorCode ?? error.status,
        text: error.message,
      };
    case 'malformed-body':
      return { status: 400, code: malformed, text: error.message };
    case 'unknown-route':
      return describeUnknownRoute(path, error.message);
    case 'fault':
      return { status: 500, code: broken, text: error.message };
    default:
      return { status: error.status, code: error.details.vendorCode ?? error.status, text: error.message };
  }
}

const servedPaths = [
  '/api/v1/event',
  '/api/v1/website_events.properties',
  '/api/v1/admin.events.search',
  '/api/v1/subscriber.create',
  '/api.php',
  '/hello/message',
];

function describeUnknownRoute(path: string, text: string): { status: number; code: number; text: string } {
  const plain = withoutSlash(path);
  if (servedPaths.includes(plain)) return { status: 400, code: unsupportedMethod, text };
  const command = /^\/api\/v1\/(.*)$/.exec(plain)?.[1];
  if (command === undefined) return { status: 404, code: 404, text };
  return { status: 400, code: unknownCommand, text: refuseCommand(command).message };
}

function isLegacy(path: string): boolean {
  return withoutSlash(path) === '/api.php';
}

export function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
