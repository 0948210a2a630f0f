import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { projectOf } from '../../access.ts';
import type { FieldEntity } from '../../definition/definition.ts';
import { fieldsOf } from '../../field/field.ts';
import { readCreatedFields } from '../../field/field-store.ts';
import { archiveField, createField } from '../../field/manage-fields.ts';
import { parseFlag } from '../parse.ts';
import { registerProjectRoute } from '../project-route.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseNewField } from './parse.ts';
import { presentField } from './present.ts';
import { FieldParameters, FieldReply, FieldsQuery, FieldsReply, NewFieldBody } from './schemas.ts';

const project = '/api/v1/projects/:projectId';

/** docs/spec/webmarketer.md A2. Lists are bare arrays (section 0, rule 6). */
export function registerFieldRoutes(app: FastifyInstance, services: Services): void {
  const list = (path: string, summary: string, entity?: FieldEntity) =>
    registerProjectRoute(app, services, {
      method: 'GET',
      url: project + path,
      summary,
      params: ProjectParameters,
      querystring: FieldsQuery,
      reply: FieldsReply,
      handle: (_services, request) => listFields(services, request, entity),
    });
  list('/fields', 'List fields');
  list('/user-fields', 'List user fields', 'user');
  list('/state-fields', 'List state fields', 'state');
  list('/statistic-fields', 'List statistic fields', 'statistic');
  registerProjectRoute(app, services, {
    method: 'POST',
    url: `${project}/fields`,
    status: 201,
    summary: 'Create a field',
    params: ProjectParameters,
    body: NewFieldBody,
    reply: FieldReply,
    handle: postField,
  });
  registerProjectRoute(app, services, {
    method: 'DELETE',
    url: `${project}/fields/:fieldId`,
    summary: 'Archive a field',
    params: FieldParameters,
    reply: FieldReply,
    handle: deleteField,
  });
}

async function listFields(services: Services, request: FastifyRequest, entity: FieldEntity | undefined) {
  const { projectId, access } = projectOf(request);
  const { archived } = request.query as { archived?: string };
  const isArchived = parseFlag(archived, 'archived') ?? false;
  const [workspace, created] = await Promise.all([
    services.workspaces.reload(access.workspace.id),
    readCreatedFields(services.database, access.workspace.id),
  ]);
  return fieldsOf(workspace, 'webmarketer', created)
    .filter((field) => entity === undefined || field.entity === entity)
    .filter((field) => (field.archivedAt !== null) === isArchived)
    .map((field) => presentField(projectId, field));
}

async function postField(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const field = parseNewField(request.body, projectId);
  const created = await createField(services, access.workspace.id, 'webmarketer', field);
  if (created === 'key-taken')
    throw new RequestError('conflict', `A ${field.entity} field with key ${field.key} already exists`);
  if (created === 'too-many') throw new RequestError('invalid-request', 'The project has too many fields');
  return presentField(projectId, created);
}

const shownTypes = 10;

async function deleteField(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const { fieldId } = request.params as { fieldId: string };
  const archived = await archiveField(services, access.workspace.id, 'webmarketer', fieldId.toLowerCase());
  if (!archived) throw new RequestError('not-found', 'Field not found');
  if ('declared' in archived) {
    const types = archived.declared.slice(0, shownTypes).join(', ');
    throw new RequestError('conflict', `The field is declared by event types: ${types}`);
  }
  return presentField(projectId, archived);
}
