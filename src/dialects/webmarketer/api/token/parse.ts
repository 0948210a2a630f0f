import type { FastifyInstance } from 'fastify';
import { isRecord } from '../../../../core/value/text.ts';
import { RequestError } from '../../../../errors.ts';
import { readFormFields } from '../../../../http/form.ts';
import { tokenPath } from '../../errors.ts';
import type { TokenError } from '../../oauth/grant-token.ts';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const maximumParameterLength = 16_384;
/** In bytes. */
export const tokenBodyLimit = 64 * 1024;

/** What is shown for a token, by either grant of the vendor's. */
export type GrantRequest =
  | {
      readonly kind: 'assertion';
      readonly clientId: string;
      readonly assertion: string;
      readonly scope: string | undefined;
      readonly tokenPath: string;
    }
  | {
      readonly kind: 'refresh-token';
      readonly clientId: string;
      readonly clientSecret: string | undefined;
      readonly refreshToken: string;
    };

/** Lets the scope's operations take the form that RFC 6749 has for the token endpoint. */
export function parseForms(app: FastifyInstance): void {
  app.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: tokenBodyLimit },
    async (request: { headers: { 'content-type'?: string | undefined } }, bytes: Buffer) =>
      parametersOf(readFormFields(bytes, request.headers['content-type'])),
  );
}

/** A parameter that is given more than once is a list, which `parseGrant` refuses. */
function parametersOf(fields: URLSearchParams): Record<string, unknown> {
  const parameters: Record<string, unknown> = Object.create(null);
  for (const name of new Set(fields.keys())) {
    const values = fields.getAll(name);
    parameters[name] = values.length === 1 ? values[0] : values;
  }
  return parameters;
}

/** @throws RequestError `invalid-request`, whose data is the error of RFC 6749 */
export function parseGrant(body: unknown): GrantRequest {
  const parameters = isRecord(body) ? body : {};
  const given = (name: string): string | undefined => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string' || value.length > maximumParameterLength)
      throw refuseGrant('invalid_request', `${name} must be given once, as text of a moderate length.`);
    return value;
  };
  const required = (name: string): string => {
    const value = given(name);
    if (value === undefined) throw refuseGrant('invalid_request', `${name} is missing.`);
    return value;
  };
  switch (required('grant_type')) {
    case jwtBearer:
      return {
        kind: 'assertion',
        clientId: required('client_id'),
        assertion: required('assertion'),
        scope: given('scope'),
        tokenPath,
      };
    case 'refresh_token':
      return {
        kind: 'refresh-token',
        clientId: required('client_id'),
        clientSecret: given('client_secret'),
        refreshToken: required('refresh_token'),
      };
    default:
      throw refuseGrant('unsupported_grant_type', `grant_type must be ${jwtBearer} or refresh_token.`);
  }
}

export function refuseGrant(error: TokenError | 'unsupported_grant_type', description: string): RequestError {
  const code = error === 'invalid_client' ? 'unauthenticated' : 'invalid-request';
  return new RequestError(code, description, { data: error });
}
