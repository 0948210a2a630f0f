import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { changeSource, type Source, type SourceChange } from './queries.ts';

/** Changes a source; what shows sources, or counts by them, is asked for anew. */
export function useChange({ id }: Source, onDone: () => void) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: SourceChange) => changeSource(workspace, id, change),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['sources', workspace] });
      await queryClient.invalidateQueries({ queryKey: ['tracker', workspace] });
      await queryClient.invalidateQueries({ queryKey: ['source', workspace, id] });
      onDone();
    },
  });
}
