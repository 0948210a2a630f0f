import { useQuery } from '@tanstack/react-query';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { countOf } from '../../../components/number.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { type Source, sourceQuery } from './queries.ts';
import { useChange } from './use-change.ts';

interface ArchiveDialogProps {
  readonly source: Source;
  readonly onClose: () => void;
}

/** Archives a source, or takes back one that is archived. */
export function ArchiveDialog({ source, onClose }: ArchiveDialogProps) {
  const change = useChange(source, onClose);
  const isArchived = source.archivedAt !== null;
  const deeds = isArchived
    ? { title: `Take this ${source.kind} back?`, deed: 'Take it back', look: 'primary' as const }
    : { title: `Archive this ${source.kind}?`, deed: 'Archive it', look: 'danger' as const };
  return (
    <ConfirmDialog
      {...deeds}
      busy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate({ archived: !isArchived })}
      onClose={onClose}
    >
      <p>
        {isArchived ? 'From now on events come in by ' : 'From now on nothing comes in by '}
        <strong className="foreign">{source.name}</strong>
        {isArchived
          ? ' again, with the keys and secrets that its clients have. What was refused in the meantime is not kept: clients send it again, or it is lost.'
          : ': its events are refused, as the API refuses them, and who sends them has to be told.'}
      </p>
      {isArchived ? null : <Taken source={source} />}
    </ConfirmDialog>
  );
}

/** What stays of it. */
function Taken({ source }: { readonly source: Source }) {
  const { data, error } = useQuery(sourceQuery(useWorkspaceName(), source.id));
  return (
    <p role="status">
      {data ? `${describe(data)} stays, under its name, in timelines, insights and campaigns. ` : null}
      {error ? 'How much has come in by it can’t be told now; all of it stays, under its name. ' : null}
      Keys and secrets are not revoked: taken back, it goes on as before.
    </p>
  );
}

function describe({ events, touchpoints }: { events: number | null; touchpoints: number | null }): string {
  if (events !== null) return `What came in by it (${countOf(events, 'event')})`;
  if (touchpoints !== null)
    return `What came in by it (${countOf(touchpoints, 'visit or interaction', 'visits and interactions')})`;
  return 'What came in by it';
}
