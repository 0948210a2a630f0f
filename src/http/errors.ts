import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { WorkspaceGoneError } from '../core/workspace/workspace-store.ts';
import { type ErrorCode, RequestError } from '../errors.ts';
import { isTransient, TookTooLongError, TooManyQuestionsError } from '../store/database-error.ts';
import { describeValidation } from './describe-validation.ts';
import { refuseLongQuery } from './form.ts';
import { refuseLongAddress } from './long-address.ts';
import type { VendorError } from './vendor-error.ts';

const codesByStatus: Record<number, ErrorCode> = {
  413: 'body-too-large',
  415: 'unsupported-media',
};

/** Says whatever went wrong in the catalogue's terms. */
export function toRequestError(error: FastifyError | Error): RequestError {
  if (error instanceof RequestError) return error;
  if (isTransient(error)) return refuseForNow(error);
  if (error instanceof WorkspaceGoneError) return new RequestError('forbidden', 'The workspace was deleted.');
  // The router's own: a path that can't be decoded, or with a part that is longer than any name.
  if ('code' in error && (error.code === 'FST_ERR_BAD_URL' || error.code === 'FST_ERR_MAX_PARAM_LENGTH')) {
    return new RequestError('unknown-route');
  }
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if ('validation' in error && error.validation) {
    const { path, message } = describeValidation(error.validation, error.validationContext ?? 'request');
    return new RequestError('invalid-request', message, { path });
  }
  if (status !== undefined && status >= 400 && status < 500) {
    const code = codesByStatus[status] ?? 'malformed-body';
    return new RequestError(code, code === 'malformed-body' ? 'The body could not be read.' : undefined);
  }
  return new RequestError('fault');
}

/** What may be possible later. Also what is only read (a key, a list) needs the database. */
function refuseForNow(error: Error): RequestError {
  if (error instanceof TookTooLongError) {
    return new RequestError(
      'took-too-long',
      `This takes longer than the ${error.milliseconds / 1000} seconds that a question may take, and was stopped. Ask for less at once (a shorter time, fewer conditions, a smaller page), or try again when the server is less busy.`,
      { retryAfterSeconds: 10 },
    );
  }
  if (error instanceof TooManyQuestionsError) {
    return new RequestError(
      'too-many-questions',
      `The workspace has asked more at once than is worked at (${error.allowed} at a time). Wait for the answers of the questions before, then ask again.`,
      { retryAfterSeconds: 5 },
    );
  }
  return new RequestError(
    'overloaded',
    'The database can not be reached, or takes no writes, at the moment; send it again after Retry-After seconds.',
    { retryAfterSeconds: 1 },
  );
}

/** Answers a request with an error. */
export type AnswerError = (error: Error, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * One place for everything that is not a normal answer: each error in the form of the vendor whose path it is, faults with their
 * cause in the log and nothing of it in the answer.
 */
export function createErrorAnswer(
  present: (error: RequestError, path: string) => VendorError,
  refused: (request: FastifyRequest, error: RequestError) => void,
  logger: Logger,
): AnswerError {
  return (error, request, reply) => {
    const known = toRequestError(error);
    if (known.code === 'fault') {
      logger.error(
        { err: error, route: request.routeOptions.url, requestId: request.id },
        'a request failed',
      );
    }
    if (known.code === 'took-too-long')
      logger.warn({ route: request.routeOptions.url, requestId: request.id }, known.message);
    const vendor = present(known, pathOf(request));
    refused(request, known);
    if (known.details.retryAfterSeconds !== undefined)
      reply.header('retry-after', known.details.retryAfterSeconds);
    if (vendor.headers) reply.headers(vendor.headers);
    return reply
      .code(vendor.status)
      .type(vendor.contentType ?? 'application/json; charset=utf-8')
      .serializer((body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body)))
      .send(vendor.body);
  };
}

export function registerErrors(app: FastifyInstance, answerError: AnswerError): void {
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    answerError(
      new RequestError('unknown-route', `There is no ${request.method} ${pathOf(request)}.`),
      request,
      reply,
    ),
  );
  app.addHook('onRequest', async (request) => refuseLongAddress(request));
  app.addHook('onRequest', async (request) => refuseLongQuery(request));
  // Nothing has U+0000 in its name, and PostgreSQL can't even be asked for it.
  app.addHook('onRequest', async (request) => {
    if (!request.url.includes('%00')) return;
    throw pathOf(request).includes('%00')
      ? new RequestError('unknown-route')
      : new RequestError('invalid-request', 'The query holds a character that no text has (U+0000).');
  });
}

export function pathOf(request: FastifyRequest): string {
  const end = request.url.indexOf('?');
  return end < 0 ? request.url : request.url.slice(0, end);
}
