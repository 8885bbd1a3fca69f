import { test } from '../support/test.ts';

const BARS = [
  ['Noor', 64, 100],
  ['Tomás', 59, 92],
  ['Grace', 51, 80],
  ['Linh', 48, 75],
] as const;

/* What a chat shows beside a shared link: 1200 x 630, the size that Open Graph readers expect. */
test.use({ viewport: { width: 1200, height: 630 }, colorScheme: 'light' });

test('the preview of a shared board', async ({ page }) => {
  await page.goto('/');
  await page.evaluate(async (bars) => {
    const element = (style: string, text = '', children: HTMLElement[] = []) => {
      const made = document.createElement('div');
      made.style.cssText = style;
      made.textContent = text;
      made.append(...children);
      return made;
    };
    const logo = document.createElement('img');
    logo.src = '/favicon.svg';
    logo.style.cssText = 'width:96px;height:96px';
    const rows = bars.map(([name, points, share], index) =>
      element('display:flex;align-items:center;gap:20px', '', [
        element('width:110px;font-size:28px;font-weight:600', name),
        element(
          `height:52px;width:${share * 3.1}px;border-radius:12px;` +
            `background:${index === 0 ? 'var(--accent)' : 'var(--line)'}`,
        ),
        element('font-size:32px;font-weight:700;font-variant-numeric:tabular-nums', `${points}`),
      ]),
    );
    const words = element('display:grid;gap:28px;width:470px', '', [
      logo,
      element('font-size:80px;font-weight:800;letter-spacing:-0.03em;line-height:1', 'Scorehold'),
      element(
        'font-size:34px;line-height:1.3;color:var(--muted)',
        'The scoreboard that cannot lose your scores.',
      ),
    ]);
    const table = element('display:grid;gap:24px', '', rows);
    document.body.replaceChildren(
      element(
        'position:fixed;inset:0;display:flex;align-items:center;justify-content:space-between;' +
          'padding:0 72px;background:var(--bg);color:var(--ink);font-family:inherit',
        '',
        [words, table],
      ),
    );
    await logo.decode();
    await document.fonts.ready;
  }, BARS);
  await page.screenshot({ path: 'public/preview.png' });
});
