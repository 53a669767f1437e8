//! What can be asked for besides the codec.

use framewright_codecs::record::{Class, Codec, Decoder, Event, Events, Frame, OwnedFrame, Reject};
use framewright_codecs::{everything, session_record};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder as _, Encoder as _};

fn frames() -> Vec<OwnedFrame> {
    let frame = |session, opcode, size: usize| OwnedFrame {
        length: size as u32,
        session,
        opcode,
        payload: (0..size).map(|at| at as u8).collect(),
    };
    vec![frame(1, 2, 0), frame(u64::MAX, 255, 1), frame(7, 0, 40), frame(8, 1, 3)]
}

fn stream() -> Vec<u8> {
    let mut out = Vec::new();
    for frame in frames() {
        frame.as_frame().encode(&mut out).unwrap();
    }
    out
}

/// Pieces put together again, one frame after another.
fn joined(stream: &[u8], chunk: usize) -> Vec<OwnedFrame> {
    let (mut events, mut frames, mut at_hand) = (Events::new(), Vec::new(), OwnedFrame::default());
    for mut input in stream.chunks(chunk) {
        while let Some(event) = events.next(&mut input).unwrap() {
            match event {
                Event::Head(head) => at_hand = head.into(),
                Event::Body(part) => at_hand.payload.extend_from_slice(part),
                Event::End => frames.push(std::mem::take(&mut at_hand)),
            }
        }
    }
    assert_eq!(events.finish(), Ok(()));
    assert_eq!(events, {
        let mut whole = Events::new();
        let mut input = stream;
        while whole.next(&mut input).unwrap().is_some() {}
        whole
    });
    frames
}

#[test]
fn events_are_the_frames_in_pieces() {
    let stream = stream();
    for chunk in 1..=stream.len() {
        assert_eq!(joined(&stream, chunk), frames(), "chunks of {chunk}");
    }
}

#[test]
fn the_end_is_told_with_the_last_byte_of_a_body() {
    let mut events = Events::new();
    let mut head: &[u8] = &[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 3];
    let expected = Frame { length: 1, session: 9, opcode: 3, payload: &[] };
    assert_eq!(events.next(&mut head), Ok(Some(Event::Head(expected))));
    assert_eq!(events.next(&mut head), Ok(None));
    assert_eq!(events.finish(), Err(Reject { class: Class::Incomplete, at: 13 }));
    let mut body: &[u8] = &[5];
    assert_eq!(events.next(&mut body), Ok(Some(Event::Body(&[5]))));
    assert_eq!(events.next(&mut body), Ok(Some(Event::End)));
    assert_eq!(events.finish(), Ok(()));
}

#[test]
fn events_are_refused_where_frames_are() {
    let stream = [&stream()[..], &[0xff; 20]].concat();
    let at = stream.len() as u64 - 17;
    for chunk in 1..=stream.len() {
        let (mut events, mut decoder, mut refused) = (Events::new(), Decoder::new(), Vec::new());
        for part in stream.chunks(chunk) {
            let (mut input, mut again) = (part, part);
            loop {
                match events.next(&mut input) {
                    Ok(Some(_)) => {}
                    Ok(None) => break,
                    Err(reject) => {
                        refused.push(reject);
                        break;
                    }
                }
            }
            while let Ok(Some(_)) = decoder.next(&mut again) {}
        }
        refused.dedup();
        assert_eq!(refused, [Reject { class: Class::FrameTooLarge, at }], "chunks of {chunk}");
        assert_eq!(decoder.finish(), Err(refused[0]));
        assert_eq!(events.finish(), Err(refused[0]));
    }
}

#[test]
fn tokio_util_frames_a_stream() {
    let (mut codec, mut buffer, mut decoded) = (Codec::default(), BytesMut::new(), Vec::new());
    for part in stream().chunks(5) {
        buffer.extend_from_slice(part);
        while let Some(frame) = codec.decode(&mut buffer).unwrap() {
            decoded.push(frame);
        }
    }
    assert_eq!(codec.decode_eof(&mut buffer).unwrap(), None);
    assert_eq!(decoded, frames());
    let mut out = BytesMut::new();
    for frame in &decoded {
        codec.encode(frame.as_frame(), &mut out).unwrap();
    }
    assert_eq!(out, stream());
    let mut cut = BytesMut::from(&stream()[..20]);
    let mut codec = Codec::default();
    assert!(codec.decode(&mut cut).unwrap().is_some());
    let error = codec.decode_eof(&mut cut).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    assert_eq!(error.to_string(), "incomplete at byte 20");
}

#[cfg(feature = "serde")]
#[test]
fn serde_writes_and_reads_frames() {
    let frame = session_record::OwnedFrame {
        version: 1,
        opcode: session_record::Opcode::Other(9),
        body: b"hi".to_vec(),
        ..Default::default()
    };
    let json = serde_json::to_value(&frame).unwrap();
    assert_eq!(json["opcode"], serde_json::json!({"Other": 9}));
    assert_eq!(serde_json::from_value::<session_record::OwnedFrame>(json).unwrap(), frame);
}

#[cfg(feature = "arbitrary")]
#[test]
fn arbitrary_frames_come_back_where_they_can_be_encoded() {
    let mut state = 1_u64;
    for _ in 0..3000 {
        let step = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        let data: Vec<u8> = (0..200).map(step).collect();
        let frame: Frame = arbitrary::Unstructured::new(&data).arbitrary().unwrap();
        let mut out = Vec::new();
        frame.encode(&mut out).unwrap();
        let back = Decoder::new().next(&mut &out[..]).unwrap().map(OwnedFrame::from);
        let length = frame.payload.len() as u32;
        assert_eq!(back, Some(OwnedFrame::from(Frame { length, ..frame })));
        let _: everything::Frame = arbitrary::Unstructured::new(&data).arbitrary().unwrap();
    }
}
