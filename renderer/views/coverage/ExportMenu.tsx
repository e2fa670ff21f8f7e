import { Menu } from '@base-ui/react/menu';
import { Download } from 'lucide-react';
import type { CoverageReport } from '../../../shared/domain/coverage.ts';
import { coverageJson } from '../../../shared/domain/coverage-report.ts';
import { announce } from '../../client/store.ts';
import { saveFile } from '../../components/save-file.ts';
import { reportCsv, rowLine } from './coverage-model.ts';
import type { Coverage } from './use-coverage.ts';

/** Takes along what the filter lets through, all of it and not only what is shown. */
export function ExportMenu({ coverage, cluster }: { coverage: Coverage; cluster: string }) {
  const withAll = (use: (report: CoverageReport) => void) => async () => {
    const report = (await coverage.readAll())?.report;
    if (report) use(report);
  };
  const copy = withAll((report) => {
    const lines = report.slaves.flatMap(({ connections }) => connections.map(rowLine));
    navigator.clipboard.writeText(lines.join('\n')).then(
      () => announce('Copied'),
      () => announce('The clipboard refused'),
    );
  });
  const name = `coverage-${cluster}`;
  const csv = withAll((report) => saveFile(`${name}.csv`, 'text/csv', reportCsv(report)));
  const json = withAll((report) =>
    saveFile(`${name}.json`, 'application/json', `${JSON.stringify(coverageJson(report), null, 2)}\n`),
  );
  return (
    <Menu.Root>
      <Menu.Trigger className="button">
        <Download aria-hidden="true" />
        Copy or export
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end">
          <Menu.Popup className="popup menu">
            <Menu.Item onClick={copy}>Copy as text</Menu.Item>
            <Menu.Item onClick={csv}>Save as CSV</Menu.Item>
            <Menu.Item onClick={json}>Save as JSON</Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
