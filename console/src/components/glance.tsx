/** So many properties, and so much of each, are enough to know an event by. */
const most = 4;
const longest = 60;

/** The first properties, in a line. */
export function Glance({ properties }: { readonly properties: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(properties);
  const shown = entries.slice(0, most).map(([name, value]) => [cut(name), cut(textOf(value))] as const);
  if (shown.length === 0) return <span className="soft small">none</span>;
  return (
    <span className="glance small">
      {shown.map(([name, value]) => (
        <span key={name}>
          <span className="soft">{name}</span> <bdi>{value}</bdi>
        </span>
      ))}
      {entries.length > most ? <span className="soft">and {entries.length - most} more</span> : null}
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
