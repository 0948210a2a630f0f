import { useMemo, useState } from 'react';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { DialectTag } from '../../../components/dialect-tag.tsx';
import { TextField } from '../../../components/field.tsx';
import { formatCount } from '../../../components/number.ts';
import { Empty } from '../../../components/states.tsx';
import { Status } from '../../../components/status.tsx';
import { Time } from '../../../components/time.tsx';
import { definitionOf } from './definition.ts';
import type { EventType } from './queries.ts';

interface TypeListProps {
  readonly types: readonly EventType[];
  readonly onOpen: (id: string) => void;
}

export function TypeList({ types, onOpen }: TypeListProps) {
  const [text, setText] = useState('');
  const columns = useMemo(() => columnsOf(onOpen), [onOpen]);
  const rows = useMemo(() => types.filter((type) => matches(type, text.trim().toLowerCase())), [types, text]);
  if (types.length === 0)
    return (
      <Empty title="There is no event type yet">
        Declare one of Webmarketer’s, or send a first event by another API: its type comes into being with it.
      </Empty>
    );
  return (
    <>
      <div className="inline-form">
        <TextField
          label="Find a type"
          type="search"
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setText(target.value)}
        />
        <p className="small soft" role="status">
          {rows.length === types.length
            ? `${formatCount(types.length)} in all`
            : `${formatCount(rows.length)} of ${formatCount(types.length)}`}
        </p>
      </div>
      {rows.length === 0 ? (
        <Empty title="No type has this in its name">Write less of it, or look whether it is spelt so.</Empty>
      ) : (
        <DataTable caption="Event types" columns={columns} rows={rows} rowKey={({ id }) => id} />
      )}
    </>
  );
}

function matches(type: EventType, text: string): boolean {
  const title = definitionOf(type)?.name ?? '';
  return `${type.name}\n${title}`.toLowerCase().includes(text);
}

function columnsOf(onOpen: (id: string) => void): readonly Column<EventType>[] {
  return [
    {
      id: 'name',
      head: 'Event type',
      cell: ({ id, name }) => (
        <button type="button" className="text-button foreign" onClick={() => onOpen(id)}>
          {name}
        </button>
      ),
      sortBy: ({ name }) => name.toLowerCase(),
    },
    {
      id: 'api',
      head: 'API',
      cell: ({ dialect }) => <DialectTag name={dialect} />,
      sortBy: ({ dialect }) => dialect,
    },
    {
      id: 'fields',
      head: 'Fields',
      cell: (type) => {
        const definition = definitionOf(type);
        return definition ? formatCount(definition.fields.length) : <span className="soft">open</span>;
      },
      sortBy: (type) => definitionOf(type)?.fields.length ?? -1,
      isNumber: true,
    },
    {
      id: 'version',
      head: 'Version',
      cell: ({ version }) => formatCount(version),
      sortBy: ({ version }) => version,
      isNumber: true,
    },
    {
      id: 'changed',
      head: 'Changed',
      cell: ({ updatedAt }) => <Time at={updatedAt} form="short" />,
      sortBy: ({ updatedAt }) => updatedAt,
    },
    {
      id: 'state',
      head: 'State',
      cell: ({ archivedAt, keyless }) =>
        archivedAt ? (
          <Status mood="warn">Archived</Status>
        ) : keyless ? (
          <Status mood="plain">By a visitor</Status>
        ) : (
          <Status mood="good">Takes events</Status>
        ),
      sortBy: ({ archivedAt, keyless }) => (archivedAt ? 2 : keyless ? 1 : 0),
    },
  ];
}
