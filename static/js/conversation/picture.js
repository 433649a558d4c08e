// Scales a picture down before it is sent, and draws its preview. On a canvas: the content security policy allows no blob:.

const MAX_SIDE = 1600; // pixels, as on the server
const PREVIEW_SIDE = 96; // pixels
const MAX_BYTES = 500_000; // of a picture that is sent as it is
const QUALITY = 0.85;

/**
 * Draw the picture `file` on the canvas `preview`. Resolves to a smaller File, or to `file` itself if it is small enough or
 * this browser cannot decode it.
 */
export async function preparePicture(file, preview) {
  let bitmap;
  try {
    bitmap = await decode(file);
  } catch {
    preview.hidden = true;
    return file;
  }
  draw(bitmap, preview, PREVIEW_SIDE);
  preview.hidden = false;
  if (Math.max(bitmap.width, bitmap.height) <= MAX_SIDE && file.size <= MAX_BYTES) return file;
  const canvas = document.createElement("canvas");
  draw(bitmap, canvas, MAX_SIDE);
  bitmap.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return blob && blob.size < file.size ? new File([blob], "picture.jpg", { type: blob.type }) : file;
}

/** Return the size of a picture in which neither side is longer than `side`, with at least one pixel. */
export function sizeWithin({ width, height }, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return createImageBitmap(file); // Chrome before version 112 does not know the option, and turns the picture
  }
}

function draw(bitmap, canvas, side) {
  const { width, height } = sizeWithin(bitmap, side);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // JPEG has no transparency
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
}
