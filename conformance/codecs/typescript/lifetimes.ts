/** Frames stay as they were told: for good, or with `reuse` until the next push. Chunks of all sizes, some pushed ahead. */

import { Decoder, encode, type Frame } from "./record.js";

let seed = 7;

/** Less than `n`. */
function below(n: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % n;
}

function told(frame: Frame): string {
  return `${frame.session} ${frame.opcode} ${Buffer.from(frame.payload).toString("latin1")}`;
}

/** Decodes a stream, and looks at its frames as long as they are good. */
function decode(stream: Uint8Array, most: number, reuse: boolean): string[] {
  const decoder = new Decoder({ reuse });
  const frames: string[] = [];
  let live: [Frame, string][] = [];
  const look = () => {
    for (const [frame, before] of live) {
      if (told(frame) !== before) {
        throw new Error(`frame ${frame.session} has changed`);
      }
    }
    if (reuse) {
      live = [];
    }
  };
  for (let at = 0; at < stream.length; ) {
    for (let ahead = below(4) === 0 ? below(3) : 0; ahead >= 0; ahead--) {
      look();
      const chunk = Buffer.from(stream.subarray(at, at + below(most + 1)));
      decoder.push(chunk);
      at += chunk.length;
    }
    const last = at >= stream.length;
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
      frames.push(told(frame));
      live.push([frame, told(frame)]);
      if (!last && below(9) === 0) {
        break;
      }
    }
  }
  look();
  decoder.finish();
  return frames;
}

let count = 0;
for (let round = 0; round < 400; round++) {
  const largest = [0, 1, 5, 40, 300, 5000, 20000, 70000][round % 8] ?? 0;
  const frames = Array.from({ length: 1 + below(12) }, (_, k) => {
    const payload = new Uint8Array(below(largest + 1)).fill(1 + below(250));
    return { session: BigInt(k), opcode: k, length: payload.length, payload };
  });
  const stream = Buffer.concat(frames.map((frame) => encode(frame)));
  for (const most of largest > 1000 ? [100, 1460, 4096, 9000, 70000] : [1, 3, 30, 100, 1460]) {
    for (const reuse of [false, true]) {
      const got = decode(stream, most, reuse);
      if (got.join() !== frames.map(told).join()) {
        throw new Error(`${got.length} of ${frames.length} frames, chunks of up to ${most} bytes, reuse ${reuse}`);
      }
      count += got.length;
    }
  }
}
console.log(`${count} frames`);
