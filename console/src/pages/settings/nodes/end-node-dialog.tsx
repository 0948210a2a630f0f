import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Select } from '../../../components/field.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { deleteNode, emptyNode, type Node } from './queries.ts';

const deeds = [
  { value: 'events', title: 'Delete its events' },
  { value: 'all', title: 'Delete its customers and their events' },
  { value: 'node', title: 'Delete the node, which must be empty' },
] as const;

type Deed = (typeof deeds)[number]['value'];

const means: Readonly<Record<Deed, string>> = {
  events: 'Events that the node holds by now go for good, by a job. Its customers stay.',
  all: 'All that the node holds by now goes for good, by a job: customers, their events, sessions and keys.',
  node: 'The node is no more. It is refused while it holds anything, is the usual one, or a source is of it.',
};

interface EndNodeDialogProps {
  readonly node: Node;
  readonly onClose: () => void;
}

/** Empties a node of Contacthub's, or deletes one that is empty. */
export function EndNodeDialog({ node: { id, name }, onClose }: EndNodeDialogProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const [deed, setDeed] = useState<Deed>('events');
  const end = useMutation({
    mutationFn: async () => {
      if (deed === 'node') await deleteNode(workspace, id);
      else await emptyNode(workspace, id, deed === 'events');
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['nodes', workspace] });
      await queryClient.invalidateQueries({ queryKey: ['jobs', workspace] });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={`Empty or delete ${name}`}
      deed="Delete for good"
      typed={name}
      busy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    >
      <Select
        label="What"
        value={deed}
        options={deeds}
        onPick={(value) => setDeed(deeds.find((one) => one.value === value)?.value ?? 'events')}
      />
      <p>{means[deed]}</p>
    </ConfirmDialog>
  );
}
