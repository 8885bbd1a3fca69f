/* A QR code as one path: each run of dark modules in a row is one rectangle of the grid. */

/** Light modules around the code, without which scanners do not find it. */
export const QUIET = 4;

export function qrPath(rows: boolean[][]): string {
  return rows.flatMap((row, y) => runs(row).map(([x, width]) => bar(x, y, width))).join('');
}

const bar = (x: number, y: number, width: number) =>
  `M${x + QUIET} ${y + QUIET}h${width}v1h-${width}z`;

/** Where runs of dark begin, and how long they are. */
function runs(row: boolean[]): [number, number][] {
  const found: [number, number][] = [];
  row.forEach((dark, x) => {
    const last = found.at(-1);
    if (!dark) return;
    if (last && last[0] + last[1] === x) last[1]++;
    else found.push([x, 1]);
  });
  return found;
}
