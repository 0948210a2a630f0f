import type { ReactNode } from 'react';
import { useEffect } from 'react';

interface PageHeadProps {
  readonly title: string;
  /** What of it is shown: a span of time and its zone, a filter. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of a page. It names the browser's tab, too. */
export function PageHead({ title, note, actions }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · Throughline`;
  }, [title]);
  return (
    <header className="page-head">
      <div>
        <h1 className="foreign">{title}</h1>
        {note ? <p className="soft small">{note}</p> : null}
      </div>
      {actions ? <div className="page-actions">{actions}</div> : null}
    </header>
  );
}
