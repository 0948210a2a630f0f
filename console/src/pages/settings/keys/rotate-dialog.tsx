import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Select } from '../../../components/field.tsx';
import { Time } from '../../../components/time.tsx';
import { FormDialog, OnceDialog } from '../form-dialog.tsx';
import { OtherProblem } from '../problems.tsx';
import { Secret } from '../secret.tsx';
import { type Key, type KeyScope, rotateKey } from './queries.ts';

const hour = 60 * 60 * 1000;

/** For how long the old secret stays valid. */
const overlaps = [
  { value: '24', title: 'A day' },
  { value: '0', title: 'Not at all' },
  { value: '1', title: 'An hour' },
  { value: '168', title: 'A week' },
  { value: '720', title: '30 days' },
] as const;

interface RotateDialogProps {
  readonly scope: KeyScope;
  readonly secret: Key;
  readonly onClose: () => void;
}

/** Makes a new secret in place of one, which stays valid for a while. */
export function RotateDialog({ scope, secret: { id, name }, onClose }: RotateDialogProps) {
  const queryClient = useQueryClient();
  const [hours, setHours] = useState('24');
  const rotate = useMutation({
    mutationFn: () => rotateKey(scope, id, new Date(Date.now() + Number(hours) * hour).toISOString()),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['keys', scope] }),
  });
  if (rotate.data)
    return (
      <OnceDialog title="The new secret" onClose={onClose}>
        <Secret label={rotate.data.key.name} text={rotate.data.secret} />
        {rotate.data.privateKeyId === null ? null : (
          <Secret label="Its private key id (kid)" text={rotate.data.privateKeyId} />
        )}
        <p className="settings-note small">
          It is shown this once. The old one opens the same until <Time at={rotate.data.oldValidUntil} />:
          change its caller before then.
        </p>
      </OnceDialog>
    );
  return (
    <FormDialog
      title="Rotate this?"
      deed="Make a new secret"
      busy={rotate.isPending}
      onSubmit={() => rotate.mutate()}
      onClose={onClose}
    >
      <p>
        <strong className="foreign">{name}</strong> gets a new secret, with the same role and name.
      </p>
      <Select label="The old one stays valid for" value={hours} options={overlaps} onPick={setHours} />
      <OtherProblem error={rotate.error} />
    </FormDialog>
  );
}
