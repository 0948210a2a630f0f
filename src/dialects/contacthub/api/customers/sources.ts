import Type from 'typebox';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at } from '../../access.ts';
import { notFound } from '../../errors.ts';
import { CustomerParameters, customerId, workspaceId } from '../schemas.ts';
import { requireRecords } from './find-customer.ts';
import { presentSourceCopies } from './present.ts';

const SourceParameters = Type.Object({
  workspaceId,
  customerId,
  sourceId: Type.String({ description: 'As `sourceInfo` has it.' }),
});

export const customerSourceOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listCustomerSources'),
    summary: 'List what each source has said of a customer',
    checks: { path: CustomerParameters },
    handle: async ({ services, access: { workspace }, path }) => {
      const { customer, profiles } = await requireRecords(services, workspace, path.customerId);
      return { elements: presentSourceCopies({ ...customer, profiles }, workspace) };
    },
  }),
  operation({
    ...at('readCustomerSource'),
    summary: 'Get what one source has said of a customer',
    checks: { path: SourceParameters },
    handle: async ({ services, access: { workspace }, path }) => {
      const { customer, profiles } = await requireRecords(services, workspace, path.customerId);
      const wanted = path.sourceId.toLowerCase();
      const copy = presentSourceCopies({ ...customer, profiles }, workspace).find(({ id }) => id === wanted);
      if (!copy) throw notFound('source', path.sourceId);
      return copy;
    },
  }),
];
