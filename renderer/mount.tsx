import './theme/tokens.css';
import './theme/base.css';
import './theme/controls.css';
import './theme/shell.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { ConsoleApi } from '../shared/contract/console-api.ts';
import { App } from './App.tsx';
import { ApiProvider } from './client/api-context.ts';
import { connectStore } from './client/store.ts';
import { readTheme, writeTheme } from './client/theme.ts';

/** Draws the console over an engine, whichever it is; returns what takes it down again. */
export function mount(element: HTMLElement, api: ConsoleApi): () => void {
  writeTheme(readTheme());
  const disconnect = connectStore(api);
  const root = createRoot(element);
  root.render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <ApiProvider value={api}>
          <App />
        </ApiProvider>
      </CSPProvider>
    </StrictMode>,
  );
  return () => {
    root.unmount();
    disconnect();
  };
}
