import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { TextField } from '../../../components/field.tsx';
import { countOf } from '../../../components/number.ts';
import { OtherProblem, problemAt } from '../problems.tsx';
import { setRates } from './queries.ts';

const fields = ['currency', 'day', 'perEuro'].map((member) => `body/rates/0/${member}`);

/** One rate by hand, or a file of the European Central Bank. */
export function SetRates() {
  return (
    <section className="card stack" aria-label="Set rates">
      <OneRate />
      <File />
      <p className="small soft">
        A rate that is known of a day is replaced. Amounts that had no rate are counted then, by a job; what
        was counted by an earlier rate stays as it is.
      </p>
    </section>
  );
}

function useSetRates() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: setRates,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['exchange-rates'] });
      await queryClient.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
}

function OneRate() {
  const [draft, setDraft] = useState({ currency: '', day: '', perEuro: '' });
  const set = useSetRates();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ rates: [draft] });
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className="inline-form">
        <TextField
          label="Currency"
          value={draft.currency}
          maxLength={3}
          placeholder="USD"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setDraft({ ...draft, currency: target.value.toUpperCase() })}
          problem={problemAt(set.error, 'body/rates/0/currency')}
        />
        <TextField
          label="Day"
          type="date"
          value={draft.day}
          onChange={({ target }) => setDraft({ ...draft, day: target.value })}
          problem={problemAt(set.error, 'body/rates/0/day')}
        />
        <TextField
          label="For a euro"
          value={draft.perEuro}
          inputMode="decimal"
          placeholder="1.0825"
          autoComplete="off"
          onChange={({ target }) => setDraft({ ...draft, perEuro: target.value })}
          problem={problemAt(set.error, 'body/rates/0/perEuro')}
        />
        <Button type="submit" busy={set.isPending}>
          Set the rate
        </Button>
      </div>
      <OtherProblem error={set.error} shown={fields} />
      <p role="status" className="small soft">
        {set.isSuccess ? 'The rate is set.' : ''}
      </p>
    </form>
  );
}

function File() {
  const id = useId();
  const set = useSetRates();
  const take = async (file: globalThis.File | undefined) => {
    if (file) set.mutate({ csv: await file.text() });
  };
  return (
    <div className="field">
      <label htmlFor={id}>A file of the European Central Bank (eurofxref.csv or eurofxref-hist.csv)</label>
      <input
        id={id}
        type="file"
        accept=".csv,text/csv"
        disabled={set.isPending}
        onChange={({ target }) => void take(target.files?.[0])}
      />
      <p role="status" className="small soft">
        {set.isPending
          ? 'Taking it in …'
          : set.data
            ? `${countOf(set.data.rates, 'rate')} of ${countOf(set.data.days, 'day')} are known now.`
            : ''}
      </p>
      <p className="field-problem small" role="alert">
        {problemAt(set.error, 'body/csv')}
      </p>
      <OtherProblem error={set.error} shown={['body/csv']} />
    </div>
  );
}
