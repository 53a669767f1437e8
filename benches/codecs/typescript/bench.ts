/**
 * ns of processor time a frame (threads of the garbage collector included) of the generated decoder and of decoders by hand, in one
 * process, cycle by cycle. Like is compared with like: `generated` as it is, whose frames stay good, with `owned`; with `reuse`,
 * whose frames are good until the next push, with `offset`.
 */

import { ConcatDecoder, OffsetDecoder, OwnedDecoder, type Record } from "./offset.js";
import { Decoder, encode } from "./record.js";

interface Subject {
  push(chunk: Uint8Array): void;
  next(): Record | undefined;
}

/** One loop for each decoder, so that each is optimised for itself. */
type Pass = (chunks: readonly Uint8Array[]) => number;

function pass(make: string): Pass {
  const body = `
    return (chunks) => {
      const decoder = new Decoder({ reuse: ${make === "reuse"} });
      let sum = 0;
      for (let at = 0; at < chunks.length; at++) {
        decoder.push(chunks[at]);
        for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
          const { payload } = frame;
          sum += frame.opcode + payload[0] + payload[payload.length - 1] + frame.length + (frame.session === last ? 7 : 0);
        }
      }
      return sum;
    }; // ${make}`;
  const classes: { [name: string]: new (options: object) => Subject } = { generated: Decoder, reuse: Decoder, owned: OwnedDecoder, offset: OffsetDecoder, concat: ConcatDecoder };
  return new Function("Decoder", "last", body)(classes[make], 0xffff_ffff_ffff_ffffn) as Pass;
}

const CYCLES = 3;
const NANOSECONDS = 25e6;

/** ns a frame; the answer is right every time. */
function measured(run: Pass, chunks: readonly Uint8Array[], frames: number, wanted: number): number {
  let passes = 0;
  const begin = process.cpuUsage();
  let spent = 0;
  while (spent < NANOSECONDS) {
    const sum = run(chunks);
    if (sum !== wanted) {
      throw new Error(`${sum} instead of ${wanted}`);
    }
    passes++;
    const { user, system } = process.cpuUsage(begin);
    spent = (user + system) * 1000;
  }
  return spent / passes / frames;
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

const subjects = ["generated", "owned", "reuse", "offset", "concat"] as const;
const passes = new Map(subjects.map((name) => [name, pass(name)]));

console.log("payload  chunk   generated       owned   ratio       reuse      offset   ratio      concat");
for (const payload of [16, 64, 256, 1024, 16384, 65536]) {
  for (const chunk of [1, 7, 64, 1460, 65536]) {
    const frames = Math.max(3, Math.min(4000, Math.floor((chunk < 64 ? 200_000 : 2_000_000) / (payload + 13))));
    const parts: Uint8Array[] = [];
    let wanted = 0;
    for (let k = 0; k < frames; k++) {
      const bytes = new Uint8Array(payload).fill(k % 251);
      const session = k % 3 === 0 ? 0xffff_ffff_ffff_ffffn : BigInt(k);
      parts.push(encode({ session, opcode: k % 200, payload: bytes }));
      wanted += (k % 200) + 2 * (k % 251) + payload + (k % 3 === 0 ? 7 : 0);
    }
    const stream = Buffer.concat(parts);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += chunk) {
      chunks.push(stream.subarray(at, at + chunk));
    }
    const quadratic = chunk < 64 && payload > 1024;
    const times = new Map<string, number[]>(subjects.map((name) => [name, []]));
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      for (const [name, run] of passes) {
        if (name !== "concat" || !quadratic) {
          times.get(name)?.push(measured(run, chunks, frames, wanted));
        }
      }
    }
    const [generated = 0, owned = 0, reuse = 0, offset = 0, concat = 0] = subjects.map((name) => median(times.get(name) ?? []));
    const cell = (value: number) => value.toFixed(value < 1000 ? 1 : 0).padStart(10);
    const ratio = (value: number) => value.toFixed(2).padStart(8);
    console.log(
      `${String(payload).padStart(7)} ${String(chunk).padStart(6)}  ${cell(generated)}  ${cell(owned)}${ratio(owned / generated)}  ${cell(reuse)}` +
        `  ${cell(offset)}${ratio(offset / reuse)}  ${quadratic ? "         –" : cell(concat)}`,
    );
  }
}
