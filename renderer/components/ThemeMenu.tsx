import { Menu } from '@base-ui/react/menu';
import { Check, Monitor, Moon, Sun } from 'lucide-react';
import { setTheme, useConsole } from '../client/store.ts';
import { type Theme, themes } from '../client/theme.ts';

const looks: Record<Theme, { word: string; Icon: typeof Sun }> = {
  system: { word: 'As the system', Icon: Monitor },
  light: { word: 'Light', Icon: Sun },
  dark: { word: 'Dark', Icon: Moon },
};

export function ThemeMenu() {
  const theme = useConsole((state) => state.theme);
  const { Icon } = looks[theme];
  return (
    <Menu.Root>
      <Menu.Trigger className="button" data-size="icon" aria-label="Theme" title="Theme">
        <Icon aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end">
          <Menu.Popup className="popup menu" aria-label="Theme">
            <Menu.RadioGroup
              value={theme}
              onValueChange={(value) => setTheme(themes.find((each) => each === value) ?? 'system')}
            >
              {themes.map((each) => (
                <Menu.RadioItem key={each} value={each} closeOnClick>
                  <span className="icon">
                    {each === theme && <Check className="icon" aria-hidden="true" />}
                  </span>
                  {looks[each].word}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
