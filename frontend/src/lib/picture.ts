/* A picture on its way to the server, small enough for it. */

/** What the server takes; a camera's picture is far larger, and a logo is shown 40 pixels high. */
const LARGEST = 256 * 1024;
const LONGEST = 512;

export async function base64Of(file: Blob): Promise<string> {
  return encode(await bytes(file.size > LARGEST ? await smaller(file) : file));
}

/** Drawn anew, which also leaves behind where and when it was taken. */
async function smaller(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = new OffscreenCanvas(image.width * scale, image.height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.9 });
}

const bytes = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

function encode(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
