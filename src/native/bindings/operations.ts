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
import type { NativeDialect, NativeServices } from '../services.ts';
import { presentBindings } from './present.ts';
import { BindingSchema, BindingsReply, bindingParameters, newBindingBody } from './schemas.ts';

const path = '/workspaces/:workspace/bindings';

/** What the workspace is called in each dialect. A name is one workspace's in all of the installation: the administrator decides. */
export function bindingOperations(dialects: readonly NativeDialect[]): readonly Operation<NativeServices>[] {
  return [list(dialects), give(dialects), take(dialects)];
}

function list(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'GET',
    path,
    summary: 'List what the workspace is called in each dialect',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: BindingsReply, ...errors(404) },
    handle: async ({ services, access: { workspace } }) => ({
      bindings: presentBindings(dialects, workspace, await readBindings(services.database, workspace.id)),
    }),
  });
}

function give(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'POST',
    path,
    summary: 'Give the workspace another name in a dialect (administrator)',
    description:
      'So that clients keep what they call it. Where a source is called by a name, the name comes with the source.',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: newBindingBody(dialects) },
    example: { dialect: 'webengage', kind: 'license', externalId: '~47b66161' },
    status: 201,
    replies: { 201: BindingSchema, ...errors(403, 404, 409) },
    handle: async ({ services, access, body }) => {
      const { dialect, kind, externalId, ...owners } = body;
      const binding = { dialect, kind, externalId, owners };
      refuse(findBindingProblem(dialects, binding));
      requireAdministrator(access, 'body/externalId');
      const problem = await addBinding(services.database, dialects, access.workspace.id, binding);
      if (problem === 'taken')
        throw new RequestError(
          'conflict',
          `A workspace has the ${kind} ${externalId} of ${dialect} already.`,
          { path: 'body/externalId' },
        );
      refuse(problem);
      return { dialect, kind, externalId };
    },
  });
}

function take(dialects: readonly NativeDialect[]) {
  return operation({
    method: 'DELETE',
    path: `${path}/:dialect/:kind/:externalId`,
    summary: 'Take a name from the workspace (administrator)',
    description:
      "This process goes by it at once, others within two seconds. With a source's its secrets end, and it is archived.",
    guard: inWorkspace,
    checks: { path: bindingParameters(dialects) },
    status: 204,
    replies: { 204: Type.Null({ description: 'It is free.' }), ...errors(403, 404, 409) },
    handle: async ({ services, access, path: { dialect, kind, externalId } }) => {
      requireAdministrator(access, 'params/externalId');
      const binding = { dialect, kind, externalId };
      const now = new Date(services.clock());
      const removal = await removeBinding(services, dialects, access.workspace.id, binding, now);
      if (removal.kind === 'unknown')
        throw noSuch(
          'params/externalId',
          'The workspace was given no such name; those that follow from the ids of nodes and sources stay with them.',
        );
      if (removal.kind === 'needed') throw new RequestError('conflict', `${removal.why}.`);
      return null;
    },
  });
}

function refuse(problem: BindingProblem | undefined): void {
  if (problem)
    throw new RequestError('invalid-request', `${problem.message}.`, { path: `body/${problem.path}` });
}
