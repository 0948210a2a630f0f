import { RequestError } from '../../../../errors.ts';
import { type Operation, open, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { baseUrlOf } from '../../access.ts';
import { presentSchemaDocument } from '../../documents/references.ts';
import { DocumentParameters } from './schemas.ts';

export const configurationOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: '/docs/schema/*',
    summary: 'A schema that other replies refer to',
    guard: open(),
    checks: { path: DocumentParameters },
    handle: ({ path, request }) => {
      const document = presentSchemaDocument(path['*'], baseUrlOf(request));
      if (!document) throw new RequestError('not-found', 'schema not found');
      return document;
    },
  }),
];
