import { type ReactNode, useEffect } from 'react';

interface SectionHeadProps {
  readonly title: string;
  /** What is set here, and what it is for. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of a section. It names the browser's tab, too. */
export function SectionHead({ title, children, actions }: SectionHeadProps) {
  useEffect(() => {
    document.title = `${title} · Settings · Throughline`;
  }, [title]);
  return (
    <header className="section-head">
      <div>
        <h2>{title}</h2>
        <p className="soft">{children}</p>
      </div>
      {actions ? <div className="page-actions">{actions}</div> : null}
    </header>
  );
}
