import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { settingsSections } from '../../app/settings-sections.ts';
import { PageHead } from '../../components/page-head.tsx';
import { useIsAdministrator } from './administrator.ts';
import './settings.css';

/** What a workspace is set to, section by section. */
export function Settings() {
  const workspace = useWorkspaceName();
  const isAdministrator = useIsAdministrator();
  const shown = settingsSections.filter((section) => isAdministrator || !section.isAdministrators);
  const nav = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  // Where the sections stand in one line, that one is in sight which is shown.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another path is another section
  useEffect(() => {
    const current = nav.current?.querySelector('[aria-current="page"]');
    current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path]);
  return (
    <>
      <PageHead title="Settings" />
      <div className="settings">
        <nav className="settings-sections" aria-label="Settings" ref={nav}>
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
