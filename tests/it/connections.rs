//! Connections of real protocols from other starts than the specs' own: what the other side sends, what was agreed on before, and payloads
//! too large for a file. The frames are told by the standards that each row names.

use std::path::Path;
use std::sync::Arc;

use framewright::interp::{Decoder, End, Event, encode, fields_from_json, fields_to_json, inputs};
use framewright::oracle::split_invariant;
use framewright::plan::{Plan, lower};
use framewright::{model, value};

/// A stream, and what it is by its source.
struct Row {
    spec: &'static str,
    /// The session at its first byte.
    start: &'static str,
    source: &'static str,
    stream: &'static str,
    /// The last byte of each frame and its fields.
    frames: &'static [(usize, &'static str)],
    end: Told,
}

#[derive(Debug, PartialEq)]
enum Told {
    Clean,
    /// The class, and the byte that shows it.
    Reject(&'static str, u64),
}
use Told::{Clean, Reject};

const FLOW: &str = "https://www.postgresql.org/docs/current/protocol-flow.html, SSL and GSSAPI Session Encryption";
const STARTUP: &str = "https://www.postgresql.org/docs/current/protocol-flow.html, Start-up";

const ROWS: &[Row] = &[
    Row {
        spec: "postgres-connection",
        start: "phase=answer",
        source: "the server's stream in conformance/captures/postgres-ssl-request.pcap: TLS is refused, then AuthenticationOk and more",
        stream: "4e 52 00000008 00000000 53 00000014 69735f737570657275736572006f6e00 5a 00000005 49",
        frames: &[
            (1, r#"{"phase": 2, "answer": 78}"#),
            (10, r#"{"phase": 2, "answer": 82, "answer_length": 8, "answer_body": "00000000"}"#),
            (31, r#"{"phase": 3, "reply": 83, "reply_length": 20, "reply_body": "69735f737570657275736572006f6e00"}"#),
            (37, r#"{"phase": 3, "reply": 90, "reply_length": 5, "reply_body": "49"}"#),
        ],
        end: Clean,
    },
    Row {
        spec: "postgres-connection",
        start: "phase=answer",
        source: FLOW, // GSSAPI is refused, TLS is granted: from there on records, an alert.
        stream: "4e 53 15 0303 0002 0228",
        frames: &[
            (1, r#"{"phase": 2, "answer": 78}"#),
            (2, r#"{"phase": 2, "answer": 83}"#),
            (9, r#"{"phase": 4, "content_type": 21, "record_version": 771, "record_length": 2, "fragment": "0228"}"#),
        ],
        end: Clean,
    },
    Row {
        spec: "postgres-connection",
        start: "phase=answer",
        source: FLOW, // No message follows a grant of TLS.
        stream: "53 52 00000008 00000000",
        frames: &[(1, r#"{"phase": 2, "answer": 83}"#)],
        end: Reject("bad-enum", 1),
    },
    Row {
        spec: "postgres-connection",
        start: "phase=answer",
        source: FLOW, // GSSAPI is granted: packets behind their lengths.
        stream: "47 00000002 6000 00000001 05",
        frames: &[
            (1, r#"{"phase": 2, "answer": 71}"#),
            (7, r#"{"phase": 5, "token_length": 2, "token": "6000"}"#),
            (12, r#"{"phase": 5, "token_length": 1, "token": "05"}"#),
        ],
        end: Clean,
    },
    Row {
        spec: "postgres-connection",
        start: "phase=answer",
        source: FLOW, // A server without TLS may answer with an ErrorResponse.
        stream: "45 00000005 00",
        frames: &[(6, r#"{"phase": 2, "answer": 69, "answer_length": 5, "answer_body": "00"}"#)],
        end: Clean,
    },
    Row {
        spec: "postgres-connection",
        start: "phase=answer",
        source: STARTUP, // The version is negotiated before the authentication; behind it, `N` is a NoticeResponse.
        stream: "76 0000000c 00030000 00000000 4e 00000005 00",
        frames: &[
            (13, r#"{"phase": 2, "answer": 118, "answer_length": 12, "answer_body": "0003000000000000"}"#),
            (19, r#"{"phase": 3, "reply": 78, "reply_length": 5, "reply_body": "00"}"#),
        ],
        end: Clean,
    },
    Row {
        spec: "postgres-connection",
        start: "phase=answer",
        source: STARTUP, // ReadyForQuery comes behind the authentication.
        stream: "5a 00000005 49",
        frames: &[],
        end: Reject("bad-enum", 0),
    },
    Row {
        spec: "postgres-connection",
        start: "phase=gssapi",
        source: FLOW, // A client, behind its GSSENCRequest.
        stream: "00000002 6000",
        frames: &[(6, r#"{"phase": 5, "token_length": 2, "token": "6000"}"#)],
        end: Clean,
    },
    Row {
        spec: "amqp-connection",
        start: "phase=answer",
        source: "AMQP 0-9-1 specification section 4.2.2 and class 10.10: Connection.Start; 4.2.7: a heartbeat",
        stream: "01 0000 00000010 000a000a 00 09 00000000 00000000 0000 ce 08 0000 00000000 ce",
        frames: &[
            (
                24,
                r#"{"phase": 1, "type": 1, "channel": 0, "size": 16, "payload": "000a000a000900000000000000000000", "frame_end": 206}"#,
            ),
            (32, r#"{"phase": 2, "type": 8, "channel": 0, "size": 0, "payload": "", "frame_end": 206}"#),
        ],
        end: Clean,
    },
    Row {
        spec: "amqp-connection",
        start: "phase=answer",
        source: "AMQP 0-9-1 specification section 4.2.2: the header of a version that the server speaks",
        stream: "414d5150 00000901",
        frames: &[(
            8,
            r#"{"phase": 1, "type": 65, "header_rest": "4d5150", "protocol_id": 0, "major": 0, "minor": 9, "revision": 1}"#,
        )],
        end: Clean,
    },
    Row {
        spec: "amqp-connection",
        start: "phase=answer",
        source: "AMQP 0-9-1 specification section 4.2.2: the server closes the connection behind its header",
        stream: "414d5150 03010000 01",
        frames: &[(
            8,
            r#"{"phase": 1, "type": 65, "header_rest": "4d5150", "protocol_id": 3, "major": 1, "minor": 0, "revision": 0}"#,
        )],
        end: Reject("bad-check", 8),
    },
    Row {
        spec: "amqp-connection",
        start: "phase=answer",
        source: "AMQP 0-9-1 specification section 2.2.4: the server answers with Connection.Start",
        stream: "08 0000 00000000 ce",
        frames: &[],
        end: Reject("bad-check", 0),
    },
    Row {
        spec: "amqp-connection",
        start: "phase=answer",
        source: "AMQP 0-9-1 specification section 4.2.3: methods of the connection come on channel 0",
        stream: "01 0001",
        frames: &[],
        end: Reject("bad-check", 2),
    },
    Row {
        spec: "http2-connection",
        start: "phase=settings",
        source: "RFC 9113 section 3.4: nginx's preface in conformance/captures/http2.pcap, and its WINDOW_UPDATE",
        stream: "000012 04 00 00000000 000300000080000400010000000500ffffff 000004 08 00 00000000 7fff0000",
        frames: &[
            (
                27,
                r#"{"phase": 1, "max_frame_size": 16384, "open_block": 0, "settings_length": 18, "settings_type": 4, "settings_flags": 0, "settings_stream": 0, "settings": "000300000080000400010000000500ffffff"}"#,
            ),
            (
                40,
                r#"{"phase": 2, "max_frame_size": 16384, "open_block": 0, "length": 4, "type": 8, "flags": 0, "stream": 0, "payload": "7fff0000"}"#,
            ),
        ],
        end: Clean,
    },
    Row {
        spec: "http2-connection",
        start: "phase=settings",
        source: "RFC 9113 section 3.4: the server's first frame is SETTINGS",
        stream: "000006 08",
        frames: &[],
        end: Reject("bad-const", 3),
    },
    Row {
        spec: "http2-connection",
        start: "phase=frames",
        source: "RFC 9113 sections 6.6 and 6.10: a header block that PUSH_PROMISE begins",
        stream: "000005 05 00 00000001 00000002 82 000001 09 04 00000001 86 000005 05 04 00000001 00000004 82",
        frames: &[
            (
                14,
                r#"{"phase": 2, "max_frame_size": 16384, "open_block": 0, "length": 5, "type": 5, "flags": 0, "stream": 1, "payload": "0000000282"}"#,
            ),
            (
                24,
                r#"{"phase": 2, "max_frame_size": 16384, "open_block": 1, "length": 1, "type": 9, "flags": 4, "stream": 1, "payload": "86"}"#,
            ),
            (
                38,
                r#"{"phase": 2, "max_frame_size": 16384, "open_block": 0, "length": 5, "type": 5, "flags": 4, "stream": 1, "payload": "0000000482"}"#,
            ),
        ],
        end: Clean,
    },
    Row {
        spec: "http2-connection",
        start: "phase=frames,max_frame_size=16777215",
        source: "RFC 9113 section 6.5.2: the SETTINGS_MAX_FRAME_SIZE that nginx announces; 16 MiB of DATA on no stream",
        stream: "ffffff 00 00 00000000",
        frames: &[],
        end: Reject("bad-check", 8),
    },
    Row {
        spec: "bittorrent-connection",
        start: "phase=messages",
        source: "https://www.bittorrent.org/beps/bep_0003.html, peer messages: unchoke",
        stream: "00000001 01",
        frames: &[(5, r#"{"phase": 1, "length": 1, "message": "01"}"#)],
        end: Clean,
    },
    Row {
        spec: "mysql",
        start: "continued=1,due=0",
        source: "https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html: numbers wrap around; then COM_QUIT",
        stream: "000000 00 010000 00 01",
        frames: &[
            (4, r#"{"continued": 1, "due": 0, "length": 0, "sequence": 0, "payload": ""}"#),
            (9, r#"{"continued": 0, "due": 0, "length": 1, "sequence": 0, "payload": "01"}"#),
        ],
        end: Clean,
    },
    Row {
        spec: "mysql",
        start: "continued=1,due=5",
        source: "https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html: the number rises with each packet",
        stream: "010000 06 61",
        frames: &[],
        end: Reject("bad-check", 3),
    },
    Row {
        spec: "iscsi",
        start: "header_digest=crc32c",
        source: "RFC 3720 appendix B.4: an iSCSI SCSI Read (10) Command PDU and its CRC",
        stream: "01c00000 00000000 0000000000000000 14000000 00000400 00000014 00000018 28000000000000000200000000000000 563a96d9",
        frames: &[(
            52,
            r#"{"header_digest": 1, "immediate": 0, "opcode": 1, "final": 1, "flags": 64, "specific_1": "0000", "ahs_length": 0, "data_length": 0, "lun": "0000000000000000", "task_tag": 335544320, "specific_2": "00000400000000140000001828000000000000000200000000000000", "ahs": "", "header_crc": 3650501206, "data": ""}"#,
        )],
        end: Clean,
    },
    Row {
        spec: "iscsi",
        start: "header_digest=crc32c",
        source: "the same with another command descriptor block",
        stream: "01c00000 00000000 0000000000000000 14000000 00000400 00000014 00000018 28000000000000000300000000000000 563a96d9",
        frames: &[],
        end: Reject("bad-checksum", 51),
    },
    Row {
        spec: "iscsi",
        start: "header_digest=crc32c",
        source: "RFC 7143 section 13.1: digests are for the full feature phase; its login response has none, section 11.13",
        stream: "23870000 00000000 0000000000000000 00000000 00000000 00000000 00000000 00000000000000000000000000000000 01c00000 00000000 0000000000000000 14000000 00000400 00000014 00000018 28000000000000000200000000000000 563a96d9",
        frames: &[
            (
                48,
                r#"{"header_digest": 1, "immediate": 0, "opcode": 35, "final": 1, "flags": 7, "specific_1": "0000", "ahs_length": 0, "data_length": 0, "lun": "0000000000000000", "task_tag": 0, "specific_2": "00000000000000000000000000000000000000000000000000000000", "ahs": "", "data": ""}"#,
            ),
            (
                100,
                r#"{"header_digest": 1, "immediate": 0, "opcode": 1, "final": 1, "flags": 64, "specific_1": "0000", "ahs_length": 0, "data_length": 0, "lun": "0000000000000000", "task_tag": 335544320, "specific_2": "00000400000000140000001828000000000000000200000000000000", "ahs": "", "header_crc": 3650501206, "data": ""}"#,
            ),
        ],
        end: Clean,
    },
];

fn plan(name: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("spec/{name}.yaml"));
    lower(&model::load(&std::fs::read(path).unwrap()).unwrap())
}

#[test]
fn a_stream_from_another_start_is_what_its_standard_says() {
    for row in ROWS {
        let context = format!("{}@{}: {} ({})", row.spec, row.start, row.stream, row.source);
        let plan = Arc::new(plan(row.spec).starting_with(row.start).unwrap());
        let stream = value::from_hex(&row.stream.replace(' ', "")).unwrap();
        let (mut decoder, mut events) = (Decoder::new(Arc::clone(&plan)), Vec::new());
        decoder.feed(&stream, &mut events);
        let mut told = Vec::new();
        let mut end = (decoder.finish() == End::Clean).then_some(Clean);
        let mut at = 0;
        for event in &events {
            match event {
                Event::Frame(frame) => {
                    told.push((usize::try_from(frame.end).unwrap(), fields_to_json(&plan, &frame.fields)));
                    let bytes = encode(&plan, &inputs(&plan, &frame.fields)).unwrap();
                    assert_eq!(value::to_hex(&bytes), value::to_hex(&stream[at..at + bytes.len()]), "{context}");
                    at += bytes.len();
                }
                Event::Reject { class, at } => end = Some(Reject(class.word(), *at)),
            }
        }
        let frames: Vec<_> =
            row.frames.iter().map(|(end, fields)| (*end, serde_json::from_str(fields).unwrap())).collect();
        assert_eq!((told, end.as_ref()), (frames, Some(&row.end)), "{context}");
        for cut in 0..=stream.len() {
            split_invariant(&plan, &stream, &[cut]).unwrap();
        }
    }
}

/// The example of `page_protocol_basic_packets.html` in MySQL's documentation: a payload of 2^24-1 bytes, and an empty packet behind it; and one
/// of 2^24 bytes.
#[test]
fn a_payload_of_mysql_goes_on_in_the_next_packet() {
    let plan = Arc::new(plan("mysql"));
    for (last, rest) in [(&b"\x00\x00\x00\x01"[..], 0), (b"\x01\x00\x00\x01a", 1)] {
        let mut stream = b"\xff\xff\xff\x00\x03".to_vec();
        stream.resize(4 + 0x00ff_ffff, b'a');
        stream.extend(last);
        // A command of its own.
        stream.extend(b"\x01\x00\x00\x00\x01");
        let (mut decoder, mut events) = (Decoder::new(Arc::clone(&plan)), Vec::new());
        stream.chunks(1 << 20).for_each(|chunk| decoder.feed(chunk, &mut events));
        let told = events.iter().map(|event| match event {
            Event::Frame(frame) => {
                let fields = fields_to_json(&plan, &frame.fields);
                ["continued", "due", "length", "sequence"].map(|name| fields[name].as_u64().unwrap())
            }
            Event::Reject { .. } => panic!("{event:?}"),
        });
        assert_eq!(told.collect::<Vec<_>>(), [[0, 0, 0x00ff_ffff, 0], [1, 1, rest, 1], [0, 0, 1, 0]]);
        assert_eq!(decoder.finish(), End::Clean);
    }
    let mut out_of_order = b"\xff\xff\xff\x07".to_vec();
    out_of_order.resize(4 + 0x00ff_ffff, 0);
    out_of_order.extend(b"\x00\x00\x00\x07");
    let (mut decoder, mut events) = (Decoder::new(Arc::clone(&plan)), Vec::new());
    decoder.feed(&out_of_order, &mut events);
    let [Event::Frame(_), Event::Reject { class, at }] = events.as_slice() else { panic!("two events") };
    assert_eq!((class.word(), *at), ("bad-check", 4 + 0x00ff_ffff + 3));
}

#[test]
fn who_sends_gives_the_session() {
    let refused = |spec: &str, fields: &str| {
        let plan = plan(spec);
        let fields = fields_from_json(&plan, &serde_json::from_str(fields).unwrap()).unwrap();
        encode(&plan, &fields).unwrap_err().class.word()
    };
    assert_eq!(refused("amqp-connection", r#"{"phase": 1, "type": 3, "channel": 0, "payload": ""}"#), "bad-check");
    assert_eq!(refused("mysql", r#"{"continued": 1, "due": 1, "sequence": 2, "payload": ""}"#), "bad-check");
    assert_eq!(refused("mysql", r#"{"sequence": 2, "payload": ""}"#), "missing-field");
    assert_eq!(refused("postgres-connection", r#"{"phase": 6, "more": 0}"#), "bad-check");
}
