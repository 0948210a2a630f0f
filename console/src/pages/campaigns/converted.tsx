import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { usePersonTitles } from '../../api/attribution.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Credit, formatMoney } from '../../components/attribution/amounts.tsx';
import { type Grouping, groupings, isWhole, ruleModelOf } from '../../components/attribution/asked.ts';
import { nameOf, Path } from '../../components/attribution/path.tsx';
import type { Asked } from '../../components/attribution/use-asked.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { PagesFoot } from '../../components/pages-foot.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import type { OnChange } from './page.tsx';
import { type Converted, convertedQuery } from './queries.ts';
import type { CampaignsSearch } from './route.ts';

interface ConvertedEventsProps {
  readonly asked: Asked;
  readonly search: CampaignsSearch;
  readonly onChange: OnChange;
}

/** The conversions behind the numbers, those first that converted last; each leads to its credit, touch by touch. */
export function ConvertedEvents({ asked, search, onChange }: ConvertedEventsProps) {
  const { by = 'campaign', group, unattributed } = search;
  const filter = { group, unattributed };
  const query = convertedQuery(useWorkspaceName(), asked, ruleModelOf(asked.model), by, filter);
  const found = useInfiniteQuery(query);
  const events = useMemo(() => found.data?.pages.flatMap((page) => page.events) ?? [], [found.data]);
  const isPart = group !== undefined || unattributed === true;
  return (
    <>
      {isPart ? <PartOf by={by} group={group} events={events} onChange={onChange} /> : null}
      {isWhole(asked.model) ? (
        <p className="soft small">
          A data-driven model hands out all conversions together, and says nothing of a single one: here
          credit is linear.
        </p>
      ) : null}
      {found.isPending ? (
        <Loading label="Looking for conversions …" />
      ) : found.error && events.length === 0 ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : events.length === 0 && !found.hasNextPage ? (
        <Empty title="Nothing converted in these days">
          {isPart
            ? 'Take the filter away, or choose a longer span.'
            : 'Choose a longer span, or look at what counts, under Rules.'}
        </Empty>
      ) : (
        <EventsTable
          events={events}
          grouping={by}
          hasGroup={group !== undefined}
          foot={<PagesFoot pages={found} count={events.length} noun="conversion" />}
        />
      )}
    </>
  );
}

interface PartOfProps {
  readonly by: Grouping;
  readonly group: string | undefined;
  readonly events: readonly Converted[];
  readonly onChange: OnChange;
}

/** Which part is shown, to be taken away. */
function PartOf({ by, group, events, onChange }: PartOfProps) {
  const step = events.flatMap(({ path }) => path).find(({ key }) => (key ?? '') === group);
  const title = groupings.find(({ value }) => value === by)?.title ?? by;
  const name =
    group === undefined
      ? 'before which no touch counts'
      : nameOf(step ?? { key: group || null, label: null }, by);
  return (
    <p className="part">
      <span className="soft small">
        {group === undefined ? 'Those alone' : `Credited to ${title.toLowerCase()}`}
      </span>
      <Button icon="close" onClick={() => onChange({ group: undefined, unattributed: undefined })}>
        <span className="only-read">Take the filter away: </span>
        <span className="foreign part-name">{name}</span>
      </Button>
    </p>
  );
}

interface EventsTableProps {
  readonly events: readonly Converted[];
  readonly grouping: Grouping;
  readonly hasGroup: boolean;
  readonly foot: React.ReactNode;
}

function EventsTable({ events, grouping, hasGroup, foot }: EventsTableProps) {
  const workspace = useWorkspaceName();
  const titleOf = usePersonTitles(events.map(({ personId }) => personId));
  const columns = useMemo((): readonly Column<Converted>[] => {
    const hasValue = events.some(({ value }) => value !== null);
    return [
      {
        id: 'at',
        head: 'Converted',
        cell: ({ id, convertedAt }) => (
          <Link
            from="/$workspace/campaigns"
            to="/$workspace/campaigns"
            search={(before) => ({ ...before, event: id })}
            replace
          >
            <Time at={convertedAt} form="short" />
          </Link>
        ),
      },
      {
        id: 'person',
        head: 'Person',
        cell: ({ personId }) => (
          <Link
            to="/$workspace/people/$person"
            params={{ workspace, person: personId }}
            className="foreign group-name"
          >
            {titleOf(personId)}
          </Link>
        ),
      },
      ...(hasValue
        ? [
            {
              id: 'value',
              head: 'Value',
              cell: ({ value }: Converted) => value && formatMoney(value),
              isNumber: true,
            },
          ]
        : []),
      { id: 'path', head: 'Path', cell: ({ path }) => <Path steps={path} grouping={grouping} /> },
      ...(hasGroup
        ? [
            {
              id: 'credit',
              head: 'Its credit',
              cell: ({ credit }: Converted) => <CreditOf credit={credit} />,
              isNumber: true,
            },
          ]
        : []),
    ];
  }, [events, grouping, hasGroup, titleOf, workspace]);
  return (
    <DataTable
      caption="Conversions, those first that converted last"
      columns={columns}
      rows={events}
      rowKey={({ id }) => id}
      foot={foot}
    />
  );
}

function CreditOf({ credit: { conversions, value } }: Pick<Converted, 'credit'>) {
  return (
    <>
      <Credit conversions={conversions} />
      {value ? <span className="small soft unconverted">{formatMoney(value)}</span> : null}
    </>
  );
}
