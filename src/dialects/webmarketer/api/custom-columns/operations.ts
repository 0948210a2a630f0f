import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fromObjectId } from '../../../../core/id.ts';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { projectOf } from '../../access.ts';
import { readCustomColumn, readCustomColumns } from '../../custom-column/custom-column-store.ts';
import { createCustomColumn, removeCustomColumn } from '../../custom-column/manage-custom-columns.ts';
import { registerProjectRoute } from '../project-route.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseNewColumn } from './parse.ts';
import { presentColumn } from './present.ts';
import { ColumnParameters, ColumnReply, ColumnsReply, NewColumnBody } from './schemas.ts';

const path = '/api/v1/projects/:projectId/custom-columns';

/** docs/spec/webmarketer.md A2. The list is a bare array (section 0, rule 6). */
export function registerCustomColumnRoutes(app: FastifyInstance, services: Services): void {
  registerProjectRoute(app, services, {
    method: 'GET',
    url: path,
    summary: 'List custom columns',
    params: ProjectParameters,
    reply: ColumnsReply,
    handle: listColumns,
  });
  registerProjectRoute(app, services, {
    method: 'POST',
    url: path,
    status: 201,
    summary: 'Create a custom column',
    params: ProjectParameters,
    body: NewColumnBody,
    reply: ColumnReply,
    handle: postColumn,
  });
  const one = { url: `${path}/:columnId`, params: ColumnParameters, reply: ColumnReply };
  registerProjectRoute(app, services, {
    ...one,
    method: 'GET',
    summary: 'Get a custom column',
    handle: getColumn,
  });
  registerProjectRoute(app, services, {
    ...one,
    method: 'DELETE',
    summary: 'Delete a custom column',
    handle: deleteColumn,
  });
}

async function listColumns(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const columns = await readCustomColumns(services.database, access.workspace.id);
  return columns.map((column) => presentColumn(projectId, column));
}

async function postColumn(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const column = parseNewColumn(request.body, projectId);
  const created = await createCustomColumn(services, access.workspace.id, column);
  if (created === 'key-taken')
    throw new RequestError('conflict', `A custom column with key ${column.key} already exists`);
  if (created === 'metric-key')
    throw new RequestError('conflict', `${column.key} is the key of a metric; take another one`);
  if (created === 'too-many')
    throw new RequestError('invalid-request', 'The project has too many custom columns');
  return presentColumn(projectId, created);
}

async function getColumn(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const column = await readCustomColumn(services.database, access.workspace.id, columnIdOf(request));
  if (!column) throw columnNotFound();
  return presentColumn(projectId, column);
}

async function deleteColumn(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const removed = await removeCustomColumn(services, access.workspace.id, columnIdOf(request));
  if (!removed) throw columnNotFound();
  return presentColumn(projectId, removed);
}

function columnIdOf(request: FastifyRequest): string {
  const { columnId } = request.params as { columnId: string };
  const id = fromObjectId(columnId);
  if (!id) throw columnNotFound();
  return id;
}

function columnNotFound(): RequestError {
  return new RequestError('not-found', 'Custom column not found');
}
