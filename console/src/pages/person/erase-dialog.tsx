import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { type Person, titleOfPerson } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { ErasureCounts } from './counts.tsx';
import { erasePerson } from './queries.ts';

/** What has to be written before somebody is forgotten. */
const word = 'erase';

/** Says what forgetting somebody would empty, and does it once that was confirmed by a word. */
export function EraseDialog({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const form = useId();
  const [written, write] = useState('');
  const counted = useQuery({
    queryKey: ['erase', workspace, person.id],
    queryFn: () => erasePerson(workspace, person.id, true),
    gcTime: 0,
  });
  const erase = useMutation({
    mutationFn: () => erasePerson(workspace, person.id, false),
    // Nothing of the forgotten is kept here either: the page asks anew, and is told of the erasure.
    onSuccess: () => {
      for (const kind of ['person', 'people', 'event', 'erasure', 'erasures'])
        void queryClient.resetQueries({ queryKey: [kind, workspace] });
    },
  });
  const isConfirmed = written.trim().toLowerCase() === word;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isConfirmed && counted.data) erase.mutate();
  };
  return (
    <Dialog
      title="Erase this person?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button
            look="danger"
            type="submit"
            form={form}
            busy={erase.isPending}
            disabled={!isConfirmed || counted.data === undefined}
          >
            Erase for good
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>
          <strong className="foreign">{titleOfPerson(person)}</strong> is forgotten in all APIs. This can’t be
          undone: at once nobody finds them any more, and what comes for them later is dropped.
        </p>
        <Loaded query={counted} label="Counting what would go …">
          {({ counts }) => <ErasureCounts counts={counts} />}
        </Loaded>
        <form id={form} onSubmit={submit}>
          <TextField
            label={`Write “${word}” to confirm`}
            autoComplete="off"
            spellCheck={false}
            value={written}
            onChange={(event) => write(event.target.value)}
          />
        </form>
        {erase.error ? <Failure error={erase.error} /> : null}
      </div>
    </Dialog>
  );
}
