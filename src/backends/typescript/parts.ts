const SCRATCH = new DataView(new ArrayBuffer(8));

/** The integer of 64 bits in two halves. */
function u64(high: number, low: number): bigint {
  SCRATCH.setUint32(0, high);
  SCRATCH.setUint32(4, low);
  return SCRATCH.getBigUint64(0);
}

/** The signed integer of 64 bits in two halves. */
function i64(high: number, low: number): bigint {
  SCRATCH.setUint32(0, high);
  SCRATCH.setUint32(4, low);
  return SCRATCH.getBigInt64(0);
}

/** Writes the lowest bytes of an integer. */
function storeBig(out: Uint8Array, at: number, size: number, value: bigint, little: boolean): void {
  SCRATCH.setBigUint64(0, value);
  for (let i = 0; i < size; i++) {
    out[at + (little ? i : size - 1 - i)] = SCRATCH.getUint8(7 - i);
  }
}

/** Writes the lowest bytes of an integer of up to 53 bits. */
function store(out: Uint8Array, at: number, size: number, value: number, little: boolean): void {
  const high = Math.floor(value / 0x1_0000_0000);
  for (let i = 0; i < size; i++) {
    out[at + (little ? i : size - 1 - i)] = i < 4 ? value >>> (8 * i) : high >>> (8 * i - 32);
  }
}

/** The integer that decimal digits make; nothing where they make none, or are more than `most`. */
function decimal(bytes: Uint8Array, from: number, to: number, most: number, signed: boolean): number | undefined {
  const first = signed && bytes[from] === 0x2d ? from + 1 : from;
  if (first >= to || to - first > most) {
    return undefined;
  }
  let value = 0;
  for (let i = first; i < to; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) {
      return undefined;
    }
    value = value * 10 + digit;
  }
  return first > from ? 0 - value : value;
}

/** The same of an integer of more than 53 bits. */
function bigDecimal(bytes: Uint8Array, from: number, to: number, most: number, signed: boolean): bigint | undefined {
  const first = signed && bytes[from] === 0x2d ? from + 1 : from;
  const middle = Math.max(first, to - 15);
  const low = decimal(bytes, middle, to, most, false);
  const high = first < middle ? decimal(bytes, first, middle, most - 15, false) : 0;
  if (low === undefined || high === undefined) {
    return undefined;
  }
  const value = BigInt(high) * 1_000_000_000_000_000n + BigInt(low);
  return first > from ? -value : value;
}

/** Whether decimal digits are no more than their integer needs. */
function isMinimal(bytes: Uint8Array, from: number, to: number): boolean {
  return bytes[bytes[from] === 0x2d ? from + 1 : from] !== 0x30 || to - from === 1;
}

/** Writes decimal digits and gives how many they are. */
function storeDigits(out: Uint8Array, at: number, digits: string): number {
  for (let i = 0; i < digits.length; i++) {
    out[at + i] = digits.charCodeAt(i);
  }
  return digits.length;
}

/** An integer of the caller's, of up to 53 bits. */
function integer(value: number | undefined, low: number, high: number, field: string): number {
  if (value === undefined) {
    throw new EncodeError("missing-field", field);
  }
  if (!Number.isInteger(value)) {
    throw new EncodeError("wrong-type", field);
  }
  if (value < low || value > high) {
    throw new EncodeError("does-not-fit", field);
  }
  return value;
}

/** An integer of the caller's, of more than 53 bits. */
function big(value: bigint | undefined, low: bigint, high: bigint, field: string): bigint {
  if (value === undefined) {
    throw new EncodeError("missing-field", field);
  }
  if (typeof value !== "bigint") {
    throw new EncodeError("wrong-type", field);
  }
  if (value < low || value > high) {
    throw new EncodeError("does-not-fit", field);
  }
  return value;
}

/** Bytes of the caller's. Those of another realm are as good. */
function bytesOf(value: Uint8Array | undefined, field: string): Uint8Array {
  if (value === undefined) {
    throw new EncodeError("missing-field", field);
  }
  if (!ArrayBuffer.isView(value) || value.BYTES_PER_ELEMENT !== 1) {
    throw new EncodeError("wrong-type", field);
  }
  return value;
}

/** Text of the caller's in UTF-8, which has no halves of surrogate pairs. */
function utf8Of(value: string | undefined, field: string): Uint8Array {
  if (value === undefined) {
    throw new EncodeError("missing-field", field);
  }
  if (typeof value !== "string") {
    throw new EncodeError("wrong-type", field);
  }
  if (/\p{Surrogate}/u.test(value)) {
    throw new EncodeError("bad-body", field);
  }
  return new TextEncoder().encode(value);
}

/** Bytes combined with those of a key in turn, by exclusive or: done twice, it is undone. Without a key they are the same. */
function withMask(bytes: Uint8Array, key: Uint8Array | undefined): Uint8Array {
  if (key === undefined || key.length === 0) {
    return bytes;
  }
  const out = new Uint8Array(bytes.length);
  for (let i = 0, j = 0; i < bytes.length; i++) {
    out[i] = bytes[i]! ^ key[j]!;
    j = j + 1 === key.length ? 0 : j + 1;
  }
  return out;
}

/** The value of a length: bytes by units. */
function counted(bytes: number, unit: number, low: number, high: number, field: string): number {
  if (bytes % unit !== 0) {
    throw new EncodeError("wrong-size", field);
  }
  return integer(bytes / unit, low, high, field);
}

/** Refuses what is given though its condition does not hold. */
function absent(value: unknown, field: string): void {
  if (value !== undefined) {
    throw new EncodeError("unknown-field", field);
  }
}

/** What may end a field: what ends first does, of two that end together the longer. */
type Delimiters = readonly (readonly number[])[];

/** Bytes of a field on the wire. The first delimiter to be found must be the one at its end. */
function delimited(
  content: Uint8Array,
  delimiters: Delimiters,
  kept: boolean,
  max: number,
  field: string,
): number {
  const delimiter = kept ? [] : (delimiters[0] ?? []);
  const wire = new Uint8Array(content.length + delimiter.length);
  wire.set(content);
  wire.set(delimiter, content.length);
  const end = find(wire, 0, wire.length, delimiters);
  if (end < 0) {
    throw new EncodeError("wrong-size", field);
  }
  const size = ending(wire, 0, end, delimiters);
  if (end < wire.length || (!kept && end - size < content.length)) {
    throw new EncodeError("contains-delimiter", field);
  }
  if (end - size > max) {
    throw new EncodeError("wrong-size", field);
  }
  return end;
}

/** One past the first delimiter; -1 where there is none. */
function find(bytes: Uint8Array, from: number, to: number, delimiters: Delimiters): number {
  for (let at = from; ; at++) {
    at = position(bytes, at, to, delimiters);
    if (at < 0 || ending(bytes, from, at + 1, delimiters) > 0) {
      return at < 0 ? -1 : at + 1;
    }
  }
}

/** The first byte with which a delimiter could end; -1 where there is none. */
function position(bytes: Uint8Array, from: number, to: number, delimiters: Delimiters): number {
  const last = delimiters[0]?.at(-1);
  const same = delimiters.every((delimiter) => delimiter.at(-1) === last);
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === last || (!same && delimiters.some((delimiter) => delimiter.at(-1) === byte))) {
      return at;
    }
  }
  return -1;
}

/** The size of the longest delimiter that stands at the end; 0 where none does. */
function ending(bytes: Uint8Array, from: number, to: number, delimiters: Delimiters): number {
  let longest = 0;
  for (const delimiter of delimiters) {
    const size = delimiter.length;
    if (size > longest && size <= to - from) {
      let same = 0;
      while (same < size && delimiter[same] === bytes[to - size + same]) {
        same++;
      }
      if (same === size) {
        longest = size;
      }
    }
  }
  return longest;
}

/** How many bytes of a constant are still to come; -1 where one of them is wrong. */
function missing(constant: readonly number[], bytes: Uint8Array, from: number, to: number): number {
  const come = Math.min(to - from, constant.length);
  for (let i = 0; i < come; i++) {
    if (bytes[from + i] !== constant[i]) {
      return -1;
    }
  }
  return constant.length - come;
}

/** Which of the texts begins there, of those of up to `room` bytes; their number where none does, -1 where more bytes tell. */
function told(bytes: Uint8Array, from: number, to: number, room: number, texts: Delimiters): number {
  let found = texts.length;
  for (const [value, text] of texts.entries()) {
    const left = text.length <= room ? missing(text, bytes, from, to) : -1;
    if (left === 0) {
      return value;
    }
    if (left > 0) {
      found = -1;
    }
  }
  return found;
}

/** Bytes up to the next multiple of `to`. */
function padding(pos: number, to: number): number {
  return (to - (pos % to)) % to;
}

/** What the first byte of a MessagePack object says. */
interface MsgpackHead {
  /** Bytes of the size that follows it. */
  readonly sizeBytes: number;
  /** Bytes after those, whatever the size says. */
  readonly fixed: number;
  /** Objects inside for each unit of the size; 0 where it counts bytes. */
  readonly perUnit: number;
  /** The size, where the first byte holds it. */
  readonly size: number;
}

/** By first byte. 0xc1 begins no object (the MessagePack specification, "Formats"). */
const MSGPACK_HEADS: readonly (MsgpackHead | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const head = (sizeBytes: number, fixed: number, perUnit: number, size: number): MsgpackHead => {
    return { sizeBytes, fixed, perUnit, size };
  };
  if (byte < 0x80 || byte >= 0xe0) {
    return head(0, 0, 0, 0);
  }
  if (byte < 0xa0) {
    return head(0, 0, byte < 0x90 ? 2 : 1, byte & 0x0f);
  }
  if (byte < 0xc0) {
    return head(0, 0, 0, byte & 0x1f);
  }
  const sized: Record<number, MsgpackHead> = {
    0xc4: head(1, 0, 0, 0),
    0xc5: head(2, 0, 0, 0),
    0xc6: head(4, 0, 0, 0),
    0xc7: head(1, 1, 0, 0),
    0xc8: head(2, 1, 0, 0),
    0xc9: head(4, 1, 0, 0),
    0xd9: head(1, 0, 0, 0),
    0xda: head(2, 0, 0, 0),
    0xdb: head(4, 0, 0, 0),
    0xdc: head(2, 0, 1, 0),
    0xdd: head(4, 0, 1, 0),
    0xde: head(2, 0, 2, 0),
    0xdf: head(4, 0, 2, 0),
  };
  const fixed = [0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17][byte - 0xc0] ?? 0;
  return fixed < 0 ? undefined : (sized[byte] ?? head(0, fixed, 0, 0));
});

/** The size that stands behind the first byte of a MessagePack object, or in it. */
function msgpackCount(head: MsgpackHead, bytes: Uint8Array, from: number): number {
  let size = head.size;
  for (let i = 0; i < head.sizeBytes; i++) {
    size = size * 256 + bytes[from + i]!;
  }
  return size;
}

/** Bytes of the MessagePack object at the front; -1 where it is not all there, or needs more than `room`. */
function msgpackSize(bytes: Uint8Array, from: number, to: number, room: number): number {
  const most = Math.min(to - from, room);
  let at = 0;
  for (let pending = 1; pending > 0; pending--) {
    const head = at < most ? MSGPACK_HEADS[bytes[from + at]!] : undefined;
    if (head === undefined || at + 1 + head.sizeBytes > most) {
      return -1;
    }
    const count = msgpackCount(head, bytes, from + at + 1);
    at += 1 + head.sizeBytes + head.fixed + (head.perUnit === 0 ? count : 0);
    pending += count * head.perUnit;
    if (at + pending - 1 > most) {
      return -1;
    }
  }
  return at;
}

/** Exactly one MessagePack object. */
function isMsgpack(bytes: Uint8Array, from: number, to: number): boolean {
  return msgpackSize(bytes, from, to, to - from) === to - from;
}

/** Text from UTF-8 (RFC 3629), a byte order mark included; nothing where it is something else. */
function textOf(bytes: Uint8Array, from: number, to: number): string | undefined {
  let text = "";
  if (to - from <= 16) {
    let at = from;
    while (at < to && bytes[at]! < 0x80) {
      text += String.fromCharCode(bytes[at++]!);
    }
    if (at === to) {
      return text;
    }
  }
  return isUtf8(bytes, from, to) ? UTF8.decode(bytes.subarray(from, to)) : undefined;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 (RFC 3629). */
function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    const first = bytes[at++]!;
    if (first < 0x80) {
      continue;
    }
    const more = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
    if (more === 0 || to - at < more) {
      return false;
    }
    // No overlong forms, no surrogates, nothing above U+10FFFF.
    const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    const second = bytes[at]!;
    if (second < low || second > high) {
      return false;
    }
    for (let i = 1; i < more; i++) {
      if ((bytes[at + i]! & 0xc0) !== 0x80) {
        return false;
      }
    }
    at += more;
  }
  return true;
}

/** One JSON text (RFC 8259) in UTF-8, at most 128 deep. */
function isJson(bytes: Uint8Array, from: number, to: number): boolean {
  if (!isUtf8(bytes, from, to)) {
    return false;
  }
  // The closing bytes of what is open.
  const open: number[] = [];
  let at = jsonSpace(bytes, from, to);
  for (;;) {
    const first = at < to ? bytes[at]! : 0;
    if (first === 0x7b || first === 0x5b) {
      if (open.length === 128) {
        return false;
      }
      const closing = first + 2;
      at = jsonSpace(bytes, at + 1, to);
      if (at < to && bytes[at] === closing) {
        at++;
      } else {
        open.push(closing);
        at = first === 0x7b ? jsonKey(bytes, at, to) : at;
        if (at < 0) {
          return false;
        }
        continue;
      }
    } else {
      at = jsonScalar(bytes, at, to);
      if (at < 0) {
        return false;
      }
    }
    for (;;) {
      at = jsonSpace(bytes, at, to);
      const closing = open.at(-1);
      if (closing === undefined) {
        return at === to;
      }
      const next = at < to ? bytes[at]! : 0;
      at++;
      if (next === closing) {
        open.pop();
      } else if (next === 0x2c) {
        at = jsonSpace(bytes, at, to);
        at = closing === 0x7d ? jsonKey(bytes, at, to) : at;
        if (at < 0) {
          return false;
        }
        break;
      } else {
        return false;
      }
    }
  }
}

function jsonSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09)) {
    at++;
  }
  return at;
}

/** One past a member's name, its colon and the space behind it; -1 where there is none. */
function jsonKey(bytes: Uint8Array, from: number, to: number): number {
  const end = from < to && bytes[from] === 0x22 ? jsonString(bytes, from + 1, to) : -1;
  const colon = end < 0 ? -1 : jsonSpace(bytes, end, to);
  return colon >= 0 && colon < to && bytes[colon] === 0x3a ? jsonSpace(bytes, colon + 1, to) : -1;
}

/** One past a string, a number or a word; -1 where there is none. */
function jsonScalar(bytes: Uint8Array, from: number, to: number): number {
  const first = from < to ? bytes[from] : undefined;
  switch (first) {
    case 0x22:
      return jsonString(bytes, from + 1, to);
    case 0x74:
      return jsonWord(bytes, from, to, "true");
    case 0x66:
      return jsonWord(bytes, from, to, "false");
    case 0x6e:
      return jsonWord(bytes, from, to, "null");
    default:
      return jsonNumber(bytes, from, to);
  }
}

function jsonWord(bytes: Uint8Array, from: number, to: number, word: string): number {
  if (to - from < word.length) {
    return -1;
  }
  for (let i = 0; i < word.length; i++) {
    if (bytes[from + i] !== word.charCodeAt(i)) {
      return -1;
    }
  }
  return from + word.length;
}

/** One past the closing quotation mark. */
function jsonString(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const byte = bytes[at++]!;
    if (byte === 0x22) {
      return at;
    }
    if (byte < 0x20) {
      return -1;
    }
    if (byte === 0x5c) {
      const escape = at < to ? String.fromCharCode(bytes[at++]!) : "";
      if (escape === "u") {
        for (const end = at + 4; at < end; at++) {
          if (at >= to || !/[0-9a-fA-F]/.test(String.fromCharCode(bytes[at]!))) {
            return -1;
          }
        }
      } else if (!/["\\/bfnrt]/.test(escape)) {
        return -1;
      }
    }
  }
  return -1;
}

function jsonNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from < to && bytes[from] === 0x2d ? from + 1 : from;
  at = at < to && bytes[at] === 0x30 ? at + 1 : jsonDigits(bytes, at, to);
  if (at >= 0 && at < to && bytes[at] === 0x2e) {
    at = jsonDigits(bytes, at + 1, to);
  }
  if (at >= 0 && at < to && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at++;
    at = at < to && (bytes[at] === 0x2b || bytes[at] === 0x2d) ? at + 1 : at;
    at = jsonDigits(bytes, at, to);
  }
  return at;
}

/** One past at least one digit; -1 where there is none. */
function jsonDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) {
    at++;
  }
  return at > from ? at : -1;
}

/** Whether bytes are not the first of a digest. */
function differs(bytes: Uint8Array, digest: Uint8Array): boolean {
  return bytes.some((byte, i) => byte !== digest[i]);
}

const SHA256_ROUNDS = Uint32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

/** The SHA-256 (FIPS 180-4) of these bytes, one part behind the other. */
function sha256(parts: readonly Uint8Array[]): Uint8Array {
  const state = new Uint32Array([
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]);
  const block = new DataView(new ArrayBuffer(64));
  let size = 0;
  for (const part of parts) {
    for (const byte of part) {
      block.setUint8(size++ % 64, byte);
      if (size % 64 === 0) {
        sha256Block(state, block);
      }
    }
  }
  const bits = size * 8;
  block.setUint8(size++ % 64, 0x80);
  for (; size % 64 !== 56; size++) {
    if (size % 64 === 0) {
      sha256Block(state, block);
    }
    block.setUint8(size % 64, 0);
  }
  block.setUint32(56, Math.floor(bits / 0x1_0000_0000));
  block.setUint32(60, bits >>> 0);
  sha256Block(state, block);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => digest.setUint32(4 * i, word));
  return new Uint8Array(digest.buffer);
}

/** Takes another 64 bytes. */
function sha256Block(state: Uint32Array, block: DataView): void {
  const words = new Uint32Array(64);
  for (let i = 0; i < 64; i++) {
    if (i < 16) {
      words[i] = block.getUint32(4 * i);
      continue;
    }
    const [one, other] = [words[i - 15]!, words[i - 2]!];
    const low = turned(one, 7) ^ turned(one, 18) ^ (one >>> 3);
    const high = turned(other, 17) ^ turned(other, 19) ^ (other >>> 10);
    words[i] = words[i - 16]! + low + words[i - 7]! + high;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const choice = (e & f) ^ (~e & g);
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + choice + SHA256_ROUNDS[i]! + words[i]!) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority;
    [a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = state[i]! + word;
  });
}

/** 32 bits turned to the right. */
function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
