//! The codecs, each with the buffer of its time.

/// What a codec says: a frame, or an error's text.
pub type Event = Result<Vec<u8>, String>;
/// Takes a chunk and tells all that comes of it, until the listener has heard enough.
pub type Feed = Box<dyn FnMut(&[u8], &mut dyn FnMut(Event) -> bool)>;

/// A codec and its buffer, called until it asks for more bytes, as `FramedRead` calls it.
macro_rules! feed {
    ($codec:expr, $buffer:ty, $decode:path) => {{
        let (mut codec, mut buffer) = ($codec, <$buffer>::new());
        Ok(Box::new(move |chunk, tell| {
            buffer.extend_from_slice(chunk);
            while match $decode(&mut codec, &mut buffer) {
                Ok(None) => false,
                Ok(Some(frame)) => tell(Ok(AsRef::<[u8]>::as_ref(&frame).to_vec())),
                Err(error) => tell(Err(format!("{error:?}"))),
            } {}
        }))
    }};
}

/// A codec for the geometry that `g` tells of, or what keeps it from serving it.
pub fn open(library: &str, g: &dyn Fn(&str) -> String) -> Result<Feed, &'static str> {
    let max = g("max").parse().unwrap_or(0);
    let lines = g("framing") == "delimiter" && g("delimiters") == "0a,0d0a" && g("strip") == "1";
    let keys = ["offset", "width", "endian", "signed", "adjust", "strip"];
    let u64s = keys.map(g) == ["0", "8", "big", "0", "0", "8"];
    match library {
        "tokio-util" if lines => {
            feed!(
                tokio_util::codec::LinesCodec::new_with_max_length(max),
                bytes::BytesMut,
                tokio_util::codec::Decoder::decode
            )
        }
        "futures_codec" if u64s => {
            feed!(futures_codec::LengthCodec, bytes_0_5::BytesMut, futures_codec::Decoder::decode)
        }
        _ => Err("no codec for this geometry"),
    }
}
