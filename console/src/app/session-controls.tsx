import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { sessionQuery, signOut } from '../api/session.ts';
import { Button } from '../components/button.tsx';
import { Icon, type IconName } from '../components/icons.tsx';
import { ChoiceMenu } from '../components/menu.tsx';
import { setTheme, type Theme, useTheme } from './theme.ts';

const themeChoices: readonly { readonly value: Theme; readonly title: string; readonly icon: IconName }[] = [
  { value: 'system', title: 'As the system', icon: 'system' },
  { value: 'light', title: 'Light', icon: 'sun' },
  { value: 'dark', title: 'Dark', icon: 'moon' },
];

/** The theme, and the way out. */
export function SessionControls() {
  const theme = useTheme();
  const { data: session } = useQuery(sessionQuery);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      queryClient.setQueryData(sessionQuery.queryKey, null);
      await navigate({ to: '/sign-in' });
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
  const icon = themeChoices.find(({ value }) => value === theme)?.icon ?? 'system';
  return (
    <footer className="session">
      <p className="small soft">{session?.role === 'admin' ? 'Administrator' : 'Key of this workspace'}</p>
      <div className="session-buttons">
        <ChoiceMenu
          label="Colours"
          value={theme}
          choices={themeChoices}
          onPick={setTheme}
          trigger={
            <button type="button" className="icon-button" aria-label="Colours" title="Colours">
              <Icon name={icon} />
            </button>
          }
        />
        <Button look="quiet" icon="leave" busy={leave.isPending} onClick={() => leave.mutate()}>
          Sign out
        </Button>
      </div>
    </footer>
  );
}
