/** So many properties, and so much of each, are enough to know an event by. */
const most = 4;
const longest = 60;

/** The first properties of an event, cut, and how many more there are. */
export interface GlanceAt {
  readonly shown: readonly (readonly [name: string, value: string])[];
  readonly more: number;
}

export function glanceOf(properties: Readonly<Record<string, unknown>>): GlanceAt {
  const entries = Object.entries(properties);
  const shown = entries.slice(0, most).map(([name, value]) => [cut(name), cut(textOf(value))] as const);
  return { shown, more: entries.length - shown.length };
}

/** The first properties, in a line. */
export function Glance({ properties }: { readonly properties: Readonly<Record<string, unknown>> }) {
  return <GlanceLine glance={glanceOf(properties)} />;
}

/** What was glanced at before, where no more of the event is held. */
export function GlanceLine({ glance: { shown, more } }: { readonly glance: GlanceAt }) {
  if (shown.length === 0) return <span className="soft small">none</span>;
  return (
    <span className="glance small">
      {shown.map(([name, value]) => (
        <span key={name}>
          <span className="soft">{name}</span> <bdi>{value}</bdi>
        </span>
      ))}
      {more > 0 ? <span className="soft">and {more} more</span> : null}
    </span>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function cut(text: string): string {
  const characters = [...text.slice(0, longest * 2)];
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : text;
}
