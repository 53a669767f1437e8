/** A decoder, and what reads streams with one, that begin with a session of the caller's. */

import { Decoder, frames, type Frame, Phase, Reject, transformer } from "./phases.js";

/** `Q` with `odd`, since three frames came before; `X`, behind which the stream closes; `BYE`. */
const stream = Buffer.from("Q\0\0\0\x06hi\x07" + "X\0\0\0\x04" + "BYE\x02", "latin1");
const session = { phase: Phase.Ready, frames: 3 };
const wanted = "1 3 81 hi 7 -|1 0 88  - -|2 1 - - - 2";

function told(frame: Frame): string {
  const payload = frame.payload && Buffer.from(frame.payload).toString();
  const fields = [frame.phase, frame.frames, frame.kind, payload, frame.odd, frame.count];
  return fields.map((field) => field ?? "-").join(" ");
}

function same(what: string, got: string[]): void {
  if (got.join("|") !== wanted) {
    throw new Error(`${what}: ${got.join("|")}`);
  }
}

for (let cut = 0; cut <= stream.length; cut++) {
  const chunks = [stream.subarray(0, cut), stream.subarray(cut)];
  const decoder = new Decoder({ session });
  const pulled: string[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
      pulled.push(told(frame));
    }
  }
  decoder.finish();
  same(`a decoder, cut at ${cut}`, pulled);
  const read: string[] = [];
  for await (const frame of frames(chunks, session)) {
    read.push(told(frame));
  }
  same(`frames, cut at ${cut}`, read);
  const piped: string[] = [];
  const through = transformer(session);
  chunks.forEach((chunk) => through.transform(chunk, { enqueue: (frame) => piped.push(told(frame)) }));
  through.flush();
  same(`a transformer, cut at ${cut}`, piped);
}

// At the start of a stream the same bytes are the length of a start-up packet.
try {
  const decoder = new Decoder();
  decoder.push(stream);
  throw new Error(`taken: ${decoder.next()}`);
} catch (refusal) {
  if (!(refusal instanceof Reject && refusal.class === "frame-too-large" && refusal.at === 3)) {
    throw refusal;
  }
}
console.log("ok");
