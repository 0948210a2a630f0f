import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Dialect, dialectsQuery } from '../../../api/dialects.ts';
import { useWorkspace } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { DialectTag } from '../../../components/dialect-tag.tsx';
import { TextField } from '../../../components/field.tsx';
import { Loaded } from '../../../components/states.tsx';
import { changeWorkspace } from '../change-workspace.ts';
import { OtherProblem, problemAt } from '../problems.tsx';
import { SectionHead } from '../section-head.tsx';

/** Of what comes without a key there is a limit unless it is set to 0 (docs/security.md). */
const usual: Readonly<Record<string, string>> = {
  'octeth:hello.message': '30000',
  'octeth:hello.message.bytes': '67108864',
};

export function LimitsSection() {
  const { slug } = useWorkspace();
  const dialects = useQuery(dialectsQuery(slug));
  return (
    <>
      <SectionHead title="Request rates">
        How many requests of a group a minute may have before its callers are told to wait (429). 0: as many
        as come. Empty: the usual, which is no limit but for what pages send without a key. Each process
        counts for itself.
      </SectionHead>
      <Loaded query={dialects}>
        {(found) => <LimitsForm dialects={found.filter(({ rateGroups }) => rateGroups.length > 0)} />}
      </Loaded>
    </>
  );
}

function LimitsForm({ dialects }: { readonly dialects: readonly Dialect[] }) {
  const { slug, rateLimits } = useWorkspace();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Readonly<Record<string, string>>>({});
  const shown = (group: string) =>
    draft[group] ?? (rateLimits[group] === undefined ? '' : String(rateLimits[group]));
  const changes = Object.entries(draft).flatMap(([group, text]) => {
    const former = rateLimits[group];
    // Nothing where nothing was: the usual limit goes on.
    if (text.trim() === '' && former === undefined) return [];
    const wanted = Number(text);
    return wanted === former ? [] : [[group, wanted] as const];
  });
  const save = useMutation({
    mutationFn: () => changeWorkspace(slug, { rateLimits: Object.fromEntries(changes) }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['workspace', slug] });
      setDraft({});
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const groups = dialects.flatMap(({ rateGroups }) => rateGroups);
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {dialects.map(({ name, title, rateGroups }) => (
        <section key={name} className="card" aria-label={title}>
          <div className="card-head">
            <h3>
              <DialectTag name={name} />
            </h3>
          </div>
          <div className="limits">
            {rateGroups.map((group) => (
              <TextField
                key={group}
                label={labelOf(group)}
                value={shown(group)}
                inputMode="numeric"
                placeholder={usual[group] ?? 'no limit'}
                autoComplete="off"
                onChange={({ target }) => setDraft({ ...draft, [group]: target.value })}
                problem={
                  Number.isNaN(Number(shown(group)))
                    ? 'A whole number, or nothing.'
                    : problemAt(save.error, `body/rateLimits/${group}`)
                }
              />
            ))}
          </div>
        </section>
      ))}
      <OtherProblem error={save.error} shown={groups.map((group) => `body/rateLimits/${group}`)} />
      <div className="settings-buttons">
        <Button look="primary" type="submit" busy={save.isPending} disabled={changes.length === 0}>
          Save
        </Button>
        <p role="status" className="small soft">
          {save.isSuccess && changes.length === 0 ? 'Saved. It holds from the next request on.' : ''}
        </p>
      </div>
    </form>
  );
}

/** `octeth:hello.message.bytes`: what comes behind the API's name. */
function labelOf(group: string): string {
  const [, name = 'All requests'] = group.split(/:(.*)/);
  if (name === 'hello.message') return 'Messages of pages';
  if (name === 'hello.message.bytes') return 'Bytes of messages of pages';
  return name;
}
