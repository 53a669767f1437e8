//! A decoder that begins with a session of the caller's.

use framewright_codecs::phases::{Class, Codec, Decoder, OwnedFrame, Phase, Reject, Session};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::Decoder as _;

/// `Q` with `odd`, since three frames came before; `X`, behind which the stream closes; `BYE`.
const STREAM: &[u8] = b"Q\0\0\0\x06hi\x07X\0\0\0\x04BYE\x02";
const SESSION: Session = Session { phase: Phase::Ready, frames: 3 };

fn wanted() -> [OwnedFrame; 3] {
    let ready = |frames, kind, payload: &[u8], odd| OwnedFrame {
        phase: Phase::Ready,
        frames,
        kind: Some(kind),
        length: Some(4 + payload.len() as u32),
        payload: Some(payload.to_vec()),
        odd,
        ..OwnedFrame::default()
    };
    let closing = OwnedFrame { phase: Phase::Closing, frames: 1, count: Some(2), ..OwnedFrame::default() };
    [ready(3, b'Q', b"hi", Some(7)), ready(0, b'X', b"", None), closing]
}

#[test]
fn a_decoder_begins_with_the_session_that_it_is_given() {
    for cut in 0..=STREAM.len() {
        let (mut decoder, mut frames) = (Decoder::starting(SESSION), Vec::new());
        for mut chunk in [&STREAM[..cut], &STREAM[cut..]] {
            while let Some(frame) = decoder.next(&mut chunk).unwrap() {
                frames.push(OwnedFrame::from(frame));
            }
        }
        assert_eq!((frames.as_slice(), decoder.finish()), (wanted().as_slice(), Ok(())), "cut at {cut}");
    }
    // At the start of a stream the same bytes are the length of a start-up packet.
    let refused = Decoder::new().next(&mut &STREAM[..]).unwrap_err();
    assert_eq!(refused, Reject { class: Class::FrameTooLarge, at: 3 });
}

#[test]
fn a_codec_of_tokio_util_begins_with_the_session_that_it_is_given() {
    let (mut codec, mut buffer) = (Codec::starting(SESSION), BytesMut::from(STREAM));
    for frame in wanted() {
        assert_eq!(codec.decode(&mut buffer).unwrap(), Some(frame));
    }
    assert_eq!(codec.decode_eof(&mut buffer).unwrap(), None);
}
