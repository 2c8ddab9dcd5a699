import type { Findings } from './findings.ts';

/** Lines of one kind that are printed; `--json` has them all. */
const LINES_MAX = 40;
const LINE_MAX = 160;

/** For people, in the order in which they need it: what to mend first. */
export function report(url: string, findings: Findings): string {
  const { fields, texts, addresses, attributes, products, files, framed, secrets } = findings;
  const flagged = secrets.map(({ kind, value, where }) => `${kind}: ${value}   (${where})`);
  return [
    `What an agent would get to see of ${url}`,
    section('Looks like somebody’s own, and leaves', flagged, 'nothing'),
    section(
      'Fields, filled with samples',
      fields.map(({ label, type, leaves }) => `${leaves.padEnd(9)}  ${label} (${type})`),
      'none',
    ),
    section('Address of the page', addresses.page, 'none'),
    section('Texts, titles and labels', texts, 'none'),
    section('Where links and forms lead', addresses.links, 'nowhere'),
    section('What is loaded to draw it', addresses.resources, 'nothing'),
    section('Other attributes', attributes, 'none that says anything'),
    section('Products', products, 'none'),
    section(
      'Sent as files',
      [
        ...(files.pictures > 0 ? [`${files.pictures} pictures of canvases and images`] : []),
        ...(files.fonts > 0 ? [`${files.fonts} fonts`] : []),
      ],
      'none at first; the agent’s browser may ask for pictures and fonts that it cannot load itself',
    ),
    section(
      'Frames of other origins, boxes in this picture (where such a page has the script tag as well, agents see it: check it by its own address)',
      framed,
      'none',
    ),
    secrets.length === 0
      ? 'Nothing that leaves looks like somebody’s own.'
      : `${secrets.length} ${secrets.length === 1 ? 'thing looks' : 'things look'} like somebody’s own. Mark what is private with data-mostrador-mask or data-mostrador-block.`,
  ].join('\n\n');
}

function section(title: string, lines: readonly string[], none: string): string {
  const shown = lines.slice(0, LINES_MAX).map((line) => `  ${plain(line)}`);
  const more = lines.length > LINES_MAX ? [`  … and ${lines.length - LINES_MAX} more (--json has them all)`] : [];
  return [`${title}:`, ...(lines.length === 0 ? [`  ${none}`] : shown), ...more].join('\n');
}

/** What a page says is not to steer the terminal. */
function plain(line: string): string {
  const safe = line.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
  return safe.length > LINE_MAX ? `${safe.slice(0, LINE_MAX)}…` : safe;
}
