import { type FormEvent, useState } from 'react';
import type { Conversion } from '../../api/attribution.ts';
import { useWorkspace } from '../../app/current-workspace.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Select, TextField } from '../field.tsx';
import { countOf } from '../number.ts';
import { type AskedSearch, addDays, isDay, isWhole, models, spanOf, usualDays } from './asked.ts';
import './attribution.css';

interface AskedFiltersProps {
  readonly search: AskedSearch;
  readonly conversions: readonly Conversion[];
  readonly conversion: Conversion;
  /** Which models can be asked for; all unless said. */
  readonly choices?: readonly { readonly value: string; readonly title: string }[];
  /** Whether credit can be dated by its touch. */
  readonly canDate?: boolean;
  /** Members that are undefined are taken out of the address. */
  readonly onChange: (change: { readonly [key in keyof AskedSearch]: AskedSearch[key] | undefined }) => void;
}

const lookbacks = [1, 7, 14, 30, 60, 90, 180, 365];
const spans = [7, 30, 90, 365];

/** What is asked of attribution; all of it stands in the address. */
export function AskedFilters(props: AskedFiltersProps) {
  const { search, conversions, conversion, choices = models, canDate = true, onChange } = props;
  const { lookback, dated, model = 'linear' } = search;
  const own = conversion.lookbackDays;
  const others = [...new Set([...lookbacks, ...(lookback === undefined ? [] : [lookback])])]
    .filter((days) => days !== own)
    .sort((one, other) => one - other);
  return (
    <>
      <Select
        label="Conversion"
        value={conversion.id}
        options={conversions.map(({ id, name }) => ({ value: id, title: name }))}
        onPick={(id) => onChange({ conversion: id })}
      />
      {choices.length === 0 ? null : (
        <Select
          label="Model"
          value={choices.some(({ value }) => value === model) ? model : 'linear'}
          options={choices}
          onPick={(picked) =>
            onChange({ model: models.find(({ value }) => value === picked && value !== 'linear')?.value })
          }
        />
      )}
      <Select
        label="Looks back"
        value={lookback === undefined || lookback === own ? '' : String(lookback)}
        options={[
          { value: '', title: `${countOf(own, 'day')}, as kept` },
          ...others.map((days) => ({ value: String(days), title: countOf(days, 'day') })),
        ]}
        onPick={(days) => onChange({ lookback: days === '' ? undefined : Number(days) })}
      />
      <SpanSelect search={search} onChange={onChange} />
      {canDate && !isWhole(model) ? (
        <Select
          label="Dated by"
          value={dated ?? ''}
          options={[
            { value: '', title: 'The conversion' },
            { value: 'touch', title: 'The touch' },
          ]}
          onPick={(value) => onChange({ dated: value === 'touch' ? value : undefined })}
        />
      ) : null}
    </>
  );
}

function SpanSelect({ search, onChange }: Pick<AskedFiltersProps, 'search' | 'onChange'>) {
  const [isAsking, setAsking] = useState(false);
  const { days = usualDays, from, to } = search;
  const isOwn = from !== undefined && to !== undefined;
  const counts = [...new Set([...spans, ...(isOwn ? [] : [days])])].sort((one, other) => one - other);
  const pick = (value: string) =>
    value === 'own'
      ? setAsking(true)
      : onChange({
          days: Number(value) === usualDays ? undefined : Number(value),
          from: undefined,
          to: undefined,
        });
  return (
    <>
      <Select
        label="Span"
        value={isOwn ? 'shown' : String(days)}
        options={[
          ...(isOwn ? [{ value: 'shown', title: from === to ? from : `${from} to ${to}` }] : []),
          ...counts.map((count) => ({ value: String(count), title: `Last ${countOf(count, 'day')}` })),
          { value: 'own', title: 'Other days …' },
        ]}
        onPick={pick}
      />
      {isAsking ? <SpanDialog search={search} onChange={onChange} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

interface SpanDialogProps extends Pick<AskedFiltersProps, 'search' | 'onChange'> {
  readonly onClose: () => void;
}

function SpanDialog({ search, onChange, onClose }: SpanDialogProps) {
  const { timezone } = useWorkspace();
  const { since, until } = spanOf(search, timezone);
  const [from, setFrom] = useState(since);
  const [to, setTo] = useState(addDays(until, -1));
  const problem = isDay(from) && isDay(to) && from > to ? 'The last day lies before the first.' : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isDay(from) || !isDay(to) || from > to) return;
    onChange({ from, to, days: undefined });
    onClose();
  };
  return (
    <Dialog title="Which days?" onClose={onClose}>
      <form className="span-form" onSubmit={submit}>
        <TextField
          label="First day"
          type="date"
          required
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <TextField
          label="Last day"
          type="date"
          required
          value={to}
          problem={problem}
          onChange={(event) => setTo(event.target.value)}
        />
        <p className="soft small">Days begin and end in {timezone}.</p>
        <Button look="primary" type="submit">
          Show
        </Button>
      </form>
    </Dialog>
  );
}
