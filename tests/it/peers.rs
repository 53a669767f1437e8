//! What the peers' constructors take and refuse at their limits, and how their calls are written.

use framewright::plan::Endian;
use framewright::plan::peers::{netty, swoole, tokio};

use crate::geometry::plan;

const INT_MAX: u64 = 0x7fff_ffff;

fn netty_length(max: u64, offset: u64, adjustment: i64, strip: u64) -> Result<(), String> {
    let order = Endian::Big;
    netty::geometry(&netty::Settings::LengthField { max, offset, length: 4, adjustment, strip, order }).map(|_| ())
}

/// The arguments are Java ints; `maxFrameLength` is positive, and at least `lengthFieldOffset` + `lengthFieldLength`.
#[test]
fn netty_takes_java_ints() {
    assert_eq!(netty_length(4, 0, 0, 0), Ok(()));
    assert_eq!(netty_length(INT_MAX, INT_MAX - 4, 0, INT_MAX), Ok(()));
    assert_eq!(netty_length(100, 0, 0x7fff_ffff, 0), Ok(()));
    assert_eq!(netty_length(100, 0, -0x7fff_ffff, 0), Ok(()));
    let refused: [(Result<(), String>, &str); 7] = [
        (netty_length(0, 0, 0, 0), "maxFrameLength must be at least 1"),
        (netty_length(3, 0, 0, 0), "the length field ends at byte 4, beyond the largest frame of 3 bytes"),
        (netty_length(INT_MAX + 1, 0, 0, 0), "maxFrameLength is a Java int and cannot be 2147483648"),
        (netty_length(100, INT_MAX + 1, 0, 0), "lengthFieldOffset is a Java int and cannot be 2147483648"),
        (netty_length(100, 0, 0, INT_MAX + 1), "initialBytesToStrip is a Java int and cannot be 2147483648"),
        (netty_length(100, 0, 0x8000_0000, 0), "lengthAdjustment is a Java int and cannot be 2147483648"),
        (netty_length(100, 0, -0x8000_0001, 0), "lengthAdjustment is a Java int and cannot be -2147483649"),
    ];
    for (result, reason) in refused {
        assert_eq!(result, Err(reason.to_owned()));
    }
}

#[test]
fn netty_takes_positive_sizes_and_delimiters_of_at_least_one_byte() {
    let refused = |settings| netty::geometry(&settings).unwrap_err();
    assert_eq!(refused(netty::Settings::Fixed { size: 0 }), "frameLength must be at least 1");
    assert_eq!(refused(netty::Settings::Line { max: 0, strip: true }), "maxLength must be at least 1");
    let delimiters = |max, delimiters| refused(netty::Settings::Delimiter { max, strip: true, delimiters });
    assert_eq!(delimiters(0, vec![b"\n".to_vec()]), "maxFrameLength must be at least 1");
    let empty = "DelimiterBasedFrameDecoder needs delimiters that are not empty";
    assert_eq!(delimiters(9, vec![]), empty);
    assert_eq!(delimiters(9, vec![b"\n".to_vec(), vec![]]), empty);
}

/// `Delimiters` has CR LF and LF, and NUL. Others are written as bytes, which in Java reach from -0x80 to 0x7f.
#[test]
fn nettys_delimiters_are_written_in_java() {
    let shown = |delimiters: &[&[u8]]| {
        let delimiters = delimiters.iter().map(|delimiter| delimiter.to_vec()).collect();
        netty::Settings::Delimiter { max: 80, strip: true, delimiters }.to_string()
    };
    for (delimiters, java) in [
        (&[&b"\r\n"[..], b"\n"][..], "Delimiters.lineDelimiter()"),
        (&[b"\0"], "Delimiters.nulDelimiter()"),
        (&[b"\x7f\x80"], "Unpooled.wrappedBuffer(new byte[] {0x7f, (byte) 0x80})"),
        (
            &[b"\0", b";\xff"],
            "Unpooled.wrappedBuffer(new byte[] {0x00}), Unpooled.wrappedBuffer(new byte[] {0x3b, (byte) 0xff})",
        ),
    ] {
        assert_eq!(shown(delimiters), format!("new DelimiterBasedFrameDecoder(80, true, true, {java})"));
    }
}

/// The offsets are stored in 16 bits, `package_max_length` in 32.
#[test]
fn swooles_settings_have_limits() {
    let length = |length_offset, body_offset, max| {
        swoole::geometry(&swoole::Settings::Length { pack: 'N', length_offset, body_offset, max }).map(|_| ())
    };
    assert_eq!(length(0xffff, 0xffff, 0xffff_ffff), Ok(()));
    assert_eq!(length(0x10000, 0, 100), Err("package_length_offset is at most 65535, and 65536 is needed".to_owned()));
    assert_eq!(length(0, 0x10000, 100), Err("package_body_offset is at most 65535, and 65536 is needed".to_owned()));
    assert_eq!(
        length(0, 4, 0x1_0000_0000),
        Err("package_max_length is at most 4294967295, and 4294967296 is needed".to_owned())
    );
}

#[test]
fn a_swoole_server_raises_a_limit_below_65536() {
    let notes = |max_frame: u64| {
        let text = format!(
            "framewright: 1\nname: t\nmax_frame: {max_frame}\nframe:\n  - length: u32 counts body\n  - body: bytes\n"
        );
        swoole::settings(&plan(&text)).unwrap().notes
    };
    let raised = ["A Swoole server raises package_max_length to 65536, so longer frames pass."];
    assert_eq!(notes(65534), raised);
    assert_eq!(notes(65535), raised);
    assert_eq!(notes(65536), [""; 0]);
}

/// A field of two bytes holds up to 65535, to which the builder clips `max_frame_length`: nothing is lost by that.
#[test]
fn tokio_util_is_not_told_to_refuse_what_the_field_cannot_hold() {
    let text =
        "framewright: 1\nname: t\nmax_frame: 65537\nframe:\n  - length: u16 counts body\n  - body: bytes\nemit: body\n";
    assert_eq!(tokio::settings(&plan(text)).unwrap().notes, [""; 0]);
}

/// `LinesCodec` makes `String`s; the other codecs hand out bytes.
#[test]
fn of_tokio_utils_codecs_that_of_lines_judges_text() {
    let notes = |field: &str| {
        let text = format!("framewright: 1\nname: t\nmax_frame: 1000\nframe:\n  - {field}\nemit: text\n");
        tokio::settings(&plan(&text)).unwrap().notes
    };
    let unchecked = "tokio-util finds frames only and does not check `text`.".to_owned();
    let refused = "LinesCodec refuses lines that are not UTF-8.".to_owned();
    let says = |field: &str| (notes(field).contains(&unchecked), notes(field).contains(&refused));
    assert_eq!(says("text: str u16"), (true, false));
    assert_eq!(says(r#"text: str until ";" max 80"#), (true, false));
    assert_eq!(says(r#"text: str until "\n" or "\r\n" max 80"#), (false, false));
    assert_eq!(says(r#"text: bytes until "\n" or "\r\n" max 80"#), (false, true));
    assert_eq!(says(r#"text: bytes until "\n" or "\r\n" max 80 via json"#), (true, true));
}
