import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { jobsQuery } from '../../../api/jobs.ts';
import type { Workspace } from '../../../api/workspaces.ts';
import { Button } from '../../../components/button.tsx';
import { CheckField } from '../../../components/check-field.tsx';
import { TextField } from '../../../components/field.tsx';
import { changeWorkspace, type WorkspaceChanges } from '../change-workspace.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { OtherProblem, problemAt } from '../problems.tsx';

const fields = ['body/name', 'body/timezone', 'body/currency', 'body/matching', 'body/phoneCountries'];
const zones = Intl.supportedValuesOf('timeZone');
const currencies = Intl.supportedValuesOf('currency');
const kinds = [
  { value: 'email', title: 'E-mail address' },
  { value: 'phone', title: 'Phone number' },
] as const;

interface Draft {
  readonly name: string;
  readonly timezone: string;
  readonly currency: string;
  readonly matching: readonly ('email' | 'phone')[];
  /** As they are written: with commas between them. */
  readonly countries: string;
}

function draftOf({ name, timezone, currency, matching, phoneCountries }: Workspace): Draft {
  return { name, timezone, currency, matching, countries: phoneCountries.join(', ') };
}

/** What is written, and only that which is another. */
function changesOf(draft: Draft, workspace: Workspace): WorkspaceChanges {
  const { name, timezone, currency, matching } = draft;
  const phoneCountries = draft.countries
    .toUpperCase()
    .split(/[\s,]+/)
    .filter((code) => code !== '');
  return {
    ...(name === workspace.name ? {} : { name }),
    ...(timezone === workspace.timezone ? {} : { timezone }),
    ...(currency === workspace.currency ? {} : { currency }),
    ...(isSame(matching, workspace.matching) ? {} : { matching: [...matching] }),
    ...(isSame(phoneCountries, workspace.phoneCountries) ? {} : { phoneCountries }),
  };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index]);
}

export function WorkspaceForm({ workspace }: { readonly workspace: Workspace }) {
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(draftOf(workspace));
  const [isAsking, setAsking] = useState(false);
  const changes = changesOf(draft, workspace);
  const consequences = consequencesOf(changes);
  const save = useMutation({
    mutationFn: () => changeWorkspace(workspace.slug, changes),
    // The jobs that it sets going are there before the answer, which waits for them.
    onMutate: () => setAsking(false),
    onSuccess: async (changed) => {
      setDraft(draftOf(changed));
      // Every figure and time is of the zone and the currency.
      await queryClient.invalidateQueries();
    },
  });
  // The answer waits for what follows from it; meanwhile the jobs show how far that is.
  useQuery({ ...jobsQuery(workspace.slug), enabled: save.isPending, refetchInterval: 1_000 });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (consequences.length > 0) setAsking(true);
    else save.mutate();
  };
  const isChanged = Object.keys(changes).length > 0;
  return (
    <form className="settings-form" onSubmit={submit} noValidate>
      <Fields draft={draft} onDraft={setDraft} error={save.error} />
      {consequences.map((text) => (
        <p key={text} className="settings-note small">
          {text}
        </p>
      ))}
      <OtherProblem error={save.error} shown={fields} />
      <div className="settings-buttons">
        <Button look="primary" type="submit" busy={save.isPending} disabled={!isChanged}>
          {save.isPending ? 'Saving …' : 'Save'}
        </Button>
        {isChanged && !save.isPending ? (
          <Button look="quiet" onClick={() => setDraft(draftOf(workspace))}>
            Undo the changes
          </Button>
        ) : null}
      </div>
      <p role="status" className="small soft">
        {save.isPending && consequences.length > 0
          ? 'The new setting holds; what follows from it is being done.'
          : save.isSuccess && !isChanged
            ? 'Saved.'
            : ''}
      </p>
      {isAsking ? (
        <ConfirmDialog
          title="Change this?"
          deed="Change it"
          look="primary"
          busy={save.isPending}
          error={null}
          onConfirm={() => save.mutate()}
          onClose={() => setAsking(false)}
        >
          {consequences.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </ConfirmDialog>
      ) : null}
    </form>
  );
}

/** What a change sets going, said before it is made. */
function consequencesOf({ timezone, currency, matching }: WorkspaceChanges): readonly string[] {
  const texts: string[] = [];
  if (timezone !== undefined)
    texts.push(
      'Another time zone: all that is counted by day is counted anew, by a job. Until it is done, some days are still the old zone’s. No event changes.',
    );
  if (currency !== undefined)
    texts.push(
      'Another currency: all amounts are counted anew in it, by a job. Amounts without an exchange rate for their day count for nothing until there is one.',
    );
  if (matching !== undefined)
    texts.push(
      'Another matching: it holds for what comes in from now on. No link between profiles is made or undone by it, so people stay who they are.',
    );
  return texts;
}

interface FieldsProps {
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly error: Error | null;
}

function Fields({ draft, onDraft, error }: FieldsProps) {
  const list = useId();
  const set = (change: Partial<Draft>) => onDraft({ ...draft, ...change });
  const pick = (kind: 'email' | 'phone', isOn: boolean) =>
    set({
      matching: kinds
        .map(({ value }) => value)
        .filter((one) => (one === kind ? isOn : draft.matching.includes(one))),
    });
  return (
    <>
      <TextField
        label="Name"
        value={draft.name}
        maxLength={200}
        onChange={({ target }) => set({ name: target.value })}
        problem={problemAt(error, 'body/name')}
      />
      <TextField
        label="Time zone"
        value={draft.timezone}
        list={`${list}-zones`}
        autoComplete="off"
        spellCheck={false}
        hint="An IANA name, such as Europe/Paris. Days of figures are days in it."
        onChange={({ target }) => set({ timezone: target.value })}
        problem={problemAt(error, 'body/timezone')}
      />
      <TextField
        label="Currency"
        value={draft.currency}
        list={`${list}-currencies`}
        autoComplete="off"
        spellCheck={false}
        hint="An ISO 4217 code, such as EUR. Sums are in it; amounts of others are converted by the exchange rate of their day."
        onChange={({ target }) => set({ currency: target.value.toUpperCase() })}
        problem={problemAt(error, 'body/currency')}
      />
      <fieldset className="checks">
        <legend>Matching: profiles of different APIs are one person when they have the same</legend>
        {kinds.map(({ value, title }) => (
          <CheckField
            key={value}
            label={title}
            checked={draft.matching.includes(value)}
            onPick={(isOn) => pick(value, isOn)}
          />
        ))}
        <p className="field-problem small" role="alert">
          {problemAt(error, 'body/matching')}
        </p>
      </fieldset>
      <TextField
        label="Countries of phone numbers"
        value={draft.countries}
        autoComplete="off"
        spellCheck={false}
        hint="A number without + is tried in these, in order: ISO 3166-1 codes, such as FR, BE. It holds for what comes in from now on."
        onChange={({ target }) => set({ countries: target.value })}
        problem={problemAt(error, 'body/phoneCountries')}
      />
      <datalist id={`${list}-zones`}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <datalist id={`${list}-currencies`}>
        {currencies.map((code) => (
          <option key={code} value={code} />
        ))}
      </datalist>
    </>
  );
}
