import * as Radix from '@radix-ui/react-tabs';
import type { ReactNode } from 'react';

interface Tab {
  readonly value: string;
  readonly title: string;
  readonly content: ReactNode;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** Which is shown, where that stands in the address. */
  readonly value?: string;
  readonly onPick?: (value: string) => void;
}

/** Sides of one thing, one shown at a time. */
export function Tabs({ label, tabs, value, onPick }: TabsProps) {
  const [first] = tabs;
  if (!first) return null;
  const state = value === undefined ? { defaultValue: first.value } : { value };
  return (
    <Radix.Root {...state} {...(onPick === undefined ? {} : { onValueChange: onPick })}>
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
