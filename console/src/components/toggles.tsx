import * as Radix from '@radix-ui/react-toggle-group';

interface TogglesProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly title: string }[];
  readonly value: Value;
  readonly onPick: (value: Value) => void;
}

/** One of few, all of them in sight. */
export function Toggles<Value extends string>({ label, choices, value, onPick }: TogglesProps<Value>) {
  const pick = (picked: string) => {
    const choice = choices.find((one) => one.value === picked);
    if (choice) onPick(choice.value);
  };
  return (
    <Radix.Root className="toggle-group" type="single" aria-label={label} value={value} onValueChange={pick}>
      {choices.map((choice) => (
        <Radix.Item key={choice.value} className="toggle" value={choice.value}>
          {choice.title}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
