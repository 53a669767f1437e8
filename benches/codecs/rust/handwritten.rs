//! The limit that generated Rust is measured against: a decoder of `record` by hand, with the same meaning and the same refusals.

/// A frame that borrows its payload.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub session: u64,
    pub opcode: u8,
    pub payload: &'a [u8],
}

/// The length would make the frame exceed 16 MiB; told at the length's last byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge {
    pub at: u64,
}

const HEAD: usize = 13;
const MAX_FRAME: usize = 16 << 20;

#[derive(Debug, Default)]
pub struct Decoder {
    /// Offset in the stream of the frame's first byte.
    start: u64,
    /// The frame's first bytes, where they came in another chunk.
    buffer: Vec<u8>,
    /// Bytes that the buffer must have before more is known; 0 between frames.
    goal: usize,
    closed: Option<TooLarge>,
}

impl Decoder {
    #[inline]
    pub fn next<'s, 'c: 's>(&'s mut self, input: &mut &'c [u8]) -> Result<Option<Frame<'s>>, TooLarge> {
        if self.goal == 0 {
            if let Some((head, rest)) = input.split_first_chunk::<HEAD>() {
                let size = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
                if size <= MAX_FRAME - HEAD
                    && let Some((payload, rest)) = rest.split_at_checked(size)
                {
                    self.start += (HEAD + size) as u64;
                    *input = rest;
                    return Ok(Some(frame(head, payload)));
                }
            }
            if input.is_empty() {
                return self.closed.map_or(Ok(None), Err);
            }
            self.buffer.clear();
            self.goal = 4;
        }
        self.resume(input)
    }

    fn resume<'s>(&'s mut self, input: &mut &[u8]) -> Result<Option<Frame<'s>>, TooLarge> {
        if let Some(refused) = self.closed {
            return Err(refused);
        }
        loop {
            let wanted = self.goal - self.buffer.len();
            if input.len() < wanted {
                if let [byte] = *input {
                    self.buffer.push(*byte);
                } else {
                    self.buffer.extend_from_slice(input);
                }
                *input = &[];
                return Ok(None);
            }
            let (taken, rest) = input.split_at(wanted);
            self.buffer.extend_from_slice(taken);
            *input = rest;
            let size = u32::from_be_bytes([self.buffer[0], self.buffer[1], self.buffer[2], self.buffer[3]]) as usize;
            if size > MAX_FRAME - HEAD {
                let refused = TooLarge { at: self.start + 3 };
                self.closed = Some(refused);
                return Err(refused);
            }
            if self.goal == HEAD + size {
                break;
            }
            self.goal = HEAD + size;
            self.buffer.reserve((self.goal - self.buffer.len()).min(1 << 16));
        }
        self.start += self.goal as u64;
        self.goal = 0;
        let (head, payload) = self.buffer.split_first_chunk::<HEAD>().ok_or(TooLarge { at: 0 })?;
        Ok(Some(frame(head, payload)))
    }
}

#[inline]
fn frame<'a>(head: &[u8; HEAD], payload: &'a [u8]) -> Frame<'a> {
    let session = u64::from_be_bytes([head[4], head[5], head[6], head[7], head[8], head[9], head[10], head[11]]);
    Frame { session, opcode: head[12], payload }
}
