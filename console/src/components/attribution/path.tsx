import { type Grouping, groupings } from './asked.ts';

interface Step {
  readonly key: string | null;
  readonly label: string | null;
}

/** Of a long path the beginning and the end are enough to know it by. */
const [first, last] = [5, 3];

/** How a group is called where nobody has named it. */
export function nameOf({ key, label }: Step, grouping: Grouping): string {
  if (key === null) return groupings.find(({ value }) => value === grouping)?.none ?? 'None';
  return label ?? key;
}

/** The groups of touches, oldest first. */
export function Path({ steps, grouping }: { readonly steps: readonly Step[]; readonly grouping: Grouping }) {
  if (steps.length === 0) return <span className="soft">No touch counts</span>;
  const between = steps.length - first - last;
  const shown = steps.map((step, place) => ({ step, place }));
  const beginning = between > 1 ? shown.slice(0, first) : shown;
  const end = between > 1 ? shown.slice(-last) : [];
  return (
    <ol className="path">
      {beginning.map(({ step, place }) => (
        <StepOf key={place} step={step} grouping={grouping} />
      ))}
      {between > 1 ? <li className="soft small">{between} more</li> : null}
      {end.map(({ step, place }) => (
        <StepOf key={place} step={step} grouping={grouping} />
      ))}
    </ol>
  );
}

function StepOf({ step, grouping }: { readonly step: Step; readonly grouping: Grouping }) {
  const name = nameOf(step, grouping);
  return (
    <li>
      <span className="path-step foreign" title={name}>
        {name}
      </span>
    </li>
  );
}
