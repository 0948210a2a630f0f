import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { changeWorkspace } from '../change-workspace.ts';

/** Changes some of a dialect's settings, as a merge patch: others stay as somebody else may have left them meanwhile. */
export function useDialectSettings(dialect: string) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (changes: Readonly<Record<string, unknown>>) =>
      changeWorkspace(workspace, { dialects: { [dialect]: changes } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['workspace', workspace] }),
  });
}
