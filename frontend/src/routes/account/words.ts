/* Refusals that deserve better words than the server's, which cannot see the page. */

export const MAIL_WORDS = {
  mail_disabled: 'This server sends no mail. Ask whoever runs it for help.',
  rate_limited: 'That was asked for often. Wait a little, then try again.',
};

export const PASSWORD_WORDS = {
  wrong_password: 'This is not your present password.',
};
