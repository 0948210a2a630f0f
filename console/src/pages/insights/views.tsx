import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select, TextField } from '../../components/field.tsx';
import { Failure } from '../../components/states.tsx';
import type { Asked } from './asked.ts';
import { deleteView, saveView, type View, viewsQuery } from './queries.ts';

interface ViewsProps {
  readonly asked: Asked;
  /** The id of the one that was opened. */
  readonly opened: string | undefined;
  /** Opens a view, or none. */
  readonly onOpen: (view: Pick<View, 'id' | 'question'> | null) => void;
}

type Doing = 'saving' | 'renaming' | 'deleting';

/** Saved questions: opened, saved anew or in place, renamed, deleted. */
export function Views({ asked, opened, onOpen }: ViewsProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const { data: views = [] } = useQuery(viewsQuery(workspace));
  const [doing, setDoing] = useState<Doing>();
  const view = views.find(({ id }) => id === opened);
  const save = useMutation({
    mutationFn: ({ id, name, question }: { id: string | null; name: string; question: Asked }) =>
      saveView(workspace, id, name, question),
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: viewsQuery(workspace).queryKey });
      setDoing(undefined);
      onOpen(saved);
    },
  });
  const isChanged = view !== undefined && !isSame(view.question, asked);
  return (
    <div className="insights-views">
      {views.length > 0 ? (
        <Select
          label="Saved view"
          value={view?.id ?? ''}
          options={[
            { value: '', title: 'None' },
            ...views.map(({ id, name }) => ({ value: id, title: name })),
          ]}
          onPick={(id) => onOpen(views.find((one) => one.id === id) ?? null)}
        />
      ) : null}
      {view ? (
        <>
          {isChanged ? (
            <Button
              look="primary"
              busy={save.isPending && doing === undefined}
              onClick={() => save.mutate({ id: view.id, name: view.name, question: asked })}
            >
              Save changes
            </Button>
          ) : null}
          <Button look="quiet" onClick={() => setDoing('renaming')}>
            Rename …
          </Button>
          <Button look="quiet" onClick={() => setDoing('deleting')}>
            Delete …
          </Button>
        </>
      ) : null}
      <Button onClick={() => setDoing('saving')}>{view ? 'Save as …' : 'Save view …'}</Button>
      {save.error && doing === undefined ? <Failure error={save.error} /> : null}
      {doing === 'saving' ? (
        <NameDialog
          title="Save as a view"
          name=""
          busy={save.isPending}
          error={save.error}
          onClose={() => setDoing(undefined)}
          onName={(name) => save.mutate({ id: null, name, question: asked })}
        />
      ) : null}
      {doing === 'renaming' && view ? (
        <NameDialog
          title="Rename the view"
          name={view.name}
          busy={save.isPending}
          error={save.error}
          onClose={() => setDoing(undefined)}
          onName={(name) => save.mutate({ id: view.id, name, question: view.question })}
        />
      ) : null}
      {doing === 'deleting' && view ? (
        <DeleteDialog view={view} onClose={() => setDoing(undefined)} onDeleted={() => onOpen(null)} />
      ) : null}
    </div>
  );
}

function isSame(question: View['question'], asked: Asked): boolean {
  const textOf = ({ metrics, span, interval, groupBy, compare, shape }: Asked | View['question']) =>
    JSON.stringify([
      metrics,
      'days' in span ? span.days : [span.since, span.until],
      interval,
      groupBy,
      compare,
      shape,
    ]);
  return textOf(question) === textOf(asked);
}

interface NameDialogProps {
  readonly title: string;
  readonly name: string;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onClose: () => void;
  readonly onName: (name: string) => void;
}

function NameDialog({ title, name, busy, error, onClose, onName }: NameDialogProps) {
  const [text, setText] = useState(name);
  const wanted = text.trim();
  return (
    <Dialog title={title} onClose={onClose} description="The name by which everybody finds it">
      <form
        className="insights-name-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== '') onName(wanted);
        }}
      >
        <TextField
          label="Name"
          hint="Everybody who sees this workspace finds it by this name."
          value={text}
          maxLength={100}
          onChange={(event) => setText(event.target.value)}
        />
        {error ? <Failure error={error} /> : null}
        <div className="insights-form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} disabled={wanted === ''}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface DeleteDialogProps {
  readonly view: View;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

function DeleteDialog({ view: { id, name }, onClose, onDeleted }: DeleteDialogProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteView(workspace, id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: viewsQuery(workspace).queryKey });
      onClose();
      onDeleted();
    },
  });
  return (
    <Dialog
      title="Delete the view?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            Delete it
          </Button>
        </>
      }
    >
      <p>
        “<bdi className="foreign">{name}</bdi>” goes for everybody who sees this workspace. Nothing that it
        counts is lost.
      </p>
      {remove.error ? <Failure error={remove.error} /> : null}
    </Dialog>
  );
}
