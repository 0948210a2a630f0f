import { api, take } from '../../../api/client.ts';

export interface NewWorkspace {
  readonly slug: string;
  readonly name: string;
  readonly timezone: string;
  readonly currency: string;
}

export function createWorkspace({ name, ...rest }: NewWorkspace) {
  const body = { ...rest, ...(name === '' ? {} : { name }) };
  return take(api.POST('/workspaces', { body }));
}

/** Its keys end with the answer; its rows go by a job. */
export function deleteWorkspace(workspace: string) {
  return take(api.DELETE('/workspaces/{workspace}', { params: { path: { workspace } } }));
}
