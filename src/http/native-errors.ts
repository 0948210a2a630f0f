import type { VendorError } from '../dialects/dialect.ts';
import type { RequestError } from '../errors.ts';

/** The native API's form: `{error: {code, message, path?}}`. */
export function presentNativeError(error: RequestError): VendorError {
  const { path } = error.details;
  return {
    status: error.status,
    body: { error: { code: error.code, message: error.message, ...(path === undefined ? {} : { path }) } },
  };
}
