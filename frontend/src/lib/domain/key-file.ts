/* The key of a board as a file: a page that says what it is, and opens the board by a click. */

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);

export const keyFile = (title: string, link: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>Key to ${escape(title)}</title>
<body>
<h1>${escape(title)}</h1>
<p>This link opens your board on Scorehold, and lets whoever has it change everything on it:</p>
<p><a href="${escape(link)}">${escape(link)}</a></p>
<p>Keep this file where you keep what matters, and give it to nobody who only wants to watch.</p>
</body>
</html>
`;
