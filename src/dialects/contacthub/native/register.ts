import type { FastifyInstance } from 'fastify';
import { registerOperations } from '../../../http/operation.ts';
import type { NativeServices } from '../../../native/services.ts';
import { compileNative } from '../../../native/validation.ts';
import { nodeOperations } from './nodes.ts';
import { productOperations } from './products.ts';
import { sendSourceOperations } from './send-sources.ts';
import { userOperations } from './users.ts';

/** What the native API has for this dialect. */
export function registerNative(scope: FastifyInstance, services: NativeServices): void {
  const table = { tag: 'Native: Contacthub', compile: compileNative };
  registerOperations(
    scope,
    services,
    [...nodeOperations, ...productOperations, ...sendSourceOperations, ...userOperations],
    table,
  );
}
