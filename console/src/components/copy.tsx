import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

const shownMilliseconds = 2000;

interface CopyButtonProps {
  readonly text: string;
  readonly label?: string;
  /** Said to who can't see what stands beside it: what is copied. */
  readonly what?: string;
}

/** Copies a text; says so for two seconds. */
export function CopyButton({ text, label = 'Copy', what }: CopyButtonProps) {
  const [said, say] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => say(undefined), shownMilliseconds);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say('copied');
    } catch {
      // Without TLS browsers have no clipboard but on this machine.
      say('refused');
    }
  };
  return (
    <>
      <Button look="quiet" icon={said === 'copied' ? 'check' : 'copy'} onClick={() => void copy()}>
        {label}
        {what === undefined ? null : <span className="only-read"> {what}</span>}
      </Button>
      <span className="only-read" role="status">
        {said === 'copied' ? 'Copied' : said === 'refused' ? 'The browser does not let this be copied.' : ''}
      </span>
    </>
  );
}

/** A text to be taken along: a command, a snippet, a key. */
export function Snippet({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <figure className="snippet">
      <figcaption>
        <span className="small soft">{title}</span>
        <CopyButton text={text} label="Copy" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can scroll has to be reached by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}
