import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { inProject } from '../../access.ts';
import type { FieldEntity } from '../../definition/definition.ts';
import { fieldsOf, maximumCreatedFields } from '../../field/field.ts';
import { readCreatedFields } from '../../field/field-store.ts';
import { archiveField, createField } from '../../field/manage-fields.ts';
import { parseFlag } from '../parse.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseNewField } from './parse.ts';
import { presentField } from './present.ts';
import { FieldParameters, FieldReply, FieldsQuery, FieldsReply, NewFieldBody } from './schemas.ts';

const project = '/api/v1/projects/:projectId';
const shownTypes = 10;

/** docs/spec/webmarketer.md A2. Lists are bare arrays (section 0, rule 6). */
export const fieldOperations: readonly Operation<Services>[] = [
  list('/fields', 'List fields'),
  list('/user-fields', 'List user fields', 'user'),
  list('/state-fields', 'List state fields', 'state'),
  list('/statistic-fields', 'List statistic fields', 'statistic'),
  operation({
    method: 'POST',
    path: `${project}/fields`,
    summary: 'Create a field',
    guard: inProject,
    checks: { path: ProjectParameters },
    documents: { body: NewFieldBody },
    example: {
      entity: 'user',
      type: 'email',
      key: 'email',
      label: 'E-mail',
      isPii: true,
      discriminant: true,
    },
    replies: { 201: FieldReply },
    status: 201,
    handle: async ({ services, access, path: { projectId }, body }) => {
      const field = parseNewField(body, projectId);
      const created = await createField(services, access.workspace.id, 'webmarketer', field);
      if (created === 'key-taken')
        throw new RequestError('conflict', `A ${field.entity} field with key ${field.key} already exists`);
      if (created === 'too-many')
        throw new RequestError(
          'invalid-request',
          `The project has ${maximumCreatedFields} fields of its own, which is the most there can be; delete one that is not used`,
        );
      return presentField(projectId, created);
    },
  }),
  operation({
    method: 'DELETE',
    path: `${project}/fields/:fieldId`,
    summary: 'Archive a field',
    guard: inProject,
    checks: { path: FieldParameters },
    replies: { 200: FieldReply },
    handle: async ({ services, access: { workspace }, path: { projectId, fieldId } }) => {
      const archived = await archiveField(services, workspace.id, 'webmarketer', fieldId.toLowerCase());
      if (!archived) throw new RequestError('not-found', 'Field not found');
      if ('declared' in archived) {
        const types = archived.declared.slice(0, shownTypes).join(', ');
        throw new RequestError('conflict', `The field is declared by event types: ${types}`);
      }
      return presentField(projectId, archived);
    },
  }),
];

/** A list of the fields of one entity, or of all. */
function list(path: string, summary: string, entity?: FieldEntity): Operation<Services> {
  return operation({
    method: 'GET',
    path: project + path,
    summary,
    guard: inProject,
    checks: { path: ProjectParameters, query: FieldsQuery },
    replies: { 200: FieldsReply },
    handle: async ({ services, access, path: { projectId }, query }) => {
      const isArchived = parseFlag(query.archived, 'archived') ?? false;
      const [workspace, created] = await Promise.all([
        services.workspaces.reload(access.workspace.id),
        readCreatedFields(services.database, access.workspace.id),
      ]);
      return fieldsOf(workspace, 'webmarketer', created)
        .filter((field) => entity === undefined || field.entity === entity)
        .filter((field) => (field.archivedAt !== null) === isArchived)
        .map((field) => presentField(projectId, field));
    },
  });
}
