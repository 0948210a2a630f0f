import * as Radix from '@radix-ui/react-tabs';
import type { ReactNode } from 'react';

interface Tab {
  readonly value: string;
  readonly title: string;
  readonly content: ReactNode;
}

/** Sides of one thing, one shown at a time. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const [first] = tabs;
  if (!first) return null;
  return (
    <Radix.Root defaultValue={first.value}>
      <Radix.List className="toggle-group" aria-label={label}>
        {tabs.map(({ value, title }) => (
          <Radix.Trigger key={value} value={value} className="toggle tab">
            {title}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map(({ value, content }) => (
        <Radix.Content key={value} value={value} className="tab-content">
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
