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
      // No section has these: they are a dialect's, and stand in the native API.
      return setting === null ? null : (
        <>
          The setting is <code>{setting}</code>: change it by <code>throughline workspace set</code>, or PATCH{' '}
          <code>/throughline/v1/workspaces/{workspace}</code>.
        </>
      );
    default:
      return null;
  }
}
