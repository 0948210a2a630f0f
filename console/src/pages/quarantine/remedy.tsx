import { Link } from '@tanstack/react-router';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { eventTypeSettings } from '../../app/settings-links.ts';
import type { Remedy } from './queries.ts';

/** What to change so that a bad event fits, with the way to it. */
export function RemedyWords({ remedy }: { readonly remedy: Remedy }) {
  return (
    <p className="foreign">
      {remedy.text} <RemedyLink remedy={remedy} />
    </p>
  );
}

/** What is changed where it is sent from has no place here. */
function RemedyLink({ remedy: { change, type, typeId, field, setting } }: { readonly remedy: Remedy }) {
  const workspace = useWorkspaceName();
  switch (change) {
    case 'event-type':
    case 'event-field':
      return (
        <Link {...eventTypeSettings(workspace, typeId ?? 'new', field ?? undefined)}>
          {typeId === null ? 'Declare' : 'Open'} the type “<bdi>{type}</bdi>”
          {field === null ? null : (
            <>
              , field <bdi>{field}</bdi>
            </>
          )}
        </Link>
      );
    case 'event-types':
      return (
        <Link to="/$workspace/settings/types" params={{ workspace }}>
          Open the event types
        </Link>
      );
    case 'sources':
      return (
        <Link to="/$workspace/settings/sources" params={{ workspace }}>
          Open the sources
        </Link>
      );
    case 'nodes':
      return (
        <Link to="/$workspace/settings/nodes" params={{ workspace }}>
          Open the nodes
        </Link>
      );
    case 'setting':
      return (
        <Link to="/$workspace/settings" params={{ workspace }}>
          Open the settings{setting === null ? '' : ` (${setting})`}
        </Link>
      );
    default:
      return null;
  }
}
