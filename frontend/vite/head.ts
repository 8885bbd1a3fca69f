import type { Plugin } from 'vite';

/** In development Vite serves index.html, so it names the demo board as the server would. */
export function demoMeta(): Plugin {
  const slug = process.env.SCOREHOLD_DEV_DEMO ?? 'd3m0b04rd0';
  return {
    name: 'scorehold:demo-meta',
    apply: 'serve',
    transformIndexHtml: (html) =>
      html.replace('<!--scorehold:head-->', `<meta name="scorehold:demo" content="${slug}" />`),
  };
}

/**
 * The page is empty until the app runs, so waiting for it costs nothing, and the first paint
 * already has the chosen theme and the right font.
 */
export function firstPaint(): Plugin {
  return {
    name: 'scorehold:first-paint',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const font = Object.keys(bundle ?? {}).find((name) => /inter-latin-wght-normal/.test(name));
        if (!font) throw new Error('the latin font is not in the bundle');
        const preload = {
          rel: 'preload',
          href: `/${font}`,
          as: 'font',
          type: 'font/woff2',
          crossorigin: '',
        };
        return {
          html: html.replace('<script type="module"', '<script type="module" blocking="render"'),
          tags: [{ tag: 'link', attrs: preload, injectTo: 'head' }],
        };
      },
    },
  };
}
