import { Link, Outlet } from '@tanstack/react-router';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { PageHead } from '../../components/page-head.tsx';
import { useIsAdministrator } from './administrator.ts';
import { sections } from './sections.ts';
import './settings.css';

/** What a workspace is set to, section by section. */
export function Settings() {
  const workspace = useWorkspaceName();
  const isAdministrator = useIsAdministrator();
  const shown = sections.filter((section) => isAdministrator || !section.isAdministrators);
  return (
    <>
      <PageHead title="Settings" />
      <div className="settings">
        <nav className="settings-sections" aria-label="Settings">
          <ul>
            {shown.map(({ title, to }) => (
              <li key={to}>
                <Link to={to} params={{ workspace }} className="nav-link">
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="settings-section stack">
          <Outlet />
        </div>
      </div>
    </>
  );
}
