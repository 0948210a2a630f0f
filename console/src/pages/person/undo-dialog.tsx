import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Person } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { countOf } from '../../components/number.ts';
import { Failure, Loaded } from '../../components/states.tsx';
import { LinkEnd } from './link-end.tsx';
import { type StoredLink, undoLink } from './queries.ts';

interface UndoDialogProps {
  readonly link: StoredLink;
  readonly person: Person;
  readonly onClose: () => void;
}

/** Says what undoing a link would move, and what would still hold the two together, before it is done. */
export function UndoDialog({ link, person, onClose }: UndoDialogProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const linkId = link.id ?? '';
  const preview = useQuery({
    queryKey: ['undo', workspace, linkId],
    queryFn: () => undoLink(workspace, linkId, true),
    gcTime: 0,
  });
  const undo = useMutation({
    mutationFn: () => undoLink(workspace, linkId, false),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['person', workspace] });
      onClose();
    },
  });
  return (
    <Dialog
      title="Undo this link?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            look="danger"
            onClick={() => undo.mutate()}
            busy={undo.isPending}
            disabled={preview.data === undefined}
          >
            Undo it
          </Button>
        </>
      }
    >
      <Loaded query={preview} label="Looking what would move …">
        {({ moves, stillHeldBy }) => (
          <div className="stack">
            {moves.length === 0 ? (
              <p>Nobody would move: other evidence holds the two together.</p>
            ) : (
              <>
                <p>{countOf(moves.length, 'profile')} would be somebody else’s, with their events:</p>
                <ul className="link-list">
                  {moves.map(({ profileId }) => (
                    <li key={profileId}>
                      <LinkEnd id={profileId} person={person} />
                    </li>
                  ))}
                </ul>
              </>
            )}
            {stillHeldBy.length > 0 ? (
              <>
                <p>Still held together by:</p>
                <ul className="link-list">
                  {stillHeldBy.map(({ id, first, second, evidence }) => (
                    <li key={id ?? `${first} ${second}`}>
                      <LinkEnd id={first} person={person} /> and <LinkEnd id={second} person={person} />:{' '}
                      <code className="foreign">{evidence}</code>
                    </li>
                  ))}
                </ul>
              </>
            ) : null}
            <p className="soft small">
              Everything is as if the link had never been, also what was merged or edited since. The same
              evidence does not make it again; joining the two by hand does.
            </p>
          </div>
        )}
      </Loaded>
      {undo.error ? <Failure error={undo.error} /> : null}
    </Dialog>
  );
}
