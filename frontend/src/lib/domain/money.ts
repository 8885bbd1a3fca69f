/* Money is whole minor units and a currency: what is shown is made of the digits, never of a float. */

/** Digits after the point, as ISO 4217 has them. */
export function digitsOf(currency: string): number {
  return formatter(currency).resolvedOptions().maximumFractionDigits ?? 2;
}

/** 2900 EUR as €29.00. */
export function money(minor: number, currency: string, locale?: string): string {
  const text = plain(minor, currency) as Intl.StringNumericLiteral;
  return formatter(currency, locale).format(text);
}

/** 2900 EUR as 29.00, to be typed over. */
export function plain(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  const whole = String(Math.abs(minor)).padStart(digits + 1, '0');
  const cut = whole.length - digits;
  const sign = minor < 0 ? '-' : '';
  return digits === 0 ? sign + whole : `${sign}${whole.slice(0, cut)}.${whole.slice(cut)}`;
}

/** What somebody typed, in minor units; null when it is no amount of that currency. */
export function minorOf(text: string, currency: string): number | null {
  const [, whole, fraction = ''] = /^\s*(\d{1,10})(?:[.,](\d+))?\s*$/.exec(text) ?? [];
  const digits = digitsOf(currency);
  if (whole === undefined || fraction.length > digits) return null;
  return Number(whole + fraction.padEnd(digits, '0'));
}

function formatter(currency: string, locale?: string): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, { style: 'currency', currency });
}
