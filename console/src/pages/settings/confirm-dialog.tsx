import { type ReactNode, useState } from 'react';
import { TextField } from '../../components/field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { OtherProblem } from './problems.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  /** What it causes, and what of it can't be taken back. */
  readonly children: ReactNode;
  /** What the button says: the deed. */
  readonly deed: string;
  readonly look?: 'danger' | 'primary';
  /** Has to be written before: it can't be done in passing. */
  readonly typed?: string;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done. */
export function ConfirmDialog({
  title,
  children,
  deed,
  look = 'danger',
  typed,
  busy,
  error,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  const [written, setWritten] = useState('');
  return (
    <FormDialog
      title={title}
      deed={deed}
      look={look}
      busy={busy}
      disabled={typed !== undefined && written !== typed}
      onSubmit={onConfirm}
      onClose={onClose}
    >
      {children}
      {typed === undefined ? null : (
        <TextField
          label={`Write ${typed} to go on`}
          value={written}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setWritten(event.target.value)}
        />
      )}
      <OtherProblem error={error} />
    </FormDialog>
  );
}
