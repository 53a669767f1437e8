//! Bytes that are combined with a key.

use std::borrow::Cow;

/// Each byte by exclusive or with one of the key's, in turn; without a key as it is. Done twice, it is undone.
pub(super) fn masked<'a>(key: &[u8], bytes: &'a [u8]) -> Cow<'a, [u8]> {
    if key.is_empty() {
        return Cow::Borrowed(bytes);
    }
    Cow::Owned(bytes.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key).collect())
}
