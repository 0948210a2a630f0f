import { useMutation, useQueryClient } from '@tanstack/react-query';
import { workspaceQuery } from '../../../api/workspaces.ts';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { changeWorkspace } from '../change-workspace.ts';

/** Changes some of a dialect's settings. They are replaced as a whole, so the others are sent along as they are by then. */
export function useDialectSettings(dialect: string) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (changes: Readonly<Record<string, unknown>>) => {
      const { dialects } = await queryClient.fetchQuery({ ...workspaceQuery(workspace), staleTime: 0 });
      const current = dialects[dialect];
      const settings = typeof current === 'object' && current !== null ? current : {};
      return changeWorkspace(workspace, { dialects: { [dialect]: { ...settings, ...changes } } });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['workspace', workspace] }),
  });
}
