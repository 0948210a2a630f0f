import { useSyncExternalStore } from 'react';

/** `system`: as the machine is set. */
export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

const storageKey = 'throughline-theme';
const listeners = new Set<() => void>();

function isTheme(text: string | null): text is Theme {
  return themes.some((theme) => theme === text);
}

function readTheme(): Theme {
  const kept = localStorage.getItem(storageKey);
  return isTheme(kept) ? kept : 'system';
}

let current: Theme = 'system';

/** Before anything is shown, so that nothing is shown in the other theme first. */
export function applyKeptTheme(): void {
  current = readTheme();
  showTheme();
}

export function setTheme(theme: Theme): void {
  current = theme;
  localStorage.setItem(storageKey, theme);
  showTheme();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

function showTheme(): void {
  if (current === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = current;
}
