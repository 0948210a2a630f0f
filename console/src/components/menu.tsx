import * as Radix from '@radix-ui/react-dropdown-menu';
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly title: string;
  readonly note?: string;
}

interface ChoiceMenuProps<Value extends string> {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  /** What is chosen. */
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onPick: (value: Value) => void;
}

/** One of several, chosen from a menu. It is not modal: a modal one writes a style element, which the page's policy does not allow. */
export function ChoiceMenu<Value extends string>({
  trigger,
  label,
  choices,
  value,
  onPick,
}: ChoiceMenuProps<Value>) {
  const pick = (picked: string) => {
    const choice = choices.find((one) => one.value === picked);
    if (choice) onPick(choice.value);
  };
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align="start" sideOffset={6} collisionPadding={8} aria-label={label}>
          <Radix.RadioGroup value={value} onValueChange={pick}>
            {choices.map((choice) => (
              <Radix.RadioItem key={choice.value} value={choice.value} className="menu-item">
                <span className="menu-mark">
                  <Radix.ItemIndicator>
                    <Icon name="check" size={14} />
                  </Radix.ItemIndicator>
                </span>
                <span className="foreign">{choice.title}</span>
                {choice.note ? <span className="soft small">{choice.note}</span> : null}
              </Radix.RadioItem>
            ))}
          </Radix.RadioGroup>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
