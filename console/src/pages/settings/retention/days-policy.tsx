import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useWorkspace } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { TextField } from '../../../components/field.tsx';
import { OtherProblem, problemAt } from '../problems.tsx';
import { useDialectSettings } from './use-dialect-settings.ts';

interface DaysPolicyProps {
  readonly dialect: string;
  /** The member of the dialect's settings that holds the days. */
  readonly setting: string;
  readonly title: string;
  readonly children: ReactNode;
}

/** A policy that is a number of days; none is for good. */
export function DaysPolicy({ dialect, setting, title, children }: DaysPolicyProps) {
  const heading = useId();
  const { dialects } = useWorkspace();
  const stored = memberOf(dialects[dialect], setting);
  const current = typeof stored === 'number' ? String(stored) : '';
  const [days, setDays] = useState(current);
  const save = useDialectSettings(dialect);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ [setting]: days.trim() === '' ? null : Number(days) });
  };
  const path = `body/dialects/${dialect}/${setting}`;
  return (
    <section className="card" aria-labelledby={heading}>
      <div className="card-head">
        <h3 id={heading}>{title}</h3>
      </div>
      <form className="stack" onSubmit={submit} noValidate>
        <p className="soft small">{children}</p>
        <div className="inline-form">
          <TextField
            label="After days"
            value={days}
            inputMode="numeric"
            placeholder="never"
            autoComplete="off"
            onChange={({ target }) => setDays(target.value)}
            problem={problemAt(save.error, path)}
          />
          <Button type="submit" busy={save.isPending} disabled={days.trim() === current}>
            Save
          </Button>
        </div>
        <OtherProblem error={save.error} shown={[path]} />
        <p role="status" className="small soft">
          {save.isSuccess && days.trim() === current ? 'Saved. What is due is done by the next run.' : ''}
        </p>
      </form>
    </section>
  );
}

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
