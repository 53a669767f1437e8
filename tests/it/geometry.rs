use framewright::plan::framing::{framing_plan, hello};
use framewright::plan::geometry::{Geometry, geometry};
use framewright::plan::peers::{netty, swoole, tokio};
use framewright::plan::{Endian, Plan, import};
use proptest::prelude::*;

#[track_caller]
pub(crate) fn plan(text: &str) -> Plan {
    match framewright::model::load(text.as_bytes()) {
        Ok(protocol) => framewright::plan::lower(&protocol),
        Err(diagnostics) => panic!("{diagnostics:#?}\n{text}"),
    }
}

#[track_caller]
pub(crate) fn spec(path: &str) -> Plan {
    let path = format!("{}/spec/{path}.yaml", env!("CARGO_MANIFEST_DIR"));
    plan(&std::fs::read_to_string(path).unwrap())
}

#[track_caller]
fn frame(fields: &str) -> Plan {
    plan(&format!("framewright: 1\nname: t\nmax_frame: 1 MiB\nframe:\n{fields}"))
}

const ORDERS: [Endian; 2] = [Endian::Big, Endian::Little];

#[test]
fn netty_settings_survive_import_and_show_over_the_whole_grid() {
    let mut cases = 0;
    for offset in 0..=3_u64 {
        for length in [1_u8, 2, 3, 4, 8] {
            let end = offset + u64::from(length);
            for order in ORDERS {
                for adjustment in -i64::try_from(end).unwrap()..=3 {
                    let header = end + u64::try_from(adjustment).unwrap_or(0);
                    for strip in 0..=header {
                        let settings =
                            netty::Settings::LengthField { max: 1000, offset, length, adjustment, strip, order };
                        let text = import::netty("t", &settings).unwrap();
                        let plan = plan(&text);
                        assert_eq!(netty::settings(&plan).unwrap().settings, settings, "{text}");
                        assert_eq!(geometry(&framing_plan(&plan).unwrap()), geometry(&plan), "{text}");
                        cases += 1;
                    }
                }
            }
        }
    }
    // For each end e of the length field, (e + 1)² cases with an adjustment up to 0 and 3e + 9 above it.
    assert_eq!(cases, 2744);
}

#[test]
fn tokio_settings_survive_import_and_show_over_the_whole_grid() {
    for offset in 0..=3_u64 {
        for length in 1..=8_u8 {
            let end = offset + u64::from(length);
            for order in ORDERS {
                for num_skip in 0..=end + 3 {
                    for adjustment in -i64::try_from(end).unwrap()..=3 + i64::try_from(end).unwrap() {
                        let settings =
                            tokio::Settings::LengthDelimited { offset, length, adjustment, num_skip, max: 200, order };
                        let text = match import::tokio("t", &settings) {
                            Ok(text) => text,
                            Err(reason) => panic!("{reason}: {settings}"),
                        };
                        assert_eq!(tokio::settings(&plan(&text)).unwrap().settings, settings, "{text}");
                    }
                }
            }
        }
    }
}

#[test]
fn swoole_settings_survive_import_and_show_over_the_whole_grid() {
    for &(pack, ..) in framewright::model::SWOOLE_PACKS {
        for length_offset in 0..=3 {
            for body_offset in 0..=20 {
                let settings = swoole::Settings::Length { pack, length_offset, body_offset, max: 120 };
                let text = import::swoole("t", &settings).unwrap();
                assert_eq!(swoole::settings(&plan(&text)).unwrap().settings, settings, "{text}");
            }
        }
    }
    for eof in ["\r\n", "\r\n\r\n", "\0", "$\"\\", " # ", ": ", "12345678", "\u{fe}\u{ff}"] {
        let settings = swoole::Settings::Eof { eof: eof.as_bytes().to_vec(), max: 81920 };
        let text = import::swoole("t", &settings).unwrap();
        assert_eq!(swoole::settings(&plan(&text)).unwrap().settings, settings, "{text}");
    }
}

#[test]
fn decoders_without_a_length_survive_import_and_show() {
    let lines: &[&[&str]] = &[&["\r\n", "\n"], &["\0"], &[";;", "\r\n", "\0"], &["a b", "#", ": "], &["\n"]];
    for strip in [false, true] {
        let mut all = vec![netty::Settings::Line { max: 80, strip }];
        for delimiters in lines {
            let delimiters = delimiters.iter().map(|delimiter| delimiter.as_bytes().to_vec()).collect();
            all.push(netty::Settings::Delimiter { max: 80, strip, delimiters });
        }
        all.push(netty::Settings::Fixed { size: 200 });
        all.push(netty::Settings::Fixed { size: 20 << 20 });
        for settings in all {
            let text = import::netty("t", &settings).unwrap();
            assert_eq!(netty::settings(&plan(&text)).unwrap().settings, settings, "{text}");
        }
    }
    for settings in [
        tokio::Settings::Lines { max: 80 },
        tokio::Settings::AnyDelimiter { delimiters: b";,\r\n".to_vec(), writer: b';', max: 17 << 20 },
    ] {
        let text = import::tokio("t", &settings).unwrap();
        assert_eq!(tokio::settings(&plan(&text)).unwrap().settings, settings, "{text}");
    }
}

#[test]
fn imported_specs_read_as_a_person_would_write_them() {
    let netty = |offset, length, adjustment, strip, order| {
        import::netty("t", &netty::Settings::LengthField { max: 65536, offset, length, adjustment, strip, order })
            .unwrap()
    };
    let doc = "framewright: 1\nname: t\ndoc: Frames as Netty's LengthFieldBasedFrameDecoder splits them.\n";
    assert_eq!(
        netty(0, 2, 0, 2, Endian::Big),
        format!("{doc}max_frame: 64 KiB\nframe:\n  - length: u16 counts body\n  - body: bytes\nemit: body\n")
    );
    assert_eq!(
        netty(1, 2, -3, 3, Endian::Little),
        format!(
            "{doc}endian: little\nmax_frame: 64 KiB\nframe:\n  - head: bytes[1]\n  - length: u16 counts frame\n  \
             - body: bytes\nemit: body\n"
        )
    );
    assert_eq!(
        netty(1, 4, -4, 0, Endian::Big),
        format!(
            "{doc}max_frame: 64 KiB\nframe:\n  - head: bytes[1]\n  - length: u32 counts length..body\n  - body: bytes\n"
        )
    );
    assert_eq!(
        netty(1, 2, 1, 3, Endian::Big),
        format!(
            "{doc}max_frame: 64 KiB\nframe:\n  - head: bytes[1]\n  - length: u16 counts body\n  - header: bytes[1]\n  \
             - body: bytes\nemit: header..body\n"
        )
    );
    assert_eq!(
        netty(0, 4, -2, 0, Endian::Big),
        format!("{doc}max_frame: 64 KiB\nframe:\n  - length: u32 counts body plus 2\n  - body: bytes\n")
    );
}

#[test]
fn settings_that_a_peer_refuses_are_refused() {
    let error = |settings| import::netty("t", &settings).unwrap_err();
    let order = Endian::Big;
    assert_eq!(
        error(netty::Settings::LengthField { max: 100, offset: 0, length: 5, adjustment: 0, strip: 0, order }),
        "Netty reads lengths of 1, 2, 3, 4 or 8 bytes, not of 5"
    );
    assert_eq!(
        error(netty::Settings::LengthField { max: 3, offset: 0, length: 4, adjustment: 0, strip: 0, order }),
        "the length field ends at byte 4, beyond the largest frame of 3 bytes"
    );
    assert_eq!(
        error(netty::Settings::LengthField { max: 10, offset: 0, length: 4, adjustment: 0, strip: 11, order }),
        "the largest frame has 10 bytes, and the header takes 11"
    );
    assert_eq!(
        error(netty::Settings::Delimiter { max: 10, strip: true, delimiters: vec![b"\n".to_vec(), b"\n\n".to_vec()] }),
        "the delimiter \"\\n\\n\" can never be found: \"\\n\" inside it ends the frame first"
    );
    assert_eq!(
        import::swoole("t", &swoole::Settings::Eof { eof: b"123456789".to_vec(), max: 100 }).unwrap_err(),
        "package_eof has 1 to 8 bytes, not 9"
    );
    assert_eq!(
        import::swoole("t", &swoole::Settings::Length { pack: 'i', length_offset: 0, body_offset: 4, max: 100 })
            .unwrap_err(),
        "'i' is no package_length_type; there are c C s n v S l N V L q J P Q"
    );
    assert_eq!(
        import::tokio(
            "t",
            &tokio::Settings::LengthDelimited { offset: 0, length: 2, adjustment: -9, num_skip: 2, max: 6, order }
        )
        .unwrap_err(),
        "max_frame_length 6 leaves no frame after the adjustment of -9"
    );
}

#[test]
fn every_protocol_has_its_geometry() {
    let expected = [
        ("amqp", "framing=length-field offset=3 width=4 endian=big signed=0 adjust=1 strip=0 max=131072"),
        ("amqp-connection", "framing=other max=131072"),
        ("bgp", "framing=length-field offset=16 width=2 endian=big signed=0 adjust=-18 strip=0 max=4096"),
        ("bitcoin", "framing=length-field offset=16 width=4 endian=little signed=0 adjust=4 strip=0 max=4000024"),
        ("bittorrent", "framing=length-field offset=0 width=4 endian=big signed=0 adjust=0 strip=0 max=1048580"),
        ("bittorrent-connection", "framing=other max=1048580"),
        ("cassandra", "framing=length-field offset=5 width=4 endian=big signed=0 adjust=0 strip=0 max=268435456"),
        ("cassandra-v5", "framing=other max=131081"),
        ("coap-tcp", "framing=other max=8388864"),
        ("crlf-eof", "framing=delimiter delimiters=0d0a strip=0 max=8192"),
        ("diameter", "framing=length-field offset=1 width=3 endian=big signed=0 adjust=-4 strip=0 max=16777215"),
        ("dlt", "framing=length-field offset=2 width=2 endian=big signed=0 adjust=-4 strip=0 max=65535"),
        ("dns-tcp", "framing=length-field offset=0 width=2 endian=big signed=0 adjust=0 strip=0 max=65537"),
        ("dubbo", "framing=length-field offset=12 width=4 endian=big signed=1 adjust=0 strip=0 max=8388624"),
        ("fix", "framing=other max=65536"),
        ("fixed-record", "framing=fixed size=200 strip=0 max=200"),
        ("grpc", "framing=length-field offset=1 width=4 endian=big signed=0 adjust=0 strip=0 max=4194309"),
        ("http2-connection", "framing=other max=16777224"),
        ("http2-frame", "framing=length-field offset=0 width=3 endian=big signed=0 adjust=6 strip=0 max=16393"),
        ("iec104", "framing=length-field offset=1 width=1 endian=little signed=0 adjust=0 strip=0 max=255"),
        ("iscsi", "framing=other max=263216"),
        ("kafka", "framing=length-field offset=0 width=4 endian=big signed=1 adjust=0 strip=0 max=104857604"),
        ("line", "framing=delimiter delimiters=0a,0d0a strip=1 max=8192"),
        ("mavlink", "framing=other max=280"),
        ("memcached-binary", "framing=length-field offset=8 width=4 endian=big signed=0 adjust=12 strip=0 max=1048870"),
        ("memcached-text", "framing=other max=1056772"),
        ("minecraft", "framing=other max=2097154"),
        ("mllp", "framing=other max=16777216"),
        ("modbus-tcp", "framing=length-field offset=4 width=2 endian=big signed=0 adjust=0 strip=0 max=260"),
        ("mongodb", "framing=length-field offset=0 width=4 endian=little signed=1 adjust=-4 strip=0 max=48000000"),
        ("mqtt", "framing=other max=1048576"),
        ("msgpack-rpc", "framing=other max=104857600"),
        ("msgpack-rpc-lite", "framing=length-field offset=0 width=4 endian=big signed=0 adjust=0 strip=0 max=1048576"),
        ("msgpack-stream", "framing=length-field offset=0 width=4 endian=big signed=0 adjust=0 strip=0 max=1048576"),
        ("multi-delimiter", "framing=delimiter delimiters=3b3b,0d0a,00 strip=1 max=1024"),
        ("mysql", "framing=length-field offset=0 width=3 endian=little signed=0 adjust=1 strip=0 max=16777219"),
        ("nats", "framing=other max=1060890"),
        ("nbss", "framing=other max=131075"),
        ("netstring", "framing=other max=100006"),
        ("plan9", "framing=length-field offset=0 width=4 endian=little signed=0 adjust=-4 strip=0 max=131072"),
        ("postgres", "framing=length-field offset=1 width=4 endian=big signed=0 adjust=-4 strip=0 max=16777216"),
        ("postgres-connection", "framing=other max=16777216"),
        ("resp", "framing=other max=1073741824"),
        ("rocketmq", "framing=length-field offset=0 width=4 endian=big signed=0 adjust=0 strip=4 max=16777216"),
        ("session-record", "framing=length-field offset=15 width=4 endian=big signed=0 adjust=0 strip=0 max=16777216"),
        (
            "session-record-plain",
            "framing=length-field offset=9 width=4 endian=big signed=0 adjust=0 strip=0 max=1048576",
        ),
        ("smb-tcp", "framing=length-field offset=1 width=3 endian=big signed=0 adjust=0 strip=0 max=16777219"),
        ("smpp", "framing=length-field offset=0 width=4 endian=big signed=0 adjust=-4 strip=0 max=65536"),
        ("someip", "framing=length-field offset=4 width=4 endian=big signed=0 adjust=0 strip=0 max=10485760"),
        ("someip-sd", "framing=length-field offset=4 width=4 endian=big signed=0 adjust=0 strip=0 max=1416"),
        ("stomp", "framing=other max=115099629"),
        ("swoole", "framing=length-field offset=6 width=2 endian=big signed=0 adjust=0 strip=0 max=65543"),
        ("thrift-binary", "framing=length-field offset=0 width=4 endian=big signed=1 adjust=0 strip=0 max=16384004"),
        ("thrift-framed", "framing=length-field offset=0 width=4 endian=big signed=1 adjust=0 strip=4 max=16384004"),
        ("tls-record", "framing=length-field offset=3 width=2 endian=big signed=0 adjust=0 strip=0 max=18437"),
        ("tpkt", "framing=length-field offset=2 width=2 endian=big signed=0 adjust=-4 strip=0 max=65535"),
        ("varint-short", "framing=length-field offset=0 width=1 endian=big signed=0 adjust=0 strip=0 max=128"),
        ("websocket", "framing=other max=16777230"),
    ];
    for (name, framing) in expected {
        assert_eq!(hello(&spec(name)), format!("fwt 1 protocol={name} {framing} oversize=close reject=close"));
    }
}

#[test]
fn the_documented_settings_follow_from_the_documented_frames() {
    let netty = |path| netty::settings(&spec(path)).unwrap().settings.to_string();
    assert_eq!(netty("lfbfd/netty-1"), "new LengthFieldBasedFrameDecoder(65537, 0, 2, 0, 0)");
    assert_eq!(netty("lfbfd/netty-2"), "new LengthFieldBasedFrameDecoder(65537, 0, 2, 0, 2)");
    assert_eq!(netty("lfbfd/netty-3"), "new LengthFieldBasedFrameDecoder(65535, 0, 2, -2, 0)");
    assert_eq!(netty("lfbfd/netty-4"), "new LengthFieldBasedFrameDecoder(1048576, 2, 3, 0, 0)");
    assert_eq!(netty("lfbfd/netty-5"), "new LengthFieldBasedFrameDecoder(1048576, 0, 3, 2, 0)");
    assert_eq!(netty("lfbfd/netty-6"), "new LengthFieldBasedFrameDecoder(65539, 1, 2, 1, 3)");
    assert_eq!(netty("lfbfd/netty-7"), "new LengthFieldBasedFrameDecoder(65535, 1, 2, -3, 3)");
    let tokio = |path| tokio::settings(&spec(path)).unwrap().settings;
    let order = Endian::Big;
    let expected = |offset, length, adjustment, num_skip, max| tokio::Settings::LengthDelimited {
        offset,
        length,
        adjustment,
        num_skip,
        max,
        order,
    };
    assert_eq!(tokio("lfbfd/tokio-default"), expected(0, 4, 0, 4, 8 << 20));
    assert_eq!(tokio("lfbfd/tokio-1"), expected(0, 2, 0, 2, 65535));
    assert_eq!(tokio("lfbfd/tokio-2"), expected(0, 2, 2, 0, 65535));
    assert_eq!(tokio("lfbfd/tokio-3"), expected(0, 2, -2, 2, 65535));
    assert_eq!(tokio("lfbfd/tokio-4"), expected(0, 3, 5, 0, (1 << 20) - 5));
    assert_eq!(tokio("lfbfd/tokio-5"), expected(1, 2, 1, 3, 65535));
    assert_eq!(tokio("lfbfd/tokio-6"), expected(1, 2, -3, 3, 65535));
    assert_eq!(tokio("lfbfd/tokio-7"), expected(0, 3, 0, 4, (1 << 20) - 4));
    let swoole = |path| swoole::settings(&spec(path)).unwrap().settings;
    assert_eq!(
        swoole("lfbfd/swoole-length"),
        swoole::Settings::Length { pack: 'N', length_offset: 8, body_offset: 16, max: 81920 }
    );
    assert_eq!(
        swoole("lfbfd/swoole-short"),
        swoole::Settings::Length { pack: 'n', length_offset: 0, body_offset: 2, max: 65537 }
    );
    assert_eq!(swoole("lfbfd/swoole-eof"), swoole::Settings::Eof { eof: b"\r\n".to_vec(), max: 65536 });
}

#[test]
fn a_frame_without_one_rule_has_a_reason() {
    let reason = |fields| geometry(&frame(fields)).unwrap_err();
    assert_eq!(
        reason("  - length: u16 counts body unit 4\n  - body: bytes\n"),
        "`length` counts in units of 4 bytes; framing decoders count single bytes"
    );
    assert_eq!(
        reason("  - key: bytes u16\n  - value: bytes u16\n"),
        "the frame's size follows from two lengths, the length before `key` and the length before `value`"
    );
    assert_eq!(
        reason("  - bits: { order: msb, of: [ {flag: b1}, {length: b15 counts body} ] }\n  - body: bytes\n"),
        "`length` is a part of a bit group; framing decoders read whole bytes"
    );
    assert_eq!(
        reason("  - kind: u8\n  - extra: u32 when kind == 1\n  - length: u16 counts body\n  - body: bytes\n"),
        "`extra` is optional, and no length counts it"
    );
    assert_eq!(
        reason("  - name: bytes until \"\\0\" max 20\n  - length: u16 counts body\n  - body: bytes\n"),
        "`name` ends with a delimiter, but is not the whole frame, and no length counts it"
    );
    assert_eq!(
        reason("  - length: u16 counts body\n  - body: bytes\n  - end: u8\nemit: body\n"),
        "`emit` hands out `body` and not what follows it, `end`; framing decoders strip the front only"
    );
    assert_eq!(
        reason("  - name: bytes until \"\\0\" or \"\\r\\n\"\n"),
        "`max_frame` bounds the content of `name` together with delimiters of different lengths; give `name` a `max` of at \
         most 1048574"
    );
}

#[test]
fn what_varies_inside_a_length_leaves_the_geometry_alone() {
    let rule = |fields| hello(&frame(fields));
    let simple = "fwt 1 protocol=t framing=length-field offset=0 width=2 endian=big signed=0 adjust=0 strip=0 max=1048576 \
                  oversize=close reject=close";
    assert_eq!(
        rule("  - length: u16 counts kind..body\n  - kind: u8\n  - id: u32 when kind == 1\n  - body: bytes\n"),
        simple
    );
    assert_eq!(rule("  - length: u16 counts name..body\n  - name: bytes until \"\\0\"\n  - body: bytes\n"), simple);
    assert_eq!(rule("  - length: u16 counts key..body\n  - key: str u8\n  - body: bytes\n"), simple);
    assert_eq!(rule("  - length: u16 counts body\n  - body: msgpack\n"), simple);
    assert_eq!(rule("  - body: bytes u16\n"), simple);
    assert_eq!(
        rule("  - body: str u16le\nemit: body\n"),
        "fwt 1 protocol=t framing=length-field offset=0 width=2 endian=little signed=0 adjust=0 strip=2 max=1048576 \
         oversize=close reject=close"
    );
    assert_eq!(
        geometry(&frame("  - length: u16 counts frame\n  - id: u32\n")),
        Ok(Geometry::Fixed { size: 6, strip: 0 })
    );
}

#[test]
fn a_negative_length_is_too_large_to_a_framer_that_reads_it_as_unsigned() {
    let signed = frame("  - length: i16 counts body\n  - body: bytes\n");
    let settings = netty::settings(&signed).unwrap().settings;
    assert_eq!(settings.to_string(), "new LengthFieldBasedFrameDecoder(32769, 0, 2, 0, 0)");
    let expected = tokio::Settings::LengthDelimited {
        offset: 0,
        length: 2,
        adjustment: 2,
        num_skip: 0,
        max: 32767,
        order: Endian::Big,
    };
    assert_eq!(tokio::settings(&signed).unwrap().settings, expected);
}

#[test]
fn a_peer_says_why_it_cannot() {
    let strip = frame("  - length: u16 counts body\n  - body: bytes\nemit: body\n");
    assert_eq!(
        swoole::settings(&strip).unwrap_err(),
        "Swoole hands out whole packages, and `emit` takes 2 bytes off the front"
    );
    assert_eq!(
        netty::settings(&frame("  - length: u40 counts body\n  - body: bytes\n")).unwrap_err(),
        "Netty reads lengths of 1, 2, 3, 4 or 8 bytes, not of 5"
    );
    assert_eq!(
        swoole::settings(&frame("  - length: i32 counts body\n  - body: bytes\n")).unwrap_err(),
        "no package_length_type is a big-endian signed integer of 4 bytes"
    );
    assert_eq!(
        tokio::settings(&spec("multi-delimiter")).unwrap_err(),
        "AnyDelimiterCodec's delimiters are single bytes, and \";;\" has 2"
    );
    assert_eq!(
        tokio::settings(&spec("fixed-record")).unwrap_err(),
        "tokio-util has no codec for frames of a fixed size"
    );
}

#[test]
fn a_peer_says_what_it_does_otherwise() {
    let notes = tokio::settings(&frame("  - length: u8 counts frame\n  - body: bytes\nemit: body\n")).unwrap().notes;
    assert_eq!(
        notes,
        ["tokio-util refuses a length above 254, although the field could hold 255 (it clips max_frame_length)."]
    );
    let notes = netty::settings(&spec("modbus-tcp")).unwrap().notes;
    assert_eq!(
        notes,
        [
            "Netty hands out frames from 6 bytes on; the protocol refuses those below 8.",
            "Netty discards a frame that is too large and goes on; close the channel in exceptionCaught.",
            "Netty finds frames only and does not check `protocol`.",
        ]
    );
}

#[test]
fn show_prints_what_a_person_wants_to_see() {
    for name in ["session-record", "dns-tcp", "msgpack-rpc-lite", "amqp", "line", "postgres"] {
        insta::assert_snapshot!(name, framewright::plan::diagram::show(&spec(name)));
    }
}

/// Small numbers, powers of two and their neighbours, and anything.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0..12_u64, (0..64_u32, 0..3_u64).prop_map(|(bits, over)| (1 << bits) - 1 + over), any::<u64>()]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(
        prop_oneof![Just(b'\r'), Just(b'\n'), Just(b' '), Just(b'#'), Just(b'"'), any::<u8>()],
        0..4,
    )
}

fn order() -> impl Strategy<Value = Endian> {
    prop_oneof![Just(Endian::Big), Just(Endian::Little)]
}

fn adjustment() -> impl Strategy<Value = i64> {
    prop_oneof![-30..30_i64, any::<i64>()]
}

fn netty_settings() -> impl Strategy<Value = netty::Settings> {
    let length_field = (number(), number(), 0..10_u8, adjustment(), number(), order()).prop_map(
        |(max, offset, length, adjustment, strip, order)| netty::Settings::LengthField {
            max,
            offset,
            length,
            adjustment,
            strip,
            order,
        },
    );
    let delimiter = (number(), any::<bool>(), proptest::collection::vec(bytes(), 0..4))
        .prop_map(|(max, strip, delimiters)| netty::Settings::Delimiter { max, strip, delimiters });
    prop_oneof![
        3 => length_field,
        1 => number().prop_map(|size| netty::Settings::Fixed { size }),
        1 => (number(), any::<bool>()).prop_map(|(max, strip)| netty::Settings::Line { max, strip }),
        2 => delimiter,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_netty_accepts_is_imported_as_it_is_shown(settings in netty_settings()) {
        if let Ok(text) = import::netty("t", &settings) {
            // The two orders of CR LF and LF are one decoder, whose one spec names LF first.
            let shown = netty::settings(&plan(&text)).unwrap().settings;
            match &settings {
                netty::Settings::Delimiter { max, strip, delimiters } if *delimiters == [b"\n".to_vec(), b"\r\n".to_vec()] => {
                    prop_assert_eq!(shown, netty::Settings::Line { max: *max, strip: *strip });
                }
                _ => prop_assert_eq!(shown, settings, "{}", text),
            }
        }
    }

    #[test]
    fn whatever_tokio_util_accepts_is_imported_as_it_is_shown(
        offset in number(), length in 0..10_u8, adjustment in adjustment(), num_skip in number(), max in number(), order in order()
    ) {
        let settings = tokio::Settings::LengthDelimited { offset, length, adjustment, num_skip, max, order };
        if let Ok(text) = import::tokio("t", &settings) {
            let tokio::Settings::LengthDelimited { max: shown_max, .. } = tokio::settings(&plan(&text)).unwrap().settings else {
                panic!("{text}")
            };
            // The builder clips its limit to what the field can hold.
            prop_assert!(shown_max <= max);
            let clipped = tokio::Settings::LengthDelimited { offset, length, adjustment, num_skip, max: shown_max, order };
            prop_assert_eq!(tokio::settings(&plan(&text)).unwrap().settings, clipped.clone(), "{}", text);
            prop_assert_eq!(tokio::geometry(&clipped), tokio::geometry(&settings));
        }
    }

    #[test]
    fn whatever_swoole_accepts_is_imported_as_it_is_shown(
        pack in prop_oneof![proptest::sample::select(framewright::model::SWOOLE_PACKS).prop_map(|pack| pack.0), any::<char>()],
        length_offset in number(), body_offset in number(), max in number(), eof in bytes()
    ) {
        for settings in [
            swoole::Settings::Length { pack, length_offset, body_offset, max },
            swoole::Settings::Eof { eof, max },
        ] {
            if let Ok(text) = import::swoole("t", &settings) {
                prop_assert_eq!(swoole::settings(&plan(&text)).unwrap().settings, settings, "{}", text);
            }
        }
    }
}
