import Type from 'typebox';
import { maximumSortKeys } from '../query/search-records.ts';

export { payloadLimit } from '../documents/payload-limit.ts';

/** An id of whatever form and length: one that nobody has is 404, or finds nothing, and never 400 (docs/spec/contacthub.md F). */
export const anyId = Type.String();

export const workspaceId = Type.String({ description: 'Id of the workspace; another is answered 403.' });
export const customerId = anyId;

export const WorkspaceParameters = Type.Object({ workspaceId });
export const CustomerParameters = Type.Object({ workspaceId, customerId });

/** The largest page; the vendor's limit is not known. */
const maximumPageSize = 1000;

const pageNumbers = { minimum: 0, maximum: 1_000_000 };
const pageSizes = { minimum: 1, maximum: maximumPageSize };

/** Of a list whose page has to be named. */
export const requiredPaging = { page: Type.Integer(pageNumbers), size: Type.Integer(pageSizes) };

/** Of every other list. */
export const paging = {
  page: Type.Integer({ ...pageNumbers, default: 0 }),
  size: Type.Integer({ ...pageSizes, default: 10 }),
  sort: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), {
      maxItems: maximumSortKeys,
      description: '`field` or `field,asc` or `field,desc`; repeatable.',
    }),
  ),
};
