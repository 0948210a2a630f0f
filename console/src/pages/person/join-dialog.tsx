import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type FoundPerson, foundPeopleQuery, type Person, titleOfPerson } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { FoundPeople } from '../../components/found-people.tsx';
import { countOf } from '../../components/number.ts';
import { Empty, Failure, Loaded } from '../../components/states.tsx';
import { joinPeople } from './queries.ts';

interface JoinDialogProps {
  readonly person: Person;
  readonly onClose: () => void;
}

/** Finds another person and makes the two one, after saying what would move. */
export function JoinDialog({ person, onClose }: JoinDialogProps) {
  const [other, choose] = useState<FoundPerson | null>(null);
  return other === null ? (
    <FindDialog person={person} onClose={onClose} onChoose={choose} />
  ) : (
    <ConfirmDialog person={person} other={other} onClose={onClose} onBack={() => choose(null)} />
  );
}

interface FindDialogProps extends JoinDialogProps {
  readonly onChoose: (other: FoundPerson) => void;
}

function FindDialog({ person, onClose, onChoose }: FindDialogProps) {
  const [text, setText] = useState('');
  const [find, setFind] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFind(text.trim());
  };
  return (
    <Dialog title="Join with whom?" onClose={onClose} description="Finds the person to join this one with">
      <div className="stack">
        <form className="join-search" onSubmit={submit}>
          <TextField
            label="Name, e-mail address, phone number or id"
            type="search"
            maxLength={512}
            autoComplete="off"
            spellCheck={false}
            autoFocus
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button look="primary" type="submit" icon="search">
            Find
          </Button>
        </form>
        {find === '' ? null : <Others key={find} find={find} person={person} onChoose={onChoose} />}
      </div>
    </Dialog>
  );
}

interface OthersProps {
  readonly find: string;
  readonly person: Person;
  readonly onChoose: (other: FoundPerson) => void;
}

function Others({ find, person, onChoose }: OthersProps) {
  const found = useQuery(foundPeopleQuery(useWorkspaceName(), find, 20));
  return (
    <Loaded query={found} label="Looking …">
      {(people) => {
        const others = people.filter(({ id }) => id !== person.id);
        if (others.length > 0)
          return (
            <FoundPeople
              people={others}
              choose={(other) => (
                <Button onClick={() => onChoose(other)}>
                  <span className="only-read">Join with </span>
                  <span className="foreign">{other.title}</span>
                </Button>
              )}
            />
          );
        return people.length > 0 ? (
          <Empty title="That is this very person">Write what another one is known by.</Empty>
        ) : (
          <Empty title="Nobody is known by this">
            A name is found by the beginnings of its words; an address, number or id has to be whole.
          </Empty>
        );
      }}
    </Loaded>
  );
}

interface ConfirmDialogProps extends JoinDialogProps {
  readonly other: FoundPerson;
  readonly onBack: () => void;
}

function ConfirmDialog({ person, other, onClose, onBack }: ConfirmDialogProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const preview = useQuery({
    queryKey: ['join', workspace, person.id, other.id],
    queryFn: () => joinPeople(workspace, person.id, other.id, true),
    gcTime: 0,
  });
  const join = useMutation({
    mutationFn: () => joinPeople(workspace, person.id, other.id, false),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['person', workspace] });
      onClose();
    },
  });
  return (
    <Dialog
      title="Join the two?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onBack}>Choose another</Button>
          <Button
            look="primary"
            busy={join.isPending}
            disabled={preview.data === undefined}
            onClick={() => join.mutate()}
          >
            Join them
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>
          <strong className="foreign">{titleOfPerson(person)}</strong> and{' '}
          <strong className="foreign">{other.title}</strong>
        </p>
        <Loaded query={preview} label="Looking what would move …">
          {({ moves, link }) => (
            <>
              <p>
                {moves.length === 0
                  ? 'Nobody would move: the two are one already. Your word would hold them together, whatever else is undone.'
                  : `${countOf(moves.length, 'profile')} would be the other’s, with what happened to ${moves.length === 1 ? 'it' : 'them'}.`}
              </p>
              {link.scope === 'record' ? (
                <p>Both are of one place of the same API, which shows them as one record from then on.</p>
              ) : null}
              <p className="soft small">
                It can be undone at any time, under “Why one person”; then everything is as if it had never
                been.
              </p>
            </>
          )}
        </Loaded>
        {join.error ? <Failure error={join.error} /> : null}
      </div>
    </Dialog>
  );
}
