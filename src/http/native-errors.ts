import type { RequestError } from '../errors.ts';
import type { VendorError } from './vendor-error.ts';

/** The native API's form: `{error: {code, message, path?}}`. */
export function presentNativeError(error: RequestError): VendorError {
  const { path } = error.details;
  return {
    status: error.status,
    body: { error: { code: error.code, message: error.message, ...(path === undefined ? {} : { path }) } },
  };
}
