import { api, take } from '../../api/client.ts';

/** What is to be another of a workspace; what is left out stays. A dialect's settings are a merge patch: null takes one away. */
export interface WorkspaceChanges {
  readonly name?: string;
  readonly timezone?: string;
  readonly currency?: string;
  readonly matching?: ('email' | 'phone')[];
  readonly phoneCountries?: string[];
  readonly status?: 'enabled' | 'suspended' | 'disabled';
  readonly rateLimits?: Readonly<Record<string, number>>;
  readonly dialects?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** It answers when what follows from a time zone or a currency is done; until then the jobs show how far that is. */
export function changeWorkspace(workspace: string, body: WorkspaceChanges) {
  return take(api.PATCH('/workspaces/{workspace}', { params: { path: { workspace } }, body }));
}
