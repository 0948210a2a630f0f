import { useEffect, useRef } from 'react';
import { Button } from '../../../components/button.tsx';
import { CheckField } from '../../../components/check-field.tsx';
import { Select, TextField } from '../../../components/field.tsx';
import { problemAt } from '../problems.tsx';
import { entities, fieldTypes } from './definition.ts';
import { emptyField, type FieldDraft } from './draft.ts';

const entityTitles: Readonly<Record<(typeof entities)[number], string>> = {
  user: 'The user’s',
  event: 'The event’s',
  state: 'A state, set later',
  statistic: 'A statistic, set later',
};

const flags = [
  ['optional', 'May be left out'],
  ['discriminant', 'Tells users apart'],
  ['isPii', 'Personal'],
  ['isMostProbableLocation', 'Most probable location'],
] as const;

interface FieldsFormProps {
  readonly fields: readonly FieldDraft[];
  readonly onFields: (fields: readonly FieldDraft[]) => void;
  readonly error: Error | null;
  /** A storage key: of the field that somebody came for. */
  readonly marked?: string | undefined;
}

/** The fields of an event type, each with what it asks of a value. */
export function FieldsForm({ fields, onFields, error, marked }: FieldsFormProps) {
  const add = () =>
    onFields([...fields, { ...emptyField, id: Math.max(-1, ...fields.map(({ id }) => id)) + 1 }]);
  const change = (id: number, next: Partial<FieldDraft>) =>
    onFields(fields.map((field) => (field.id === id ? { ...field, ...next } : field)));
  return (
    <section aria-label="Fields" className="type-fields">
      <div className="card-head">
        <h3>Fields</h3>
        <Button onClick={add}>Add a field</Button>
      </div>
      {fields.length === 0 ? (
        <p className="soft small">None: its events may be anything, and nothing of them is read.</p>
      ) : null}
      {fields.map((field, index) => (
        <FieldForm
          key={field.id}
          field={field}
          problem={problemAt(error, `body/fields/${index}`)}
          isMarked={field.storageKey === marked && marked !== undefined}
          onChange={(next) => change(field.id, next)}
          onRemove={() => onFields(fields.filter(({ id }) => id !== field.id))}
        />
      ))}
    </section>
  );
}

interface FieldFormProps {
  readonly field: FieldDraft;
  readonly problem: string | undefined;
  readonly isMarked: boolean;
  readonly onChange: (next: Partial<FieldDraft>) => void;
  readonly onRemove: () => void;
}

function FieldForm({ field, problem, isMarked, onChange, onRemove }: FieldFormProps) {
  const place = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (isMarked) place.current?.scrollIntoView({ block: 'center' });
  }, [isMarked]);
  const title = field.storageKey === '' ? 'New field' : field.storageKey;
  return (
    <fieldset className="type-field" data-marked={isMarked} ref={place}>
      <legend className="only-read">{title}</legend>
      <div className="type-field-row">
        <TextField
          label="Kept as"
          value={field.storageKey}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => onChange({ storageKey: target.value })}
        />
        <TextField
          label="Read from"
          value={field.ingestionKey ?? ''}
          placeholder={field.entity === 'user' || field.entity === 'event' ? field.storageKey : 'not read'}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => onChange({ ingestionKey: target.value === '' ? null : target.value })}
        />
        <Select
          label="Whose"
          value={field.entity}
          options={entities.map((value) => ({ value, title: entityTitles[value] }))}
          onPick={(value) => {
            const entity = entities.find((one) => one === value);
            if (entity) onChange({ entity, ...typeFor(entity, field) });
          }}
        />
        <Select
          label="Type"
          value={field.type}
          options={fieldTypes.map((value) => ({ value, title: value }))}
          onPick={(value) => {
            const type = fieldTypes.find((one) => one === value);
            if (type) onChange({ type });
          }}
        />
      </div>
      <div className="type-field-flags">
        {flags.map(([name, label]) => (
          <CheckField
            key={name}
            label={label}
            checked={field[name]}
            onPick={(isOn) => onChange({ [name]: isOn })}
          />
        ))}
        <Button look="quiet" onClick={onRemove}>
          Remove<span className="only-read"> the field {title}</span>
        </Button>
      </div>
      <p className="field-problem small" role="alert">
        {problem}
      </p>
    </fieldset>
  );
}

/** A state is of the type of that name, and a statistic is a number: what was chosen before would be refused. */
function typeFor(entity: FieldDraft['entity'], { type }: FieldDraft): Partial<FieldDraft> {
  if (entity === 'state') return { type: 'state' };
  if (entity === 'statistic') return type === 'currency' ? {} : { type: 'number' };
  return type === 'state' ? { type: 'string' } : {};
}
