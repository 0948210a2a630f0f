import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { Loaded } from '../../../components/states.tsx';
import { ZoneNote } from '../../../components/time.tsx';
import { Toggles } from '../../../components/toggles.tsx';
import { useIsAdministrator } from '../administrator.ts';
import { keysRoute } from '../route.ts';
import { SectionHead } from '../section-head.tsx';
import { KeyList } from './key-list.tsx';
import { NewKeyDialog } from './new-key-dialog.tsx';
import { keysQuery } from './queries.ts';

const owners = [
  { value: 'workspace', title: 'This workspace' },
  { value: 'installation', title: 'Administrators' },
] as const;

export function KeysSection() {
  const workspace = useWorkspaceName();
  const isAdministrator = useIsAdministrator();
  const { of } = keysRoute.useSearch();
  const navigate = keysRoute.useNavigate();
  const [isMaking, setMaking] = useState(false);
  const scope = of === 'installation' && isAdministrator ? null : workspace;
  const keys = useQuery(keysQuery(scope));
  return (
    <>
      <SectionHead
        title="Keys"
        actions={
          <Button look="primary" onClick={() => setMaking(true)}>
            Make a key
          </Button>
        }
      >
        All that opens something: keys of each API, passwords, sessions, tokens, secrets of apps. A secret is
        shown when it is made, and never again. <ZoneNote />
      </SectionHead>
      {isAdministrator ? (
        <div>
          <Toggles
            label="Whose keys"
            choices={owners}
            value={scope === null ? 'installation' : 'workspace'}
            onPick={(value) => void navigate({ search: value === 'installation' ? { of: value } : {} })}
          />
        </div>
      ) : null}
      <Loaded query={keys}>
        {(found) => <KeyList key={scope ?? 'installation'} scope={scope} keys={found} />}
      </Loaded>
      {isMaking ? <NewKeyDialog scope={scope} onClose={() => setMaking(false)} /> : null}
    </>
  );
}
