import { type FormEvent, useId, useState } from 'react';
import { useWorkspace } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { TextField } from '../../../components/field.tsx';
import { OtherProblem, problemAt } from '../problems.tsx';
import { memberOf } from './days-policy.tsx';
import { useDialectSettings } from './use-dialect-settings.ts';

const path = 'body/dialects/contacthub/retention';

interface Rule {
  readonly id: number;
  readonly type: string;
  readonly months: string;
}

/** Contacthub's: after how many months the events of a type are deleted. */
export function HubPolicy() {
  const heading = useId();
  const { dialects } = useWorkspace();
  const stored = memberOf(dialects.contacthub, 'retention');
  const [rules, setRules] = useState(() => rulesOf(stored));
  const save = useDialectSettings('contacthub');
  const policy = policyOf(rules);
  const isChanged = JSON.stringify(policy) !== JSON.stringify(policyOf(rulesOf(stored)));
  const change = (id: number, next: Partial<Rule>) =>
    setRules(rules.map((rule) => (rule.id === id ? { ...rule, ...next } : rule)));
  const add = () =>
    setRules([...rules, { id: Math.max(-1, ...rules.map(({ id }) => id)) + 1, type: '', months: '' }]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ retention: changesOf(policyOf(rulesOf(stored)), policy) });
  };
  return (
    <section className="card" aria-labelledby={heading}>
      <div className="card-head">
        <h3 id={heading}>Contacthub’s events are deleted</h3>
        <Button onClick={add}>Add a type</Button>
      </div>
      <form className="stack" onSubmit={submit} noValidate>
        <p className="soft small">
          So many months of the calendar after the event’s date; 0 is for good. A type that is not named is
          kept. Single nodes can have a policy of their own by Contacthub’s API.
        </p>
        {rules.map(({ id, type, months }) => (
          <div key={id} className="inline-form">
            <TextField
              label="Event type"
              value={type}
              placeholder="viewedPage"
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => change(id, { type: target.value })}
              problem={type === '' ? undefined : problemAt(save.error, `${path}/${type}`)}
            />
            <TextField
              label="After months"
              value={months}
              inputMode="numeric"
              autoComplete="off"
              onChange={({ target }) => change(id, { months: target.value })}
            />
            <Button look="quiet" onClick={() => setRules(rules.filter((rule) => rule.id !== id))}>
              Remove<span className="only-read"> {type}</span>
            </Button>
          </div>
        ))}
        <OtherProblem
          error={save.error}
          shown={rules.filter(({ type }) => type !== '').map(({ type }) => `${path}/${type}`)}
        />
        <div className="settings-buttons">
          <Button type="submit" busy={save.isPending} disabled={!isChanged}>
            Save
          </Button>
          <p role="status" className="small soft">
            {save.isSuccess && !isChanged ? 'Saved. What is due is done by the next run.' : ''}
          </p>
        </div>
      </form>
    </section>
  );
}

function rulesOf(stored: unknown): readonly Rule[] {
  if (typeof stored !== 'object' || stored === null) return [];
  return Object.entries(stored).map(([type, rule], id) => ({
    id,
    type,
    months: String(memberOf(rule, 'months') ?? ''),
  }));
}

type Policy = Readonly<Record<string, { readonly months: number }>>;

/** What is other than before; null where a type is not named any more. */
function changesOf(before: Policy, policy: Policy): Readonly<Record<string, Policy[string] | null>> {
  const gone = Object.keys(before).filter((type) => policy[type] === undefined);
  const others = Object.entries(policy).filter(([type, { months }]) => before[type]?.months !== months);
  return Object.fromEntries([...gone.map((type) => [type, null] as const), ...others]);
}

function policyOf(rules: readonly Rule[]): Policy {
  return Object.fromEntries(
    rules.filter(({ type }) => type !== '').map(({ type, months }) => [type, { months: Number(months) }]),
  );
}
