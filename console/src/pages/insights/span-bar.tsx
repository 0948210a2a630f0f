import { useState } from 'react';
import { useWorkspace } from '../../app/current-workspace.ts';
import { CheckField } from '../../components/check-field.tsx';
import { Select, TextField } from '../../components/field.tsx';
import { Toggles } from '../../components/toggles.tsx';
import { type Asked, addDays, daysOf, isAnswerable, type Span } from './asked.ts';
import { type Grouping, groupings, type Interval, intervals, type Shape } from './route.ts';

const presets = [
  { value: '1', title: 'Today' },
  { value: '7', title: '7 days' },
  { value: '30', title: '30 days' },
  { value: '90', title: '90 days' },
  { value: '365', title: 'Year' },
  { value: 'own', title: 'Own' },
] as const;

const intervalTitles: Readonly<Record<Interval, string>> = {
  hour: 'Hour',
  day: 'Day',
  week: 'Week',
  month: 'Month',
};

const groupTitles: Readonly<Record<Grouping, string>> = {
  type: 'Event type',
  api: 'API',
  source: 'Source',
  campaign: 'Campaign',
  context: 'Context',
};

const shapeChoices: readonly { readonly value: Shape; readonly title: string }[] = [
  { value: 'line', title: 'Lines' },
  { value: 'bar', title: 'Bars' },
  { value: 'table', title: 'Table' },
];

interface SpanBarProps {
  readonly asked: Asked;
  readonly onChange: (change: Partial<Asked>) => void;
}

/** When, in which steps, told apart by what, and how it is drawn. */
export function SpanBar({ asked, onChange }: SpanBarProps) {
  const { timezone } = useWorkspace();
  const { span, interval, groupBy, compare, shape } = asked;
  const preset = 'days' in span ? presets.find(({ value }) => value === String(span.days)) : undefined;
  const pick = (value: (typeof presets)[number]['value']) =>
    onChange({ span: value === 'own' ? daysOf(span, timezone) : { days: Number(value) } });
  return (
    <div className="insights-bar">
      <Toggles label="Span" choices={presets} value={preset?.value ?? 'own'} onPick={pick} />
      {preset === undefined ? (
        <OwnDays
          key={JSON.stringify(span)}
          span={daysOf(span, timezone)}
          onPick={(own) => onChange({ span: own })}
        />
      ) : null}
      <Select
        label="By"
        value={interval}
        options={intervals
          .filter((one) => one === interval || isAnswerable(one, span))
          .map((value) => ({ value, title: intervalTitles[value] }))}
        onPick={(value) => onChange({ interval: intervals.find((one) => one === value) ?? interval })}
      />
      <Select
        label="Grouped by"
        value={groupBy ?? ''}
        options={[
          { value: '', title: 'Nothing' },
          ...groupings.map((value) => ({ value, title: groupTitles[value] })),
        ]}
        onPick={(value) => onChange({ groupBy: groupings.find((one) => one === value) ?? null })}
      />
      <CheckField
        label="Compare with the span before"
        checked={compare}
        onPick={(checked) => onChange({ compare: checked })}
      />
      <Toggles
        label="Shown as"
        choices={shapeChoices}
        value={shape}
        onPick={(value) => onChange({ shape: value })}
      />
    </div>
  );
}

interface OwnDaysProps {
  readonly span: { readonly since: string; readonly until: string };
  readonly onPick: (span: Span) => void;
}

/** The first and the last day; they are taken as soon as both are days in their order. */
function OwnDays({ span, onPick }: OwnDaysProps) {
  const [first, setFirst] = useState(span.since);
  const [last, setLast] = useState(addDays(span.until, -1));
  const isOrdered = first !== '' && last !== '' && first <= last;
  const take = (since: string, until: string) => {
    if (since !== '' && until !== '' && since <= until && since >= '1970-01-01')
      onPick({ since, until: addDays(until, 1) });
  };
  return (
    <div className="insights-days">
      <TextField
        type="date"
        label="First day"
        value={first}
        max={last}
        onChange={(event) => {
          setFirst(event.target.value);
          take(event.target.value, last);
        }}
      />
      <TextField
        type="date"
        label="Last day"
        value={last}
        min={first}
        problem={isOrdered ? undefined : 'Not before the first'}
        onChange={(event) => {
          setLast(event.target.value);
          take(first, event.target.value);
        }}
      />
    </div>
  );
}
