// How large a picture unfolds, read from its first bytes: a few kilobytes can be gigabytes.

// Enough for what cameras put before the size: a preview, a place, a colour profile.
const HEAD = 512 * 1024;
const MOST_POINTS = 50_000_000;

// Returns why `file` is too large to be opened, in words, or nothing.
export async function whyTooLarge(file) {
  const head = new DataView(await file.slice(0, HEAD).arrayBuffer());
  const size = sizeOf(head);
  if (!size || size.width * size.height <= MOST_POINTS) return "";
  const [width, height] = [size.width, size.height].map((side) => side.toLocaleString("en-US"));
  return `This picture has ${width} x ${height} points; at most ${MOST_POINTS / 1_000_000} million can be taken in.`;
}

function sizeOf(head) {
  try {
    const start = head.getUint32(0);
    if (start === 0x89504e47) return { width: head.getUint32(16), height: head.getUint32(20) };
    if (start === 0x52494646) return ofWebp(head);
    return start >>> 16 === 0xffd8 ? ofJpeg(head) : null;
  } catch (error) {
    // A head cut short tells no size; the browser then says whether it can be read.
    if (!(error instanceof RangeError)) throw error;
    return null;
  }
}

function ofJpeg(head) {
  let at = 2;
  while (!isFrame(head.getUint8(at + 1))) at += 2 + head.getUint16(at + 2);
  return { height: head.getUint16(at + 5), width: head.getUint16(at + 7) };
}

// All between C0 and CF begin a picture, but for three that hold tables.
const isFrame = (marker) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

// Lengths there stand with their low byte first.
function ofWebp(head) {
  const at = 20;
  const three = (place) => head.getUint16(place, true) | (head.getUint8(place + 2) << 16);
  switch (head.getUint32(12)) {
    case 0x56503858:
      return { width: three(at + 4) + 1, height: three(at + 7) + 1 };
    case 0x5650384c: {
      const bits = head.getUint32(at + 1, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    default:
      return { width: head.getUint16(at + 6, true) & 0x3fff, height: head.getUint16(at + 8, true) & 0x3fff };
  }
}
