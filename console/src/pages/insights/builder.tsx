import { useQuery } from '@tanstack/react-query';
import { dialectsQuery } from '../../api/dialects.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Select } from '../../components/field.tsx';
import { type Asked, type Metric, maximumMetrics, readMetric, writeMetric } from './asked.ts';
import { metricKeysQuery, typesQuery } from './queries.ts';

interface BuilderProps {
  readonly asked: Asked;
  readonly onChange: (change: Partial<Asked>) => void;
}

const allValue = '';

/** What is measured: up to five metrics, each of all APIs, one, or one type of event. */
export function Builder({ asked: { metrics }, onChange }: BuilderProps) {
  const change = (place: number, metric: Metric | null) => {
    const texts = metrics.flatMap((text, at) =>
      at === place ? (metric === null ? [] : [writeMetric(metric)]) : [text],
    );
    onChange({ metrics: [...new Set(texts)] });
  };
  return (
    <section className="card insights-builder" aria-labelledby="metrics">
      <div className="card-head">
        <h2 id="metrics">Metrics</h2>
        <AddMetric metrics={metrics} onAdd={(text) => onChange({ metrics: [...metrics, text] })} />
      </div>
      <ol className="insights-metrics">
        {metrics.map((text, place) => (
          <li key={text}>
            <MetricFields
              metric={readMetric(text)}
              place={place + 1}
              onChange={(metric) => change(place, metric)}
            />
            {metrics.length > 1 ? (
              <IconButton
                icon="close"
                label={`Leave out metric ${place + 1}`}
                onClick={() => change(place, null)}
              />
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

interface AddMetricProps {
  readonly metrics: readonly string[];
  readonly onAdd: (text: string) => void;
}

/** Adds the first that is not there: the events of an API, or of a type. */
function AddMetric({ metrics, onAdd }: AddMetricProps) {
  const workspace = useWorkspaceName();
  const { data: dialects = [] } = useQuery(dialectsQuery(workspace));
  const { data: types = [] } = useQuery(typesQuery(workspace));
  const used = dialects
    .toSorted((one, other) => other.stored - one.stored)
    .map(({ name }) => ({ name, type: null }));
  const all = [
    { name: null, type: null },
    ...used,
    ...types.map(({ dialect, name }) => ({ name: dialect, type: name })),
  ].map(({ name, type }) => writeMetric({ key: null, api: name, type }));
  const next = all.find((text) => !metrics.includes(text));
  if (metrics.length >= maximumMetrics || next === undefined) return null;
  return <Button onClick={() => onAdd(next)}>Add a metric</Button>;
}

interface MetricFieldsProps {
  readonly metric: Metric;
  readonly place: number;
  readonly onChange: (metric: Metric) => void;
}

function MetricFields({ metric, place, onChange }: MetricFieldsProps) {
  const workspace = useWorkspaceName();
  const { data: dialects = [] } = useQuery(dialectsQuery(workspace));
  const { data: types = [] } = useQuery(typesQuery(workspace));
  const { data: keys = [] } = useQuery(metricKeysQuery(workspace));
  const { key, api, type } = metric;
  const names = types.filter(({ dialect }) => dialect === api).map(({ name }) => name);
  return (
    <fieldset className="insights-metric">
      <legend className="only-read">Metric {place}</legend>
      <Select
        label="Measure"
        value={key ?? allValue}
        options={[
          { value: allValue, title: 'Count of events' },
          ...withChosen(
            keys.map((one) => one.key),
            key,
          ).map((value) => ({ value, title: `Sum of ${value}` })),
        ]}
        onPick={(value) => onChange({ ...metric, key: value === allValue ? null : value })}
      />
      <Select
        label="API"
        value={api ?? allValue}
        options={[
          { value: allValue, title: 'All APIs' },
          ...dialects.map(({ name, title }) => ({ value: name, title })),
        ]}
        onPick={(value) => onChange({ key, api: value === allValue ? null : value, type: null })}
      />
      {api === null ? null : (
        <Select
          label="Event"
          value={type ?? allValue}
          options={[
            { value: allValue, title: 'All events' },
            ...withChosen(names, type).map((value) => ({ value, title: value })),
          ]}
          onPick={(value) => onChange({ ...metric, type: value === allValue ? null : value })}
        />
      )}
    </fieldset>
  );
}

/** What the address names is there, also when there is no such thing. */
function withChosen(names: readonly string[], chosen: string | null): readonly string[] {
  return chosen === null || names.includes(chosen) ? names : [chosen, ...names];
}
