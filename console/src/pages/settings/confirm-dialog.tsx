import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
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
  const form = useId();
  const [written, setWritten] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // To React a dialog stands in the form that opens it: that one would take this for its own.
    event.stopPropagation();
    if (typed === undefined || written === typed) onConfirm();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={look}
            type="submit"
            form={form}
            busy={busy}
            disabled={typed !== undefined && written !== typed}
          >
            {deed}
          </Button>
        </>
      }
    >
      <form id={form} className="stack" onSubmit={submit}>
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
      </form>
      <OtherProblem error={error} />
    </Dialog>
  );
}
