import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Workspace } from '../../../api/workspaces.ts';
import { useWorkspace } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { type Mood, Status } from '../../../components/status.tsx';
import { changeWorkspace } from '../change-workspace.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

type Settable = 'enabled' | 'suspended' | 'disabled';

const states: Readonly<
  Record<Workspace['status'], { readonly word: string; readonly mood: Mood; readonly means: string }>
> = {
  enabled: { word: 'Enabled', mood: 'good', means: 'Events are taken in, and everything can be read.' },
  suspended: {
    word: 'Suspended',
    mood: 'warn',
    means: 'Nothing is taken in, by whichever API: clients are answered 403. What is there can be read.',
  },
  disabled: {
    word: 'Disabled',
    mood: 'bad',
    means: 'Its keys open no vendor’s API any more: clients are answered 403, whatever they ask.',
  },
  importing: { word: 'Being imported', mood: 'warn', means: 'Its rows are being read from a file.' },
  deleting: { word: 'Being deleted', mood: 'bad', means: 'Its keys have ended, and its rows go by a job.' },
};

const deeds: readonly { readonly status: Settable; readonly deed: string }[] = [
  { status: 'enabled', deed: 'Enable it' },
  { status: 'suspended', deed: 'Suspend it' },
  { status: 'disabled', deed: 'Disable it' },
];

/** Whether the workspace takes part, and the way to change that. */
export function WorkspaceState() {
  const { status, slug } = useWorkspace();
  const queryClient = useQueryClient();
  const [wanted, setWanted] = useState<Settable>();
  const change = useMutation({
    mutationFn: (to: Settable) => changeWorkspace(slug, { status: to }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['workspace', slug] });
      await queryClient.invalidateQueries({ queryKey: ['workspaces'] });
      setWanted(undefined);
    },
  });
  const { word, mood, means } = states[status];
  const wantedDeed = deeds.find((one) => one.status === wanted);
  return (
    <section className="card" aria-labelledby="state">
      <div className="card-head">
        <h3 id="state">State</h3>
        <Status mood={mood}>{word}</Status>
      </div>
      <p className="soft">{means}</p>
      {status === 'importing' || status === 'deleting' ? null : (
        <div className="settings-buttons">
          {deeds
            .filter((one) => one.status !== status)
            .map((one) => (
              <Button
                key={one.status}
                look={one.status === 'enabled' ? 'plain' : 'danger'}
                onClick={() => setWanted(one.status)}
              >
                {one.deed}
              </Button>
            ))}
        </div>
      )}
      {wanted && wantedDeed ? (
        <ConfirmDialog
          title={`${wantedDeed.deed}?`}
          deed={wantedDeed.deed}
          look={wanted === 'enabled' ? 'primary' : 'danger'}
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(wanted)}
          onClose={() => setWanted(undefined)}
        >
          <p>{states[wanted].means}</p>
          <p className="soft small">
            It can be changed back at any time. This console stays open in every state.
          </p>
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
