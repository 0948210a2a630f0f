import type { FastifyReply, FastifyRequest, FastifySchema, HTTPMethods } from 'fastify';
import type { Services } from '../../dialect.ts';
import type { Role } from '../access.ts';

/** One of the vendor's operations. Each resource's file lists its own; routes.ts wires them. */
export interface Operation {
  readonly method: HTTPMethods & ('GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE');
  /** Below /hub/v1. */
  readonly path: string;
  readonly summary: string;
  /** Without: it takes no token. */
  readonly roles?: readonly Role[];
  readonly schema?: FastifySchema;
  readonly bodyLimit?: number;
  readonly handle: (services: Services, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
}

/** "Payload must not exceed 64kB" (ruling 2). In bytes. */
export const payloadLimit = 65_535;
