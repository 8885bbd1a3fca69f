/* The distribution's Chromium, told to keep to itself. */

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const BROWSER = {
  browserName: 'chromium',
  locale: 'en-US',
  viewport: { width: 1280, height: 800 },
  launchOptions: {
    executablePath: process.env.SCOREHOLD_E2E_BROWSER ?? '/usr/bin/chromium',
    args: QUIET,
  },
} as const;

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
