//! Captures, written byte by byte as the formats say: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng, tcpdump.org/linktypes.html, RFC 791, 8200 and 9293.

use std::net::{IpAddr, SocketAddr};

/// Every form of a file.
pub(crate) const FORMS: [Form; 9] = [
    Form::Pcap { big: false, nano: false },
    Form::Pcap { big: true, nano: false },
    Form::Pcap { big: false, nano: true },
    Form::Pcap { big: true, nano: true },
    Form::Modified,
    Form::Pcapng { big: false, simple: false },
    Form::Pcapng { big: true, simple: false },
    Form::Pcapng { big: false, simple: true },
    Form::Pcapng { big: true, simple: true },
];

/// Every link layer that is read, with what it can carry.
pub(crate) const LINKS: [u32; 10] = [1, 101, 113, 276, 0, 108, 12, 14, 228, 229];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Pcap {
        big: bool,
        nano: bool,
    },
    /// Little endian, with longer records.
    Modified,
    Pcapng {
        big: bool,
        simple: bool,
    },
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flags {
    pub(crate) syn: bool,
    pub(crate) fin: bool,
    pub(crate) rst: bool,
    pub(crate) ack: Option<u32>,
}

#[derive(Clone, Debug)]
pub(crate) struct Writer {
    form: Form,
    pub(crate) link: u32,
    /// Tags of 802.1Q on each frame of Ethernet.
    pub(crate) tags: usize,
    pub(crate) bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn new(form: Form, link: u32) -> Self {
        let mut it = Self { form, link, tags: 0, bytes: Vec::new() };
        match form {
            Form::Pcap { nano, .. } => {
                it.u32(if nano { 0xa1b2_3c4d } else { 0xa1b2_c3d4 });
                it.header();
            }
            Form::Modified => {
                it.u32(0xa1b2_cd34);
                it.header();
            }
            Form::Pcapng { .. } => {
                let mut section = it.like();
                section.u32(0x1a2b_3c4d);
                section.u16(1);
                section.u16(0);
                section.bytes.extend([0xff; 8]);
                it.block(0x0a0d_0d0a, &section.bytes);
                it.interface(link);
            }
        }
        it
    }

    fn header(&mut self) {
        self.u16(2);
        self.u16(4);
        [0, 0, 262_144].into_iter().for_each(|word| self.u32(word));
        self.u32(self.link);
    }

    /// A block that describes an interface.
    pub(crate) fn interface(&mut self, link: u32) {
        let mut body = self.like();
        body.u16(u16::try_from(link).unwrap());
        body.u16(0);
        body.u32(262_144);
        // if_name "lo", and the end of options.
        body.u16(2);
        body.u16(2);
        body.bytes.extend(*b"lo\0\0");
        body.u32(0);
        self.block(1, &body.bytes);
    }

    fn like(&self) -> Self {
        Self { bytes: Vec::new(), ..self.clone() }
    }

    fn big(&self) -> bool {
        matches!(self.form, Form::Pcap { big: true, .. } | Form::Pcapng { big: true, .. })
    }

    fn u16(&mut self, value: u16) {
        self.bytes.extend(if self.big() { value.to_be_bytes() } else { value.to_le_bytes() });
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.bytes.extend(if self.big() { value.to_be_bytes() } else { value.to_le_bytes() });
    }

    pub(crate) fn block(&mut self, kind: u32, body: &[u8]) {
        let padded = body.len().next_multiple_of(4);
        self.u32(kind);
        self.u32(padded as u32 + 12);
        self.bytes.extend(body);
        self.bytes.resize(self.bytes.len() + padded - body.len(), 0);
        self.u32(padded as u32 + 12);
    }

    /// A packet of the link layer, of which only so many bytes are kept.
    pub(crate) fn frame(&mut self, frame: &[u8], kept: usize) {
        let kept = &frame[..kept.min(frame.len())];
        let sizes = [kept.len() as u32, frame.len() as u32];
        match self.form {
            Form::Pcap { .. } | Form::Modified => {
                [7, 9, sizes[0], sizes[1]].into_iter().for_each(|word| self.u32(word));
                if self.form == Form::Modified {
                    self.bytes.extend([0; 8]);
                }
                self.bytes.extend(kept);
            }
            // A simple packet block says only what the packet's size was.
            Form::Pcapng { simple: true, .. } if kept.len() == frame.len() => {
                let mut body = self.like();
                body.u32(sizes[1]);
                body.bytes.extend(kept);
                self.block(3, &body.bytes);
            }
            Form::Pcapng { .. } => {
                let mut body = self.like();
                [0, 0, 0, sizes[0], sizes[1]].into_iter().for_each(|word| body.u32(word));
                body.bytes.extend(kept);
                self.block(6, &body.bytes);
            }
        }
    }

    /// An IP packet of which the last bytes are not kept.
    pub(crate) fn ip(&mut self, ip: &[u8], lost: usize) {
        let (v6, be) = (ip[0] >> 4 == 6, self.big());
        let kind: [u8; 2] = if v6 { [0x86, 0xdd] } else { [8, 0] };
        let family: u32 = if v6 { 30 } else { 2 };
        let mut frame = match self.link {
            1 => {
                let tags = [0x81, 0, 0, 5].repeat(self.tags);
                [&[2; 12][..], &tags, &kind].concat()
            }
            113 => [&[0; 14][..], &kind].concat(),
            276 => [&kind[..], &[0; 18]].concat(),
            0 => if be { family.to_be_bytes() } else { family.to_le_bytes() }.to_vec(),
            108 => family.to_be_bytes().to_vec(),
            _ => Vec::new(),
        };
        frame.extend(ip);
        let kept = frame.len() - lost;
        if self.link == 1 && lost == 0 && frame.len() < 60 {
            // Ethernet's smallest frame: what stands behind the IP packet is not of it.
            frame.resize(60, 0xee);
            self.frame(&frame, 60);
        } else {
            self.frame(&frame, kept);
        }
    }

    /// A segment, of which the last bytes are not kept.
    pub(crate) fn tcp(
        &mut self,
        from: SocketAddr,
        to: SocketAddr,
        sequence: u32,
        flags: Flags,
        payload: &[u8],
        lost: usize,
    ) {
        self.ip(&ip(from, to, 6, &tcp(from, to, sequence, flags, payload)), lost);
    }
}

/// A segment with 4 bytes of options.
pub(crate) fn tcp(from: SocketAddr, to: SocketAddr, sequence: u32, flags: Flags, payload: &[u8]) -> Vec<u8> {
    let bits = u8::from(flags.fin) | u8::from(flags.syn) << 1 | u8::from(flags.rst) << 2;
    let bits = bits | u8::from(flags.ack.is_some()) << 4;
    let mut bytes = [from.port().to_be_bytes(), to.port().to_be_bytes()].concat();
    bytes.extend(sequence.to_be_bytes());
    bytes.extend(flags.ack.unwrap_or(0).to_be_bytes());
    bytes.extend([6 << 4, bits, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0]);
    bytes.extend(payload);
    bytes
}

/// An IP packet with this payload.
pub(crate) fn ip(from: SocketAddr, to: SocketAddr, protocol: u8, payload: &[u8]) -> Vec<u8> {
    match (from.ip(), to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let size = (payload.len() as u16 + 20).to_be_bytes();
            let head = [0x45, 0, size[0], size[1], 0, 1, 0x40, 0, 64, protocol, 0, 0];
            [&head[..], &from.octets(), &to.octets(), payload].concat()
        }
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            let size = (payload.len() as u16).to_be_bytes();
            let head = [0x60, 0, 0, 0, size[0], size[1], protocol, 64];
            [&head[..], &from.octets(), &to.octets(), payload].concat()
        }
        _ => panic!("both ends have addresses of one family"),
    }
}
