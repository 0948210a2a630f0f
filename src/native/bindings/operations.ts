import Type from 'typebox';
import { readBindings } from '../../core/workspace/binding-store.ts';
import {
  addBinding,
  type BindingProblem,
  findBindingProblem,
  removeBinding,
} from '../../core/workspace/manage-bindings.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { requireAdministrator } from '../admission.ts';
import { inWorkspace } from '../guards.ts';
import { noSuch } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentBindings } from './present.ts';
import { BindingParameters, BindingSchema, BindingsReply, NewBindingBody } from './schemas.ts';

const path = '/workspaces/:workspace/bindings';

/** What the workspace is called in each dialect. A name is one workspace's in all of the installation: the administrator decides. */
export const bindingOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'List what the workspace is called in each dialect',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: BindingsReply, ...errors(404) },
    handle: async ({ services, access: { workspace } }) => ({
      bindings: presentBindings(workspace, await readBindings(services.database, workspace.id)),
    }),
  }),
  operation({
    method: 'POST',
    path,
    summary: 'Give the workspace another name in a dialect (administrator)',
    description:
      'So that clients keep the licence code, project id, partner id or client id that they have. The name of a WhatsApp number comes with its source.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: NewBindingBody },
    status: 201,
    replies: { 201: BindingSchema, ...errors(403, 404, 409) },
    handle: async ({ services, access, body }) => {
      const { dialect, kind, externalId } = body;
      refuse(findBindingProblem(body));
      requireAdministrator(access, 'body/externalId');
      const problem = await addBinding(services.database, access.workspace.id, body);
      if (problem === 'taken')
        throw new RequestError(
          'conflict',
          `A workspace has the ${kind} ${externalId} of ${dialect} already.`,
          { path: 'body/externalId' },
        );
      refuse(problem);
      return { dialect, kind, externalId };
    },
  }),
  operation({
    method: 'DELETE',
    path: `${path}/:dialect/:kind/:externalId`,
    summary: 'Take a name from the workspace (administrator)',
    description:
      "This process goes by it at once, others within two seconds. With a WhatsApp number's its secrets end, and its source is archived.",
    guard: inWorkspace,
    checks: { path: BindingParameters },
    status: 204,
    replies: { 204: Type.Null({ description: 'It is free.' }), ...errors(403, 404, 409) },
    handle: async ({ services, access, path: { dialect, kind, externalId } }) => {
      requireAdministrator(access, 'params/externalId');
      const binding = { dialect, kind, externalId };
      const now = new Date(services.clock());
      const removal = await removeBinding(services, access.workspace.id, binding, now);
      if (removal.kind === 'unknown')
        throw noSuch(
          'params/externalId',
          'The workspace was given no such name; those that follow from the ids of nodes, lists and integrations stay with them.',
        );
      if (removal.kind === 'needed') throw new RequestError('conflict', `${removal.why}.`);
      return null;
    },
  }),
];

function refuse(problem: BindingProblem | undefined): void {
  if (problem)
    throw new RequestError('invalid-request', `${problem.message}.`, { path: `body/${problem.path}` });
}
