import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

interface CheckFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'type'> {
  readonly label: ReactNode;
  /** What it does, beneath. */
  readonly hint?: ReactNode;
  readonly onPick: (checked: boolean) => void;
}

/** Yes or no. */
export function CheckField({ label, hint, onPick, ...rest }: CheckFieldProps) {
  const id = useId();
  return (
    <div className="check">
      <input
        {...rest}
        id={id}
        type="checkbox"
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onPick(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p id={`${id}-hint`} className="small soft">
          {hint}
        </p>
      ) : null}
    </div>
  );
}
