import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icons.tsx';
import { Brand } from './brand.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useWorkspace, useWorkspaceName } from './current-workspace.ts';
import { destinations } from './navigation.ts';
import { Palette } from './palette.tsx';
import { SessionControls } from './session-controls.tsx';
import { usePaletteKey } from './use-palette-key.ts';
import { WorkspaceSwitch } from './workspace-switch.tsx';

/** What stands around every page of a workspace. */
export function Shell() {
  const { slug } = useWorkspace();
  const [isFinding, setFinding] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  usePaletteKey(() => setFinding(true));
  useEffect(() => localStorage.setItem('throughline-workspace', slug), [slug]);
  useFocusOnNewPage(main, () => setMenuOpen(false));
  const find = () => {
    setMenuOpen(false);
    setFinding(true);
  };
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="shell-bar">
        <IconButton icon="menu" label="Menu" onClick={() => setMenuOpen(true)} aria-haspopup="dialog" />
        <Brand />
        <IconButton icon="search" label="Find" onClick={find} />
      </header>
      <aside className="shell-side" aria-label="Console">
        <Brand />
        <Side onFind={find} />
      </aside>
      {isMenuOpen ? (
        <Dialog title="Menu" form="sheet" onClose={() => setMenuOpen(false)}>
          <Side onFind={find} onGo={() => setMenuOpen(false)} />
        </Dialog>
      ) : null}
      <main id="main" className="shell-main" ref={main} tabIndex={-1}>
        <ConnectionBanner />
        <Outlet />
      </main>
      {isFinding ? <Palette onClose={() => setFinding(false)} /> : null}
    </div>
  );
}

interface SideProps {
  readonly onFind: () => void;
  /** A page was chosen, be it the one that is shown. */
  readonly onGo?: () => void;
}

function Side({ onFind, onGo }: SideProps) {
  const workspace = useWorkspaceName();
  return (
    <>
      <WorkspaceSwitch />
      <button type="button" className="find" onClick={onFind}>
        <Icon name="search" size={16} />
        <span>Find</span>
        <kbd>Ctrl K</kbd>
      </button>
      <nav aria-label="Pages">
        <ul>
          {destinations.map(({ title, icon, to }) => (
            <li key={to}>
              <Link to={to} params={{ workspace }} className="nav-link" onClick={onGo}>
                <Icon name={icon} />
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <SessionControls />
    </>
  );
}

/** Another page begins at its head, for who sees it and for who hears it. */
function useFocusOnNewPage(main: React.RefObject<HTMLElement | null>, onNewPage: () => void): void {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    const isFirst = before.current === undefined;
    before.current = path;
    if (isFirst) return;
    onNewPage();
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  });
}
