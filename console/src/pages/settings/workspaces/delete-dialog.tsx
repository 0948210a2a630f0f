import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { workspacesQuery } from '../../../api/workspaces.ts';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { deleteWorkspace } from './queries.ts';

interface DeleteDialogProps {
  readonly workspace: { readonly slug: string; readonly name: string };
  readonly onClose: () => void;
}

/** Deletes a workspace with all that it has. */
export function DeleteDialog({ workspace: { slug, name }, onClose }: DeleteDialogProps) {
  const current = useWorkspaceName();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteWorkspace(slug),
    onSuccess: async () => {
      const left = await queryClient.fetchQuery({ ...workspacesQuery, staleTime: 0 });
      onClose();
      if (slug !== current) return;
      // Where one stands is no more.
      const next = left.find((one) => one.slug !== slug);
      await navigate(
        next ? { to: '/$workspace/settings/workspaces', params: { workspace: next.slug } } : { to: '/' },
      );
    },
  });
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      deed="Delete for good"
      typed={slug}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        All that it has goes for good: events, people, figures, quarantine, settings. Its keys end at once, in
        every API; its rows go in the background, and its names are free for others. Nothing brings it back
        but a backup.
      </p>
    </ConfirmDialog>
  );
}
