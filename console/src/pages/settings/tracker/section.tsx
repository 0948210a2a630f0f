import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, take } from '../../../api/client.ts';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { CheckField } from '../../../components/check-field.tsx';
import { Snippet } from '../../../components/copy.tsx';
import { Select, TextField } from '../../../components/field.tsx';
import { Empty, Loaded } from '../../../components/states.tsx';
import { SectionHead } from '../section-head.tsx';

function readTracker(workspace: string) {
  return take(api.GET('/workspaces/{workspace}/octeth/tracker', { params: { path: { workspace } } }));
}

type Tracker = Awaited<ReturnType<typeof readTracker>>;

function trackerQuery(workspace: string) {
  return queryOptions({ queryKey: ['tracker', workspace], queryFn: () => readTracker(workspace) });
}

export function TrackerSection() {
  const workspace = useWorkspaceName();
  const tracker = useQuery(trackerQuery(workspace));
  return (
    <>
      <SectionHead title="Browser tracker">
        A script of a few kilobytes that tells what visitors do on a site. Its events are a list’s of Octeth.
        Neither of the ids in it is a secret.
      </SectionHead>
      <Loaded query={tracker}>
        {(found) =>
          found.lists.length === 0 ? (
            <Empty
              title="There is no list"
              action={
                <Link to="/$workspace/settings/sources" params={{ workspace }}>
                  Add a list
                </Link>
              }
            >
              Events of pages belong to a list of Octeth’s: add one first.
            </Empty>
          ) : (
            <Composer tracker={found} />
          )
        }
      </Loaded>
    </>
  );
}

const usualName = 'oct';
/** As a page can name it without quotes. */
const nameForm = /^[A-Za-z_$][\w$]*$/;

function Composer({ tracker: { script, lists } }: { readonly tracker: Tracker }) {
  const [chosen, setChosen] = useState(lists[0]?.list ?? '');
  const [needsConsent, setNeedsConsent] = useState(false);
  const [name, setName] = useState(usualName);
  const list = lists.find((one) => one.list === chosen) ?? lists[0];
  const isNamed = nameForm.test(name);
  const global = isNamed ? name : usualName;
  if (!list) return null;
  const attributes = [
    `data-user="${list.user}" data-list="${list.list}"`,
    ...(global === usualName ? [] : [`data-lobj="${global}"`]),
    ...(needsConsent ? ['data-consent="required"'] : []),
  ];
  const snippet = `<script async src="${script}"\n        ${attributes.join('\n        ')}></script>`;
  const calls = [
    `window.${global} = window.${global} || [];`,
    `${global}.push(['eventT', 'newsletter ordered', { plan: 'monthly' }]);`,
    `${global}.push(['eventI', 'ada@example.com']);`,
    `${global}.push(['eventC', 'order-1001', 'order', 49.9]);`,
    ...(needsConsent ? [`${global}.push(['consent', true]);`] : []),
  ];
  const origin = new URL(script).origin;
  return (
    <>
      <section className="card" aria-labelledby="switches">
        <div className="card-head">
          <h3 id="switches">Switches</h3>
        </div>
        <div className="settings-form">
          <Select
            label="List"
            value={list.list}
            options={lists.map((one) => ({ value: one.list, title: `${one.name} (${one.listId})` }))}
            onPick={setChosen}
          />
          <CheckField
            label="Wait for consent"
            hint={`Nothing is stored or sent until the page calls ${global}.consent(true); what happens before is held in memory. With Do Not Track or Global Privacy Control nothing is ever sent, with or without it.`}
            checked={needsConsent}
            onPick={setNeedsConsent}
          />
          <TextField
            label="Name of the global object"
            value={name}
            maxLength={40}
            autoComplete="off"
            spellCheck={false}
            hint="Another one where the page has an oct of its own."
            onChange={({ target }) => setName(target.value)}
            problem={isNamed ? undefined : 'It has to be a name of JavaScript’s: letters, digits, _ and $.'}
          />
        </div>
      </section>
      <Snippet title="In the head of every page" text={snippet} />
      <Snippet title="What a page may tell besides page views" text={calls.join('\n')} />
      <Snippet
        title="What a strict content security policy needs"
        text={`script-src ${origin}; connect-src ${origin}`}
      />
    </>
  );
}
