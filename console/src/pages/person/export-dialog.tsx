import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type Person, titleOfPerson } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { countOf, formatBytes } from '../../components/number.ts';
import { saveFile } from '../../components/save-file.ts';
import { Failure } from '../../components/states.tsx';
import { type ExportProgress, readExport } from './export-person.ts';

/** Downloads all that is kept of somebody. */
export function ExportDialog({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const workspace = useWorkspaceName();
  const [progress, tell] = useState<ExportProgress>({ lines: 0, bytes: 0 });
  const stop = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    return () => controller.abort();
  }, []);
  const download = useMutation({
    mutationFn: () => readExport(workspace, person.id, tell, stop.current.signal),
    onSuccess: (parts) => saveFile(parts, `person-${person.id}.ndjson`, 'application/x-ndjson'),
  });
  return (
    <Dialog
      title="Export what is kept?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{download.isSuccess ? 'Close' : 'Cancel'}</Button>
          <Button look="primary" busy={download.isPending} onClick={() => download.mutate()}>
            {download.isSuccess ? 'Download again' : 'Download'}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>
          All that is kept of <strong className="foreign">{titleOfPerson(person)}</strong> in all APIs, as one
          file with an object a line: profiles with their keys, links, events, contacts, consents, and what
          waits in quarantine.
        </p>
        <p className="soft small">Each export is noted among the person’s consents.</p>
        <p role="status">
          {download.isPending
            ? `${countOf(progress.lines, 'line')}, ${formatBytes(progress.bytes)} …`
            : download.isSuccess
              ? `Saved: ${countOf(progress.lines, 'line')}, ${formatBytes(progress.bytes)}.`
              : ''}
        </p>
        {download.error ? <Failure error={download.error} /> : null}
      </div>
    </Dialog>
  );
}
