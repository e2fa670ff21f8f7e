import { useEffect } from 'react';
import { nextNotices, type Told } from '../../shared/domain/alert-notice.ts';
import { summaryOf } from '../../shared/domain/fleet-summary.ts';
import { navigate, useConsole } from '../client/store.ts';

/** What happens within this time (ms) is said together; what came and went within it, not at all. */
const gatherMs = 1_500;

/** Whether this page may tell of alerts by itself: in Electron its host does, elsewhere only by the operator's leave. */
export const mayAskForNotices = (): boolean =>
  'Notification' in window && Notification.permission === 'default';

/** Tells of alerts by the browser's notifications while the page lies behind others, if the operator allowed it. */
export function useBrowserNotices(): void {
  const inBrowser = useConsole((state) => state.info?.host === 'browser');
  useEffect(() => {
    if (!inBrowser || !('Notification' in window)) return;
    let told: Told | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = () => {
      timer = undefined;
      const { fleet } = useConsole.getState();
      if (fleet === undefined) return;
      const summary = summaryOf(fleet);
      const next = nextNotices(told ?? { summary, raisedAt: {} }, summary, Date.now());
      told = next.told;
      if (Notification.permission !== 'granted' || document.hasFocus()) return;
      for (const { title, body, cluster } of next.notices) {
        const notification = new Notification(title, { body, tag: `${cluster} ${title}` });
        notification.onclick = () => {
          window.focus();
          navigate({ view: 'cluster', cluster });
        };
      }
    };
    say();
    const stop = useConsole.subscribe(({ fleet }, { fleet: before }) => {
      if (fleet !== before) timer ??= setTimeout(say, gatherMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [inBrowser]);
}
