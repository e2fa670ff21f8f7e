import { Menu } from '@base-ui/react/menu';
import { Download } from 'lucide-react';
import { formatCount } from '../../../shared/domain/format.ts';
import { announce } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { saveFile } from '../../components/save-file.ts';
import type { Export, ExportFormat } from './use-export.ts';

const files: Readonly<Record<ExportFormat, { title: string; extension: string; type: string }>> = {
  text: { title: 'text, as conntrack prints it', extension: 'txt', type: 'text/plain' },
  csv: { title: 'CSV', extension: 'csv', type: 'text/csv' },
  json: { title: 'JSON, an object a line', extension: 'jsonl', type: 'application/json' },
  command: { title: 'conntrack commands', extension: 'sh', type: 'text/plain' },
};
/** More than this is for a file: a clipboard of it would stop the window. */
const mostCopied = 20_000;

interface ExportMenuProps {
  readonly taking: Export;
  readonly matched: number;
  /** What the file's name begins with. */
  readonly name: string;
}

/** Takes along all that the filter lets through, not only what is on the screen. */
export function ExportMenu({ taking, matched, name }: ExportMenuProps) {
  if (taking.taken !== undefined) {
    return (
      <span className="exporting" role="status">
        {formatCount(taking.taken)} of {formatCount(matched)} exported
        <Button size="small" onClick={taking.cancel}>
          Cancel
        </Button>
      </span>
    );
  }
  const copy = (format: ExportFormat) =>
    taking.take(format, (pieces) =>
      navigator.clipboard.writeText(pieces.join('')).then(
        () => announce('Copied'),
        () => announce('The clipboard refused'),
      ),
    );
  const save = (format: ExportFormat) =>
    taking.take(format, (pieces) =>
      saveFile(`${name}.${files[format].extension}`, files[format].type, pieces.join('')),
    );
  const formats = Object.entries(files) as [ExportFormat, (typeof files)[ExportFormat]][];
  return (
    <Menu.Root>
      <Menu.Trigger
        className="button"
        data-size="icon"
        disabled={matched === 0}
        aria-label="Copy or export"
        title="Copy or export all that matches"
      >
        <Download aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end">
          <Menu.Popup className="popup menu">
            {matched <= mostCopied &&
              formats.map(([format, { title }]) => (
                <Menu.Item key={`copy-${format}`} onClick={() => copy(format)}>
                  Copy {formatCount(matched)} as {title}
                </Menu.Item>
              ))}
            {matched <= mostCopied && <Menu.Separator />}
            {formats.map(([format, { title }]) => (
              <Menu.Item key={format} onClick={() => save(format)}>
                Save {formatCount(matched)} as {title}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
