import { useState } from 'react';
import { TextField } from '../../../components/field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { OtherProblem, problemAt } from '../problems.tsx';
import type { Source } from './queries.ts';
import { useChange } from './use-change.ts';

interface RenameDialogProps {
  readonly source: Source;
  readonly onClose: () => void;
}

/** Its id at the vendor stays, by which clients know it. */
export function RenameDialog({ source, onClose }: RenameDialogProps) {
  const [name, setName] = useState(source.name);
  const rename = useChange(source, onClose);
  return (
    <FormDialog
      title={`Rename this ${source.kind}`}
      deed="Rename it"
      busy={rename.isPending}
      onSubmit={() => rename.mutate({ name })}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        maxLength={200}
        autoComplete="off"
        hint="What came in by it is shown under the new name, too. Its id stays: clients need no change."
        onChange={({ target }) => setName(target.value)}
        problem={problemAt(rename.error, 'body/name')}
      />
      <OtherProblem error={rename.error} shown={['body/name']} />
    </FormDialog>
  );
}
