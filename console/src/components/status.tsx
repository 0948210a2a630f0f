import type { ReactNode } from 'react';

export type Mood = 'good' | 'warn' | 'bad' | 'plain';

/** A state in a word or two. The colour says nothing that the words don't. */
export function Status({ mood, children }: { readonly mood: Mood; readonly children: ReactNode }) {
  return <span className={`status status-${mood}`}>{children}</span>;
}
