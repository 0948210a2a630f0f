import { fromObjectId } from '../../../../core/id.ts';
import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { inProject } from '../../access.ts';
import { maximumColumns } from '../../custom-column/custom-column.ts';
import { readCustomColumn, readCustomColumns } from '../../custom-column/custom-column-store.ts';
import { createCustomColumn, removeCustomColumn } from '../../custom-column/manage-custom-columns.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseNewColumn } from './parse.ts';
import { presentColumn } from './present.ts';
import { ColumnParameters, ColumnReply, ColumnsReply, NewColumnBody } from './schemas.ts';

const path = '/api/v1/projects/:projectId/custom-columns';

/** docs/spec/webmarketer.md A2. The list is a bare array (section 0, rule 6). */
export const customColumnOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'List custom columns',
    guard: inProject,
    checks: { path: ProjectParameters },
    replies: { 200: ColumnsReply },
    handle: async ({ services, access, path: { projectId } }) => {
      const columns = await readCustomColumns(services.database, access.workspace.id);
      return columns.map((column) => presentColumn(projectId, column));
    },
  }),
  operation({
    method: 'POST',
    path,
    summary: 'Create a custom column',
    guard: inProject,
    checks: { path: ProjectParameters },
    documents: { body: NewColumnBody },
    example: {
      key: 'average-order',
      name: 'Average order',
      format: 'currency',
      symbols: ['turnover', '/', 'event-count'],
    },
    replies: { 201: ColumnReply },
    status: 201,
    handle: async ({ services, access, path: { projectId }, body }) => {
      const column = parseNewColumn(body, projectId);
      const created = await createCustomColumn(services, access.workspace.id, column);
      if (created === 'key-taken')
        throw new RequestError('conflict', `A custom column with key ${column.key} already exists`);
      if (created === 'metric-key')
        throw new RequestError('conflict', `${column.key} is the key of a metric; take another one`);
      if (created === 'too-many')
        throw new RequestError(
          'invalid-request',
          `The project has ${maximumColumns} custom columns, which is the most there can be; delete one that is not used`,
        );
      return presentColumn(projectId, created);
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:columnId`,
    summary: 'Get a custom column',
    guard: inProject,
    checks: { path: ColumnParameters },
    replies: { 200: ColumnReply },
    handle: async ({ services, access, path: { projectId, columnId } }) => {
      const id = parseColumnId(columnId);
      const column = await readCustomColumn(services.database, access.workspace.id, id);
      if (!column) throw columnNotFound();
      return presentColumn(projectId, column);
    },
  }),
  operation({
    method: 'DELETE',
    path: `${path}/:columnId`,
    summary: 'Delete a custom column',
    guard: inProject,
    checks: { path: ColumnParameters },
    replies: { 200: ColumnReply },
    handle: async ({ services, access, path: { projectId, columnId } }) => {
      const removed = await removeCustomColumn(services, access.workspace.id, parseColumnId(columnId));
      if (!removed) throw columnNotFound();
      return presentColumn(projectId, removed);
    },
  }),
];

/** @throws RequestError `not-found` for what is no id of a column */
function parseColumnId(columnId: string): string {
  const id = fromObjectId(columnId);
  if (!id) throw columnNotFound();
  return id;
}

function columnNotFound(): RequestError {
  return new RequestError('not-found', 'Custom column not found');
}
