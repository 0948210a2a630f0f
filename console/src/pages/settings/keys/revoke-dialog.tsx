import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { type Key, type KeyScope, revokeKey } from './queries.ts';

interface RevokeDialogProps {
  readonly scope: KeyScope;
  readonly secret: Key;
  readonly onClose: () => void;
}

export function RevokeDialog({ scope, secret: { id, name, lastUsedAt }, onClose }: RevokeDialogProps) {
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeKey(scope, id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['keys', scope] });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title="Revoke this?"
      deed="Revoke it"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>
        <strong className="foreign">{name}</strong> opens nothing any more, with all that was made from it:
        sessions and tokens end, too.{' '}
        {lastUsedAt === null ? 'It has never been used.' : 'It has been in use: who shows it is refused.'}
      </p>
      <p className="soft small">
        It can’t be taken back. To give its caller time to change, rotate it instead. If it is the key that
        you have signed in by, your session ends.
      </p>
    </ConfirmDialog>
  );
}
