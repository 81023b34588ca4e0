/** The coordinates in a photo's EXIF and in its XMP, which no caller may see. */
export const coordinates = Buffer.from("LATITUDELONGITUDE-HERE--");

type Order = "II" | "MM";

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** A TIFF structure with an image directory, and in it an EXIF directory and a GPS directory with the coordinates. */
export function tiff(order: Order): Buffer {
  const bytes = Buffer.alloc(200);
  const u16 = (value: number, at: number) => (order === "II" ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at));
  const u32 = (value: number, at: number) => (order === "II" ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at));
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    u16(tag, at);
    u16(type, at + 2);
    u32(count, at + 4);
    u32(value, at + 8);
  };
  bytes.write(order);
  u16(42, 2);
  u32(8, 4);
  u16(3, 8);
  entry(10, 0x010f, 2, 6, 50); // Make
  entry(22, 0x8769, 4, 1, 60); // ExifIFD
  entry(34, 0x8825, 4, 1, 100); // GPSInfo
  u32(0, 46);
  bytes.write("Maker\0", 50);
  u16(1, 60);
  entry(62, 0x9003, 2, 20, 80); // DateTimeOriginal
  bytes.write("2026:01:02 03:04:05\0", 80);
  u16(2, 100);
  entry(102, 1, 2, 2, 0x4e); // GPSLatitudeRef
  entry(114, 2, 5, 3, 140); // GPSLatitude: three rationals
  coordinates.copy(bytes, 140);
  return bytes;
}

/** A JPEG file as far as its header goes, then bytes that stand for the picture. */
export function photo(order: Order = "II", exif: Buffer = tiff(order)): Buffer {
  const xmp = `http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude="${coordinates}"/>`;
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from("JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0", "latin1")),
    segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exif])),
    segment(0xe1, Buffer.from(xmp)),
    Buffer.from([0xff, 0xff]),
    segment(0xfe, Buffer.from("a comment")).subarray(1),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.alloc(5000, "picture"),
    Buffer.from([0xff, 0xd9]),
  ]);
}
