import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type Workspace, workspaceQuery } from '../api/workspaces.ts';

const route = getRouteApi('/$workspace');

/** The slug of the workspace that is looked at: `path.workspace` of the API's calls, and a part of each query's key. */
export function useWorkspaceName(): string {
  return route.useParams().workspace;
}

/** The workspace that is looked at, with its time zone and currency. Its route has loaded it. */
export function useWorkspace(): Workspace {
  return useSuspenseQuery(workspaceQuery(useWorkspaceName())).data;
}
