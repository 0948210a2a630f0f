import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { countOf } from '../../components/number.ts';
import { Failure } from '../../components/states.tsx';
import { replayMany, type Scope } from './queries.ts';

interface ReplayButtonsProps {
  readonly scope: Scope;
  /** How many wait in it. */
  readonly events: number;
  /** "all", "these": what the buttons say. */
  readonly words: string;
}

/** Tries or replays all of a scope, as a job. */
export function ReplayButtons({ scope, events, words }: ReplayButtonsProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const begin = useMutation({
    mutationFn: (dryRun: boolean) => replayMany(workspace, scope, dryRun),
    onSuccess: async () => {
      setAsking(false);
      await queryClient.invalidateQueries({ queryKey: ['jobs', workspace] });
    },
  });
  return (
    <>
      <Button onClick={() => begin.mutate(true)} busy={begin.isPending}>
        Try {words}
      </Button>
      <Button look="primary" onClick={() => setAsking(true)} busy={begin.isPending}>
        Replay {words}
      </Button>
      {begin.error && !isAsking ? <Failure error={begin.error} /> : null}
      {isAsking ? (
        <Dialog
          title={`Replay ${countOf(events, 'event')}?`}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Leave them</Button>
              <Button look="primary" onClick={() => begin.mutate(false)} busy={begin.isPending}>
                Replay
              </Button>
            </>
          }
        >
          <p>
            Each is read again by the rules as they are now, and stored as of when it came in. What still
            breaks a rule stays here. It goes on when this page is closed.
          </p>
          <p className="soft small">To see first what would become of them, try them: that stores nothing.</p>
          {begin.error ? <Failure error={begin.error} /> : null}
        </Dialog>
      ) : null}
    </>
  );
}
