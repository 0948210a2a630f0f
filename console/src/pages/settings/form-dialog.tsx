import { type FormEvent, type ReactNode, useId } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';

interface FormDialogProps {
  readonly title: string;
  /** What the button says: the deed. */
  readonly deed: string;
  readonly look?: 'primary' | 'danger';
  readonly form?: 'window' | 'panel';
  readonly busy: boolean;
  readonly disabled?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form in a dialog, with its deed at the foot. */
export function FormDialog({
  title,
  deed,
  look = 'primary',
  form = 'window',
  busy,
  disabled = false,
  onSubmit,
  onClose,
  children,
}: FormDialogProps) {
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // To React a dialog stands in the form that opens it: that one would take this for its own.
    event.stopPropagation();
    if (!disabled) onSubmit();
  };
  return (
    <Dialog
      title={title}
      form={form}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={look} type="submit" form={id} busy={busy} disabled={disabled}>
            {deed}
          </Button>
        </>
      }
    >
      <form id={id} className="stack" onSubmit={submit} noValidate>
        {children}
      </form>
    </Dialog>
  );
}

interface OnceDialogProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly onClose: () => void;
  /** What is shown this once. */
  readonly children: ReactNode;
}

/** Shows secrets that are never shown again; it is closed by who has kept them. */
export function OnceDialog({ title, actions, onClose, children }: OnceDialogProps) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          {actions}
          <Button look="primary" onClick={onClose}>
            I have kept it
          </Button>
        </>
      }
    >
      <div className="once">{children}</div>
    </Dialog>
  );
}
