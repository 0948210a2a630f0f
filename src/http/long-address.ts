import type { FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';

/**
 * Path and query of a request. A query of the hundred conditions that Contacthub's search takes has about 16,000 characters, each quote
 * and brace being escaped to three, and twice as many with long values or texts that are escaped too.
 */
export const longestAddress = 32 * 1024;

/** @throws RequestError `address-too-long` */
export function refuseLongAddress({ url }: FastifyRequest): void {
  if (url.length > longestAddress)
    throw new RequestError(
      'address-too-long',
      `The address of the request has ${url.length} characters, more than the ${longestAddress} that one may have. Ask by fewer or shorter conditions.`,
    );
}
