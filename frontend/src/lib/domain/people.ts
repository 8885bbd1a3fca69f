/* Bounds of what people say of themselves. */

/** The longest name that the server takes. */
export const MAX_PERSON_NAME = 60;
