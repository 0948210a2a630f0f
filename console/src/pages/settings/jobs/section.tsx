import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { isUnderWay, type Job, jobsQuery } from '../../../api/jobs.ts';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Empty, Loaded } from '../../../components/states.tsx';
import { type Mood, Status } from '../../../components/status.tsx';
import { Time, ZoneNote } from '../../../components/time.tsx';
import { titleOfJobKind } from '../job-kinds.ts';
import { JobProgress } from '../job-line.tsx';
import { SectionHead } from '../section-head.tsx';

const moods: Readonly<Record<Job['state'], Mood>> = {
  waiting: 'plain',
  running: 'warn',
  finished: 'good',
  failed: 'bad',
};
const words: Readonly<Record<Job['state'], string>> = {
  waiting: 'Waits',
  running: 'Runs',
  finished: 'Done',
  failed: 'Has given up',
};

const columns: readonly Column<Job>[] = [
  {
    id: 'kind',
    head: 'Work',
    cell: ({ kind, subject }) => (
      <>
        {titleOfJobKind(kind)}
        {subject === '' ? null : <div className="small soft foreign">{subject}</div>}
      </>
    ),
    sortBy: ({ kind }) => titleOfJobKind(kind),
  },
  {
    id: 'state',
    head: 'State',
    cell: (job) => <State job={job} />,
    sortBy: ({ state }) => state,
  },
  { id: 'progress', head: 'Progress', cell: (job) => <JobProgress job={job} /> },
  {
    id: 'requested',
    head: 'Asked for',
    cell: ({ requestedAt, requestedBy }) => (
      <>
        <Time at={requestedAt} form="short" />
        <div className="small soft foreign">by {requestedBy}</div>
      </>
    ),
    sortBy: ({ requestedAt }) => requestedAt,
  },
  {
    id: 'ended',
    head: 'Ended',
    cell: ({ finishedAt }) =>
      finishedAt === null ? <span className="soft">–</span> : <Time at={finishedAt} form="short" />,
    sortBy: ({ finishedAt }) => finishedAt ?? '',
  },
];

function State({ job: { state, error, attempts, dueAt } }: { readonly job: Job }) {
  const isTriedAgain = state === 'waiting' && attempts > 0;
  return (
    <>
      <Status mood={isTriedAgain ? 'bad' : moods[state]}>{isTriedAgain ? 'Failed' : words[state]}</Status>
      {isTriedAgain ? (
        <div className="small soft">
          {attempts === 1 ? 'Once' : `${attempts} times in a row`}; tried again at{' '}
          <Time at={dueAt} form="time" />
        </div>
      ) : null}
      {error === null ? null : <div className="small foreign job-error">{error}</div>}
    </>
  );
}

/** Long work: what runs, how far it is, what has failed and when it is tried again. */
export function JobsSection() {
  const jobs = useQuery(jobsQuery(useWorkspaceName()));
  return (
    <>
      <SectionHead title="Jobs">
        Long work of this workspace. It goes on by itself, whatever page is open and whichever process ends.{' '}
        <ZoneNote />
      </SectionHead>
      <Loaded query={jobs}>{(found) => <Jobs jobs={found} />}</Loaded>
    </>
  );
}

function Jobs({ jobs }: { readonly jobs: readonly Job[] }) {
  // What is under way stands first.
  const rows = useMemo(
    () => [...jobs].sort((one, other) => Number(isUnderWay(other.state)) - Number(isUnderWay(one.state))),
    [jobs],
  );
  if (rows.length === 0)
    return (
      <Empty title="No job has run yet">
        A change of the time zone, a retention policy, verifying the figures or erasing a person begins one.
      </Empty>
    );
  return <DataTable caption="Jobs" columns={columns} rows={rows} rowKey={({ id }) => id} />;
}
