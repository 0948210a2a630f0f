import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Conversion, ConversionRules } from '../../api/attribution.ts';
import { useDialectFaces } from '../../api/dialects.ts';
import { Problem } from '../../api/problem.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select, TextField } from '../../components/field.tsx';
import { Failure } from '../../components/states.tsx';
import { type ConversionBody, storeConversion, typeMetricsQuery, typesQuery } from './conversion-changes.ts';
import { RuleFields } from './rule-fields.tsx';

interface ConversionFormProps {
  /** The one that is edited; undefined: a new one. */
  readonly conversion: Conversion | undefined;
  readonly defaults: ConversionRules;
  readonly onClose: () => void;
}

/** Says what counts, what it is worth, and by which rules touches get the credit. */
export function ConversionForm({ conversion, defaults, onClose }: ConversionFormProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const [body, setBody] = useState<ConversionBody>(() => bodyOf(conversion, defaults));
  const store = useMutation({
    mutationFn: () => storeConversion(workspace, conversion?.id, body),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['conversions', workspace] });
      await queryClient.invalidateQueries({ queryKey: ['attribution', workspace] });
      onClose();
    },
  });
  const change = (some: Partial<ConversionBody>) => setBody((before) => ({ ...before, ...some }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    store.mutate();
  };
  const { error } = store;
  const problemOf = (member: string) =>
    error instanceof Problem && error.path === `body/${member}` ? error.message : undefined;
  const isShown = error instanceof Problem && ['body/name', 'body/event'].includes(error.path ?? '');
  return (
    <Dialog
      title={conversion ? `Edit “${conversion.name}”` : 'New conversion'}
      form="panel"
      description="What counts as success, and by which rules touches get the credit"
      onClose={onClose}
    >
      <form className="conversion-form" onSubmit={submit}>
        <TextField
          label="Name"
          name="name"
          required
          maxLength={100}
          autoComplete="off"
          pattern="[^:]+"
          title="Without a colon"
          value={body.name}
          problem={problemOf('name')}
          onChange={(event) => change({ name: event.target.value })}
        />
        <What body={body} problem={problemOf('event')} onChange={change} />
        <RuleFields body={body} defaults={defaults} onChange={change} />
        {error && !isShown ? <Failure error={error} /> : null}
        <div className="form-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={store.isPending} disabled={body.event === ''}>
            {conversion ? 'Save' : 'Keep it'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function bodyOf(conversion: Conversion | undefined, defaults: ConversionRules): ConversionBody {
  if (!conversion) return { name: '', event: '', state: null, metric: null, ...defaults };
  const { id: _id, status: _status, createdAt: _createdAt, updatedAt: _updatedAt, ...body } = conversion;
  return body;
}

interface WhatProps {
  readonly body: ConversionBody;
  readonly problem: string | undefined;
  readonly onChange: (some: Partial<ConversionBody>) => void;
}

/** Which event counts, in which state, and what it is worth. */
function What({ body: { event, state, metric }, problem, onChange }: WhatProps) {
  const workspace = useWorkspaceName();
  const faceOf = useDialectFaces();
  const { data: types = [] } = useQuery(typesQuery(workspace));
  const named = types.map((type) => ({ ...type, value: `${type.dialect}:${type.name}` }));
  const chosen = named.find(({ value }) => value === event);
  const { data: metrics = [] } = useQuery(typeMetricsQuery(workspace, chosen?.id));
  const keysOf = (kind: 'state' | 'statistic') =>
    metrics.filter((one) => one.kind === kind).map(({ key }) => key);
  return (
    <>
      <Select
        label="Event"
        required
        value={event}
        options={[
          { value: '', title: named.length === 0 ? 'No event has come yet' : 'Choose …' },
          ...(event !== '' && !chosen ? [{ value: event, title: event }] : []),
          ...named
            .map(({ value, dialect, name }) => ({ value, title: `${faceOf(dialect).title}: ${name}` }))
            .sort((one, other) => one.title.localeCompare(other.title)),
        ]}
        onPick={(picked) => onChange({ event: picked, state: null, metric: null })}
      />
      {problem ? (
        <p className="field-problem small" role="alert">
          {problem}
        </p>
      ) : null}
      <Select
        label="Counts"
        value={state ?? ''}
        options={[
          { value: '', title: 'Each event, when it happened' },
          ...withChosen(keysOf('state'), state).map((key) => ({
            value: key,
            title: `While its state “${key}” is 1`,
          })),
        ]}
        onPick={(key) => onChange({ state: key === '' ? null : key })}
      />
      <Select
        label="Worth"
        value={metric ?? ''}
        options={[
          { value: '', title: 'Nothing but itself' },
          ...withChosen(keysOf('statistic'), metric).map((key) => ({
            value: key,
            title: titleOf(key, metrics),
          })),
        ]}
        onPick={(key) => onChange({ metric: key === '' ? null : key })}
      />
      <p className="soft small">
        States and values are those that events of this type had; the value counts as it is now, also when it
        is set later.
      </p>
    </>
  );
}

function withChosen(keys: readonly string[], chosen: string | null): readonly string[] {
  return chosen === null || keys.includes(chosen) ? keys : [chosen, ...keys];
}

function titleOf(
  key: string,
  metrics: readonly { readonly key: string; readonly isMoney: boolean }[],
): string {
  return metrics.some((metric) => metric.key === key && metric.isMoney) ? `${key} (an amount)` : key;
}
