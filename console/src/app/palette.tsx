import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icons.tsx';
import { useWorkspaceName } from './current-workspace.ts';
import { type Find, useFinds } from './palette-finds.ts';

/** Ctrl-K: goes to a page, a person, a type of event or a campaign by what one writes. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const workspace = useWorkspaceName();
  const navigate = useNavigate();
  const list = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { finds, isLooking } = useFinds(workspace, text);
  const current = Math.min(at, Math.max(finds.length - 1, 0));
  const go = (find: Find) => {
    onClose();
    void navigate(find.link);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && finds.length > 0) {
      event.preventDefault();
      setAt((current + step + finds.length) % finds.length);
    }
    const chosen = finds[current];
    if (event.key === 'Enter' && chosen) go(chosen);
  };
  return (
    <Dialog
      title="Find"
      form="palette"
      description="Finds people by name, e-mail, phone or id, types of events, campaigns and pages"
      onClose={onClose}
    >
      <div className="palette-field">
        <Icon name="search" />
        <input
          role="combobox"
          aria-label="Find people, events, campaigns and pages"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={finds[current] ? `${list}-${current}` : undefined}
          aria-autocomplete="list"
          placeholder="A person’s name or e-mail, an event, a campaign, a page …"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <Finds list={list} finds={finds} current={current} onPick={go} />
      <p className="palette-foot small soft" role="status">
        {isLooking
          ? 'Looking …'
          : finds.length === 0
            ? 'Nothing found. A person is found by name, or by a whole e-mail, phone or id.'
            : '↑ ↓ to choose, Enter to go'}
      </p>
    </Dialog>
  );
}

interface FindsProps {
  readonly list: string;
  readonly finds: readonly Find[];
  readonly current: number;
  readonly onPick: (find: Find) => void;
}

function Finds({ list, finds, current, onPick }: FindsProps) {
  return (
    <div role="listbox" id={list} aria-label="Found" className="palette-list">
      {finds.map((find, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus, and the keys
        <div
          key={`${find.kind} ${find.id}`}
          id={`${list}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === current}
          className="palette-option"
          ref={index === current ? scrollIntoView : undefined}
          onClick={() => onPick(find)}
        >
          <Icon name={find.icon} />
          <span className="foreign">{find.title}</span>
          <span className="small soft">{find.kind}</span>
        </div>
      ))}
    </div>
  );
}

function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
