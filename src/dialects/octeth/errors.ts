import { RequestError } from '../../errors.ts';
import type { VendorError } from '../../http/vendor-error.ts';
import { toXml, xmlContentType } from './xml.ts';

/** spec/octeth.md A1, the seed's table verbatim. */
export const eventErrors = {
  4: 'Invalid ListID parameter',
  5: 'Missing event parameter.',
  6: 'Missing email parameter.',
  7: 'Invalid email parameter.',
  8: 'Missing conversion-id event property.',
  9: 'Missing conversion-name event property.',
  10: 'Missing conversion-value event property.',
} as const;

/** spec/octeth.md A2. */
export const propertyListErrors = {
  1: 'Missing ListID parameter',
  2: 'Invalid ListID parameter',
  3: 'List not found',
} as const;

/** spec/octeth.md A3, User.Login. */
export const loginErrors = {
  1: 'Missing username',
  2: 'Missing password',
  3: 'Invalid login information',
} as const;

/** spec/octeth.md 0, hard failures. */
const malformed = 100_000;
const unsupportedMethod = 100_001;
const unknownCommand = 100_003;
const broken = 100_005;
/** spec/octeth.md C1. */
const authentication = { code: 99_998, text: 'Authentication failure or session expired' };

export type EventErrorCode = keyof typeof eventErrors;

export function refuseEvent(code: EventErrorCode): RequestError {
  return new RequestError('invalid-request', eventErrors[code], { vendorCode: code, status: 422 });
}

export function refusePropertyList(code: keyof typeof propertyListErrors): RequestError {
  return new RequestError('invalid-request', propertyListErrors[code], { vendorCode: code, status: 422 });
}

/** A command that is not there. Its name is the client's text: shortened, since the message is also logged. */
export function refuseCommand(name: string): RequestError {
  const shown = name.slice(0, 64).toWellFormed();
  return new RequestError('invalid-request', `Invalid API command: "${shown}" not found.`, {
    vendorCode: unknownCommand,
    status: 400,
  });
}

/** Sign-in has the older form: lists of codes and texts, with status 200. */
export class LoginError extends RequestError {
  readonly codes: readonly (keyof typeof loginErrors)[];

  constructor(codes: readonly (keyof typeof loginErrors)[]) {
    super('unauthenticated', codes.map((code) => loginErrors[code]).join(' '), { status: 200 });
    this.codes = codes;
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
  if (error instanceof LoginError) {
    const texts = error.codes.map((code) => loginErrors[code]);
    return { status: error.status, body: { Success: false, ErrorCode: [...error.codes], ErrorText: texts } };
  }
  if (error.status === 422 && error.details.vendorCode !== undefined) {
    return { status: 422, body: { Errors: [{ Code: error.details.vendorCode, Message: error.message }] } };
  }
  const { status, code, text } = describe(error, path);
  // Both shapes, as both generations of clients look for theirs (spec/octeth.md C1).
  return {
    status,
    body: { Success: false, ErrorCode: code, ErrorText: text, Errors: [{ Code: code, Message: text }] },
  };
}

function describe(error: RequestError, path: string): { status: number; code: number; text: string } {
  switch (error.code) {
    case 'unauthenticated':
      return { ...authentication, status: isLegacy(path) ? 200 : error.status };
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

const servedPaths = ['/api/v1/event', '/api/v1/website_events.properties', '/api.php', '/hello/message'];

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
