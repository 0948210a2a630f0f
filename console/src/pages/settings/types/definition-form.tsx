import { CheckField } from '../../../components/check-field.tsx';
import { Select, TextField } from '../../../components/field.tsx';
import { problemAt } from '../problems.tsx';
import type { DefinitionDraft } from './draft.ts';
import { FieldsForm } from './fields-form.tsx';

export const definitionPaths = ['body/name', 'body/fields/', 'body/expirationPolicy'];

const policies = [
  { value: 'none', title: 'As the project says' },
  { value: 'project', title: 'As the project says, by choice' },
  { value: 'own', title: 'Anonymized after days of its own' },
  { value: 'never', title: 'Never anonymized' },
] as const;

interface DefinitionFormProps {
  readonly draft: DefinitionDraft;
  readonly onDraft: (draft: DefinitionDraft) => void;
  readonly error: Error | null;
  readonly marked?: string | undefined;
}

/** What an event type asks of its events. */
export function DefinitionForm({ draft, onDraft, error, marked }: DefinitionFormProps) {
  const set = (change: Partial<DefinitionDraft>) => onDraft({ ...draft, ...change });
  return (
    <>
      <TextField
        label="Name"
        value={draft.name}
        maxLength={200}
        hint="For people."
        onChange={({ target }) => set({ name: target.value })}
        problem={problemAt(error, 'body/name')}
      />
      <FieldsForm
        fields={draft.fields}
        onFields={(fields) => set({ fields })}
        error={error}
        marked={marked}
      />
      <div className="inline-form">
        <Select
          label="Retention"
          value={draft.policy}
          options={policies}
          onPick={(value) => {
            const policy = policies.find((one) => one.value === value);
            if (policy) set({ policy: policy.value });
          }}
        />
        {draft.policy === 'own' ? (
          <TextField
            label="Days"
            value={draft.days}
            inputMode="numeric"
            onChange={({ target }) => set({ days: target.value })}
            problem={problemAt(error, 'body/expirationPolicy')}
          />
        ) : null}
      </div>
      <CheckField
        label="Its events may be credited to campaigns"
        checked={draft.attributable}
        onPick={(attributable) => set({ attributable })}
      />
    </>
  );
}
