import * as Radix from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** `panel`: at the side, for a thing of a list. `palette`: at the top, its title not shown. */
  readonly form?: 'window' | 'panel' | 'sheet' | 'palette';
  /** Said to who can't see: what the dialog is for. */
  readonly description?: string;
  /** Buttons at its foot. */
  readonly actions?: ReactNode;
}

/**
 * A dialog over the page, there as long as it is rendered: focus stays within, Escape and a click beside it close it, and focus goes back.
 * Radix's own overlay is not used: it writes a style element, which the page's policy does not allow.
 */
export function Dialog({ title, onClose, children, form = 'window', description, actions }: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <Radix.Portal>
        <div className="backdrop" data-modal="" />
        <Radix.Content
          className={`dialog dialog-${form}`}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className={form === 'palette' ? 'only-read' : 'dialog-head'}>
            <Radix.Title className="foreign">{title}</Radix.Title>
            {form === 'palette' ? null : (
              <Radix.Close asChild>
                <IconButton icon="close" label="Close" />
              </Radix.Close>
            )}
          </header>
          {description === undefined ? null : (
            <Radix.Description className="only-read">{description}</Radix.Description>
          )}
          <div className="dialog-body">{children}</div>
          {actions ? <footer className="dialog-actions">{actions}</footer> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
