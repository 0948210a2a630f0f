import { STATUS_CODES } from 'node:http';
import type { RequestError } from '../../errors.ts';
import type { VendorError } from '../../http/vendor-error.ts';

export const tokenPath = '/oidc/token';

/** docs/spec/webmarketer.md 0: NestJS's envelope under the API, RFC 6749's at the token endpoint. */
export function presentError(error: RequestError, path: string): VendorError {
  return path.startsWith('/oidc/') ? presentTokenError(error) : presentApiError(error);
}

function presentApiError(error: RequestError): VendorError {
  const { status } = error;
  // The vendor's sample of a 401 has no `error`.
  if (status === 401) return { status, body: { statusCode: status, message: 'Unauthorized' } };
  return { status, body: { statusCode: status, message: error.message, error: STATUS_CODES[status] } };
}

function presentTokenError(error: RequestError): VendorError {
  return {
    status: error.status,
    headers: { 'cache-control': 'no-store' },
    body: { error: tokenErrorOf(error), error_description: error.message },
  };
}

/** RFC 6749 section 5.2, and 4.1.2.1 for what is our fault. */
function tokenErrorOf(error: RequestError): string {
  if (typeof error.details.data === 'string') return error.details.data;
  if (error.code === 'fault') return 'server_error';
  if (error.status === 503 || error.code === 'rate-limited') return 'temporarily_unavailable';
  return error.code === 'unauthenticated' ? 'invalid_client' : 'invalid_request';
}
