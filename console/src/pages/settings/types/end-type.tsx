import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { countOf } from '../../../components/number.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { deleteType, type EventType, setArchived } from './queries.ts';

interface EndTypeProps {
  readonly type: EventType;
  readonly onGone: () => void;
}

/** Archives a type, takes it back, or deletes it with its events. */
export function EndType({ type: { id, name, archivedAt }, onGone }: EndTypeProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<'archive' | 'delete'>();
  const [deleted, setDeleted] = useState(0);
  const refresh = async () => {
    await queryClient.invalidateQueries({ queryKey: ['event-types', workspace] });
    await queryClient.invalidateQueries({ queryKey: ['event-type', workspace, id] });
    setAsked(undefined);
  };
  const archive = useMutation({
    mutationFn: (archived: boolean) => setArchived(workspace, id, archived),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: () => deleteType(workspace, id, setDeleted),
    onSuccess: async () => {
      onGone();
      await queryClient.invalidateQueries({ queryKey: ['event-types', workspace] });
    },
  });
  return (
    <div className="settings-buttons">
      {archivedAt ? (
        <Button busy={archive.isPending} onClick={() => archive.mutate(false)}>
          Take it back
        </Button>
      ) : (
        <Button onClick={() => setAsked('archive')}>Archive it</Button>
      )}
      <Button look="danger" onClick={() => setAsked('delete')}>
        Delete it with its events
      </Button>
      {asked === 'archive' ? (
        <ConfirmDialog
          title="Archive this type?"
          deed="Archive it"
          busy={archive.isPending}
          error={archive.error}
          onConfirm={() => archive.mutate(true)}
          onClose={() => setAsked(undefined)}
        >
          <p>Its events go to quarantine from then on. What it has taken stays, and it can be taken back.</p>
        </ConfirmDialog>
      ) : null}
      {asked === 'delete' ? (
        <ConfirmDialog
          title="Delete this type with all of its events?"
          deed="Delete for good"
          typed={name}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsked(undefined)}
        >
          <p>
            Its events, their metrics and what they count into go for good. People stay. Nothing brings the
            events back.
          </p>
          <p role="status" className="small soft">
            {remove.isPending || deleted > 0 ? `${countOf(deleted, 'event')} gone so far.` : ''}
          </p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
