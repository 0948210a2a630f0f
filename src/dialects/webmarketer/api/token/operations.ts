import type { FastifyInstance } from 'fastify';
import { RequestError } from '../../../../errors.ts';
import { readFormFields } from '../../../../http/form.ts';
import type { Services } from '../../../dialect.ts';
import { refuseBusy, refuseForNow } from '../../../sign-in-refusal.ts';
import { tokenPath } from '../../errors.ts';
import {
  grantByAssertion,
  grantByRefreshToken,
  type TokenError,
  type TokenGrant,
} from '../../oauth/grant-token.ts';
import { TokenBody, TokenReply } from '../schemas.ts';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const bodyLimit = 64 * 1024;
const maximumParameterLength = 16_384;

/** `POST /oidc/token`, in RFC 6749's form (docs/spec/webmarketer.md 0). */
export function registerTokenRoute(app: FastifyInstance, services: Services): void {
  app.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit },
    async (request: { headers: { 'content-type'?: string | undefined } }, bytes: Buffer) =>
      parametersOf(readFormFields(bytes, request.headers['content-type'])),
  );
  app.route({
    method: 'POST',
    url: tokenPath,
    bodyLimit,
    schema: {
      tags: ['Webmarketer'],
      summary: 'Get an access token',
      security: [],
      consumes: ['application/x-www-form-urlencoded'],
      body: TokenBody,
      response: { 200: TokenReply },
    },
    handler: async (request, reply) => {
      const granted = await grantToken(services, request.body);
      if (granted.kind === 'busy') throw refuseBusy();
      if (granted.kind === 'refused') {
        // Only what fails is slowed down: whoever shows what is valid is let in, whatever others send from the same address. By the
        // address alone: nobody can guess a signature, but who knows a client's id could lock it out by failing.
        const attempt = { dialect: 'webmarketer', name: null, address: request.ip } as const;
        const wait = services.signInThrottle.waitSeconds(attempt);
        if (wait > 0) throw refuseForNow(wait);
        services.signInThrottle.fail(attempt);
        throw refuse(granted.error, granted.description);
      }
      return reply.header('cache-control', 'no-store').send(presentToken(granted));
    },
  });
}

/** A parameter that is given more than once is a list, which `given` refuses. */
function parametersOf(fields: URLSearchParams): Record<string, unknown> {
  const parameters: Record<string, unknown> = Object.create(null);
  for (const name of new Set(fields.keys())) {
    const values = fields.getAll(name);
    parameters[name] = values.length === 1 ? values[0] : values;
  }
  return parameters;
}

function grantToken(services: Services, body: unknown): Promise<TokenGrant> {
  const parameters = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const given = (name: string): string | undefined => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string' || value.length > maximumParameterLength)
      throw refuse('invalid_request', `${name} must be given once, as text of a moderate length.`);
    return value;
  };
  const required = (name: string): string => {
    const value = given(name);
    if (value === undefined) throw refuse('invalid_request', `${name} is missing.`);
    return value;
  };
  switch (required('grant_type')) {
    case jwtBearer:
      return grantByAssertion(services, 'webmarketer', {
        clientId: required('client_id'),
        assertion: required('assertion'),
        scope: given('scope'),
        tokenPath,
      });
    case 'refresh_token':
      return grantByRefreshToken(services, 'webmarketer', {
        clientId: required('client_id'),
        clientSecret: given('client_secret'),
        refreshToken: required('refresh_token'),
      });
    default:
      throw refuse('unsupported_grant_type', `grant_type must be ${jwtBearer} or refresh_token.`);
  }
}

/** The vendor's client reads each of these without looking whether it is there. */
function presentToken(granted: Extract<TokenGrant, { kind: 'granted' }>) {
  return {
    access_token: granted.accessToken,
    token_type: 'Bearer',
    expires_in: granted.expiresInSeconds,
    scope: granted.scope,
    ...(granted.refreshToken === undefined ? {} : { refresh_token: granted.refreshToken }),
  };
}

function refuse(error: TokenError | 'unsupported_grant_type', description: string): RequestError {
  const code = error === 'invalid_client' ? 'unauthenticated' : 'invalid-request';
  return new RequestError(code, description, { data: error });
}
