import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { countOf, formatCount } from '../../components/number.ts';
import { Time } from '../../components/time.tsx';
import { accountingQuery, peopleCountQuery, summaryQuery } from './queries.ts';

/** The hours of today and yesterday, by API: from there a number leads to its events. */
const insights = { days: 2, interval: 'hour', by: 'api', shape: 'bar' } as const;

/** The few figures that one looks for first. */
export function Figures() {
  const workspace = useWorkspaceName();
  const { data: accounting } = useQuery(accountingQuery(workspace));
  const { data: people, error } = useQuery(peopleCountQuery(workspace));
  const { data: summary } = useQuery(summaryQuery(workspace));
  const stored = accounting?.hours.reduce((total, hour) => total + hour.stored, 0);
  const refused = accounting?.hours.reduce((total, hour) => total + hour.refused, 0) ?? 0;
  return (
    <dl className="figures">
      <Figure
        title={
          <Link to="/$workspace/insights" params={{ workspace }} search={insights}>
            Events
          </Link>
        }
        value={stored}
        note={refused > 0 ? `${countOf(refused, 'request')} refused beside them` : 'stored in 24 hours'}
      />
      <Figure
        title="People"
        value={people?.people}
        note={
          people
            ? `and ${countOf(people.anonymous, 'browser')} of nobody known`
            : error
              ? 'There are too many to count at once; it is tried again.'
              : ''
        }
      />
      <Figure title="New people" value={people?.newPeople} note="in 24 hours" />
      <Figure
        title={
          <Link to="/$workspace/quarantine" params={{ workspace }}>
            In quarantine
          </Link>
        }
        value={summary?.quarantine.waiting}
        mood={summary && summary.quarantine.waiting > 0 ? 'warn' : undefined}
        note={
          summary?.quarantine.newestAt ? (
            <>
              the last at <Time at={summary.quarantine.newestAt} form="short" />
            </>
          ) : (
            'no event waits to be mended'
          )
        }
      />
    </dl>
  );
}

interface FigureProps {
  readonly title: ReactNode;
  readonly value: number | undefined;
  readonly note: ReactNode;
  readonly mood?: 'warn' | undefined;
}

function Figure({ title, value, note, mood }: FigureProps) {
  return (
    <div className="card figure" data-mood={mood}>
      <dt>{title}</dt>
      <dd className="figure-value">{value === undefined ? '…' : formatCount(value)}</dd>
      <dd className="small soft">{note}</dd>
    </div>
  );
}
