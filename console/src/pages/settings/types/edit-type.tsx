import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, take } from '../../../api/client.ts';
import { Problem } from '../../../api/problem.ts';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { OtherProblem } from '../problems.tsx';
import type { Definition } from './definition.ts';
import { DefinitionForm, definitionPaths } from './definition-form.tsx';
import { bodyOf, draftOf } from './draft.ts';
import { type EventType, eventTypeQuery } from './queries.ts';

interface EditTypeProps {
  readonly type: EventType;
  readonly definition: Definition;
  readonly marked?: string | undefined;
}

/** Changes what a type asks for; what was changed is its next version. */
export function EditType({ type: { id, version }, definition, marked }: EditTypeProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(definition));
  const save = useMutation({
    mutationFn: () =>
      take(
        api.PATCH('/workspaces/{workspace}/webmarketer/event-types/{eventTypeId}', {
          params: { path: { workspace, eventTypeId: id } },
          body: { version, ...bodyOf(draft) },
        }),
      ),
    onSuccess: async (changed) => {
      queryClient.setQueryData(eventTypeQuery(workspace, id).queryKey, changed);
      await queryClient.invalidateQueries({ queryKey: ['event-types', workspace] });
      await queryClient.invalidateQueries({ queryKey: ['event-type', workspace, id] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isChanged = JSON.stringify(bodyOf(draft)) !== JSON.stringify(bodyOf(draftOf(definition)));
  const isOutdated = save.error instanceof Problem && save.error.path === 'body/version';
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <DefinitionForm draft={draft} onDraft={setDraft} error={save.error} marked={marked} />
      {isChanged ? (
        <p className="settings-note small">
          It becomes version {version + 1}. Events from then on are checked by it; those that are stored are
          read by the version that they were checked by, and those in quarantine can be tried again.
        </p>
      ) : null}
      <OtherProblem error={save.error} shown={definitionPaths} />
      <div className="settings-buttons">
        <Button look="primary" type="submit" busy={save.isPending} disabled={!isChanged}>
          Save version {version + 1}
        </Button>
        {isOutdated ? (
          <Button
            onClick={() => void queryClient.invalidateQueries({ queryKey: ['event-type', workspace, id] })}
          >
            Show what it is now
          </Button>
        ) : null}
      </div>
    </form>
  );
}
