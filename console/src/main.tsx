import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.ts';
import { sessionQuery } from './api/session.ts';
import { applyKeptTheme } from './app/theme.ts';
import { createConsoleRouter } from './router.ts';

applyKeptTheme();

const queryClient = createQueryClient({ signedOut });
const router = createConsoleRouter(queryClient);

/** The session has ended meanwhile: what was shown is asked for again once somebody has signed in. */
function signedOut(): void {
  if (queryClient.getQueryData(sessionQuery.queryKey) === null) return;
  queryClient.setQueryData(sessionQuery.queryKey, null);
  const { pathname, href } = router.state.location;
  if (pathname !== '/sign-in')
    void router.navigate({ to: '/sign-in', search: { next: href, ended: true }, replace: true });
}

// The files of a page that belong to a build before the server's: the whole page is loaded anew, but not again and again.
window.addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('throughline-reloaded') ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem('throughline-reloaded', String(Date.now()));
  window.location.reload();
});

const place = document.getElementById('console');
if (place)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
