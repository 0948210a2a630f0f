import type { RequestError } from '../../errors.ts';
import type { VendorError } from '../../http/vendor-error.ts';

/** docs/spec/webengage.md A3: every error is JSON in the one envelope; `format=xml` is for successes only. */
export function presentError(error: RequestError): VendorError {
  return {
    status: error.status,
    body: { response: { message: messageOf(error), status: 'error' } },
  };
}

function messageOf(error: RequestError): string {
  return error.code === 'unauthenticated' ? 'Unauthorized' : error.message;
}
