import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { workspacesQuery } from '../api/workspaces.ts';
import { Icon } from '../components/icons.tsx';
import { ChoiceMenu } from '../components/menu.tsx';
import { useWorkspace } from './current-workspace.ts';

/** Which workspace is looked at. An administrator's key opens all of them, another its own. */
export function WorkspaceSwitch() {
  const { slug, name, timezone } = useWorkspace();
  const { data: workspaces = [] } = useQuery(workspacesQuery);
  const navigate = useNavigate();
  const face = (
    <>
      <span className="workspace-mark" aria-hidden="true">
        {[...name][0]?.toUpperCase()}
      </span>
      <span className="workspace-names">
        <span className="foreign">{name}</span>
        <span className="small soft">{timezone}</span>
      </span>
    </>
  );
  if (workspaces.length < 2) return <div className="workspace">{face}</div>;
  return (
    <ChoiceMenu
      label="Workspace"
      value={slug}
      choices={workspaces.map((one) => ({ value: one.slug, title: one.name, note: one.slug }))}
      onPick={(workspace) => void navigate({ to: '/$workspace/overview', params: { workspace } })}
      trigger={
        <button type="button" className="workspace">
          <span className="only-read">Switch workspace</span>
          {face}
          <Icon name="down" size={16} />
        </button>
      }
    />
  );
}
