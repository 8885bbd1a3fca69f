// Generates the types of the API from the committed document. A test compares the file with what
// this gives, so that the two never drift apart.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';

const DOCUMENT = new URL('../../openapi/openapi.json', import.meta.url);
export const TYPES = new URL('../src/lib/api/schema.d.ts', import.meta.url);

/** A field with a default may be left out of a request. */
export const generate = async () =>
  COMMENT_HEADER + astToString(await openapiTS(DOCUMENT, { defaultNonNullable: false }));

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TYPES, await generate());
