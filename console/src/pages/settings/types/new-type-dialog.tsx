import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../../api/client.ts';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { TextField } from '../../../components/field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { OtherProblem, problemAt } from '../problems.tsx';
import { DefinitionForm, definitionPaths } from './definition-form.tsx';
import { bodyOf, draftOf } from './draft.ts';

interface NewTypeDialogProps {
  readonly onClose: () => void;
  /** `id`: of the type that there is now. */
  readonly onDone: (id: string) => void;
}

const empty = draftOf({ name: '', fields: [], attributable: true, expirationPolicy: null });

/** Declares an event type of Webmarketer's. */
export function NewTypeDialog({ onClose, onDone }: NewTypeDialogProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const [reference, setReference] = useState('');
  const [draft, setDraft] = useState(empty);
  const declare = useMutation({
    mutationFn: () =>
      take(
        api.POST('/workspaces/{workspace}/webmarketer/event-types', {
          params: { path: { workspace } },
          body: { reference, ...bodyOf({ ...draft, name: draft.name === '' ? reference : draft.name }) },
        }),
      ),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ['event-types', workspace] });
      onDone(id);
    },
  });
  return (
    <FormDialog
      title="Declare an event type"
      form="panel"
      deed="Declare it"
      busy={declare.isPending}
      onSubmit={() => declare.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Reference"
        value={reference}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        hint="By which events name it: letters, digits, point, _ and -. It can’t be changed."
        onChange={({ target }) => setReference(target.value)}
        problem={problemAt(declare.error, 'body/reference')}
      />
      <DefinitionForm draft={draft} onDraft={setDraft} error={declare.error} />
      <OtherProblem error={declare.error} shown={['body/reference', ...definitionPaths]} />
    </FormDialog>
  );
}
