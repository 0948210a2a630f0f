import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from 'react';

interface Labelled {
  readonly label: string;
  /** What to write, beneath the field. */
  readonly hint?: ReactNode;
  /** What is wrong with what was written, and what would be right. */
  readonly problem?: string | undefined;
}

export function TextField({
  label,
  hint,
  problem,
  ...rest
}: Labelled & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        aria-invalid={problem === undefined ? undefined : true}
        aria-describedby={`${id}-hint ${id}-problem`}
      />
      {hint ? (
        <p id={`${id}-hint`} className="small soft">
          {hint}
        </p>
      ) : null}
      <p id={`${id}-problem`} className="field-problem small" role="alert">
        {problem}
      </p>
    </div>
  );
}

interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange'> {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly title: string }[];
  readonly onPick: (value: string) => void;
}

/** A choice of few, as a filter over a list: the machine's own, which every keyboard and phone knows. */
export function Select({ label, options, onPick, ...rest }: SelectProps) {
  const id = useId();
  return (
    <div className="select">
      <label htmlFor={id}>{label}</label>
      <select {...rest} id={id} onChange={(event) => onPick(event.target.value)}>
        {options.map(({ value, title }) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}
