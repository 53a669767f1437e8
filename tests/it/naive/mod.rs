//! What a stream means, found the slow and plain way: straight from `spec/README.md` over the validated model.
//!
//! It knows neither [`Plan`](framewright::plan::Plan) nor the reference codec: it holds the whole buffer, reads a frame from
//! its first byte each time it is asked, and after every item asks of every length whether what is still to come can fit.
//! Only the types of the answer are those of `interp`.

#![expect(clippy::cast_sign_loss, reason = "sizes that were compared with the bytes at hand")]

mod body;
mod checksum;
mod expr;
mod frame;
mod scan;

use framewright::interp::{Class, End, Event, Outcome};
use framewright::model::{Body, OnReject, Oversize, Protocol};

pub(crate) use expr::eval;
use frame::Claimed;
pub(crate) use frame::{Judgement, judge};
pub(crate) use scan::first_delimiter;

/// The meaning of a whole stream.
pub(crate) fn decode(protocol: &Protocol, stream: &[u8]) -> Outcome {
    let mut events = Vec::new();
    let mut start = 0;
    let mut session = first_session(protocol);
    let end = loop {
        let rest = &stream[start..];
        if rest.is_empty() {
            break End::Clean;
        }
        match judge(protocol, rest, &mut session) {
            Judgement::Short => break End::Incomplete,
            Judgement::Frame(mut frame) => {
                frame.start += start as u64;
                frame.end += start as u64;
                start = frame.end as usize;
                events.push(Event::Frame(frame));
            }
            Judgement::Reject { class, at, refused } => {
                events.push(Event::Reject { class, at: (start + at) as u64 });
                match go_on(protocol, rest, &session, class, at, &refused) {
                    Next::At(next) => start += next,
                    Next::End(end) => break end,
                }
            }
        }
    };
    Outcome { events, end }
}

/// The session at the start of a stream.
pub(crate) fn first_session(protocol: &Protocol) -> Vec<i128> {
    protocol.session.iter().map(|carried| carried.from).collect()
}

/// Where decoding goes on after a reject, from the refused frame's start; or how the stream ends.
enum Next {
    At(usize),
    End(End),
}

fn go_on(protocol: &Protocol, rest: &[u8], session: &[i128], class: Class, at: usize, refused: &[usize]) -> Next {
    if matches!(class, Class::FrameTooLarge | Class::DelimiterTooFar) {
        return match protocol.policy.oversize {
            Oversize::Close => Next::End(End::Rejected),
            Oversize::Skip => skip(protocol, rest, session, false),
        };
    }
    let value =
        !matches!(class, Class::LengthTooSmall | Class::FrameTooLarge | Class::DelimiterTooFar | Class::Incomplete);
    match protocol.policy.on_reject {
        OnReject::Skip if value && !frame::size_depends_on(protocol, refused) => skip(protocol, rest, session, true),
        OnReject::Close | OnReject::Skip => Next::End(End::Rejected),
        OnReject::Resync => resync(protocol, rest, at),
    }
}

fn skip(protocol: &Protocol, rest: &[u8], session: &[i128], value: bool) -> Next {
    match frame::claimed_size(protocol, rest, session) {
        Claimed::TooLarge(_) if value && protocol.policy.oversize == Oversize::Close => Next::End(End::Rejected),
        Claimed::Bytes(size) | Claimed::TooLarge(Some(size)) if size <= rest.len() as i128 => Next::At(size as usize),
        Claimed::Bytes(_) | Claimed::TooLarge(_) | Claimed::NotYet => Next::End(End::Incomplete),
        Claimed::Never => Next::End(End::Rejected),
    }
}

fn resync(protocol: &Protocol, rest: &[u8], at: usize) -> Next {
    let first = protocol.items.iter().find(|item| !matches!(item.body, Body::Carry { .. } | Body::Check(..))).unwrap();
    let Body::Const { bytes: mark, .. } = &first.body else { panic!("resync needs a constant in front") };
    let from = if at < mark.len() { 1 } else { at + 1 };
    for next in from..rest.len() {
        if rest[next..].starts_with(mark) {
            return Next::At(next);
        }
    }
    let half = (from..rest.len()).any(|next| mark.starts_with(&rest[next..]));
    Next::End(if half { End::Incomplete } else { End::Clean })
}
