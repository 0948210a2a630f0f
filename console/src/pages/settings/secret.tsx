import { CopyButton } from '../../components/copy.tsx';

interface SecretProps {
  /** What it is: "Key", "The webhook’s secret". */
  readonly label: string;
  readonly text: string;
}

/** A secret that is shown this once. */
export function Secret({ label, text }: SecretProps) {
  return (
    <div className="snippet">
      <div className="secret-head">
        <span className="small soft">{label}</span>
        <CopyButton text={text} what={label} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can scroll has to be reached by keyboard */}
      <pre tabIndex={0} className="code">
        {text}
      </pre>
    </div>
  );
}
