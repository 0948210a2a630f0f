import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { bulkEntities, bulkOperations, bulkStatuses } from '../../bulk/bulk-job.ts';
import { EVENT_TYPE_NAMES } from '../../documents/enums.ts';
import { anyId, paging, workspaceId } from '../schemas.ts';

export const NodeParameters = Type.Object({ workspaceId, nodeId: anyId });
export const BulkJobParameters = Type.Object({ ...NodeParameters.properties, jobId: anyId });

export const BulkJobQuery = queryObject({
  ...paging,
  status: Type.Optional(Type.Enum([...bulkStatuses])),
  entity: Type.Optional(Type.Enum([...bulkEntities])),
});

/** The form that is sent; it is read as it comes in (parse.ts). */
export const BulkJobForm = Type.Object({
  file: Type.String({
    format: 'binary',
    description: 'CSV: commas, UTF-8, a header of dotted paths (`base.contacts.email`).',
  }),
  operation: Type.Enum([...bulkOperations]),
  entity: Type.Optional(Type.Enum([...bulkEntities])),
  eventType: Type.Optional(
    Type.Enum([...EVENT_TYPE_NAMES], { description: 'Of the rows of an EVENT file.' }),
  ),
});
