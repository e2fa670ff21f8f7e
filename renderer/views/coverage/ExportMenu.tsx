import { Menu } from '@base-ui/react/menu';
import { Download } from 'lucide-react';
import { announce } from '../../client/store.ts';
import { saveFile } from '../../components/save-file.ts';

/** A report in every form in which it can be taken along. */
export interface Exported {
  readonly lines: readonly string[];
  readonly csv: string;
  readonly json: unknown;
}

interface ExportMenuProps {
  /** The file's name, without what tells its form. */
  readonly name: string;
  /** Asks for all that the filter lets through, not only for what is shown. */
  readonly read: () => Promise<Exported | undefined>;
}

/** Takes a report along. */
export function ExportMenu({ name, read }: ExportMenuProps) {
  const withAll = (use: (exported: Exported) => void) => async () => {
    const exported = await read();
    if (exported) use(exported);
  };
  const copy = withAll(({ lines }) => {
    navigator.clipboard.writeText(lines.join('\n')).then(
      () => announce('Copied'),
      () => announce('The clipboard refused'),
    );
  });
  const csv = withAll((exported) => saveFile(`${name}.csv`, 'text/csv', exported.csv));
  const json = withAll((exported) =>
    saveFile(`${name}.json`, 'application/json', `${JSON.stringify(exported.json, null, 2)}\n`),
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
