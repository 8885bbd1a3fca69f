//! Pictures that people bring: known by their content, never by what they are said to be.
//!
//! PNG, JPEG and WebP are pixels. SVG is not taken: it is a document that can hold scripts and links, and
//! no list of what to remove from it has ever been complete.

use super::words;

words! {
    /// A kind of picture that is taken.
    Kind { Png = "image/png", Jpeg = "image/jpeg", Webp = "image/webp" }
}

/// Bytes of a picture at most.
pub const LARGEST: usize = 256 * 1024;
/// Pixels of a side at most: a few bytes can say that they are a hundred million pixels.
pub const LONGEST: u32 = 2_000;

/// Looks at a picture.
///
/// # Errors
/// What is wrong with it.
pub fn look(bytes: &[u8]) -> Result<Kind, String> {
    let (kind, (width, height)) = read(bytes).ok_or("PNG, JPEG or WebP is expected.")?;
    if (1..=LONGEST).contains(&width) && (1..=LONGEST).contains(&height) {
        return Ok(kind);
    }
    Err(format!(
        "A side has 1 to {LONGEST} pixels; this picture has {width} by {height}."
    ))
}

fn read(bytes: &[u8]) -> Option<(Kind, (u32, u32))> {
    if let Some(rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") {
        return Some((Kind::Png, png(rest)?));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xd8") {
        return Some((Kind::Jpeg, jpeg(rest)?));
    }
    let riff = bytes.strip_prefix(b"RIFF")?.get(4..)?;
    Some((Kind::Webp, webp(riff.strip_prefix(b"WEBP")?)?))
}

/// The first chunk is the header.
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.get(4..)?.strip_prefix(b"IHDR")?;
    Some((big(header, 0)?, big(header, 4)?))
}

/// Segment after segment, until the one that begins the picture.
fn jpeg(mut bytes: &[u8]) -> Option<(u32, u32)> {
    loop {
        let [0xff, marker, rest @ ..] = bytes else {
            return None;
        };
        let length = usize::try_from(short(rest, 0)?).ok()?;
        match marker {
            // Between two segments there may be any number of these.
            0xff => bytes = bytes.get(1..)?,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((short(rest, 5)?, short(rest, 3)?));
            }
            _ => bytes = rest.get(length.max(2)..)?,
        }
    }
}

/// Three kinds of first chunks, each with its own header.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let (name, body) = (bytes.get(..4)?, bytes.get(8..)?);
    let little = |place: usize, length: usize| {
        let bytes = body.get(place..place + length)?.iter().rev();
        Some(bytes.fold(0u32, |all, byte| all << 8 | u32::from(*byte)))
    };
    match name {
        b"VP8 " if body.get(3..6)? == [0x9d, 0x01, 0x2a] => {
            Some((little(6, 2)? & 0x3fff, little(8, 2)? & 0x3fff))
        }
        b"VP8L" if body.first()? == &0x2f => {
            let sides = little(1, 4)?;
            Some(((sides & 0x3fff) + 1, (sides >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(4, 3)? + 1, little(7, 3)? + 1)),
        _ => None,
    }
}

fn big(bytes: &[u8], place: usize) -> Option<u32> {
    let four = bytes.get(place..place + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(four))
}

fn short(bytes: &[u8], place: usize) -> Option<u32> {
    let two = bytes.get(place..place + 2)?.try_into().ok()?;
    Some(u32::from(u16::from_be_bytes(two)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
        bytes
    }

    #[test]
    fn a_picture_is_known_by_its_content() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xc0\0\x11\x08\0\x30\0\x40";
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\0\x30\0";
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\xc0\x0b\0";
        let extended = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x3f\0\0\x2f\0\0";
        assert_eq!(read(jpeg), Some((Kind::Jpeg, (64, 48))));
        for webp in [&lossy[..], lossless, extended] {
            assert_eq!(read(webp), Some((Kind::Webp, (64, 48))));
        }
        assert_eq!(read(&png_of(64, 48)), Some((Kind::Png, (64, 48))));
    }

    #[test]
    fn what_is_no_picture_or_too_large_a_one_is_refused() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        for bytes in [
            &b""[..],
            svg,
            b"GIF89a\x01\0\x01\0",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
        ] {
            assert!(look(bytes).is_err(), "{bytes:?}");
        }
        assert_eq!(look(&png_of(LONGEST, 1)), Ok(Kind::Png));
        assert!(look(&png_of(LONGEST + 1, 1)).is_err());
        assert!(look(&png_of(0, 1)).is_err());
    }

    proptest! {
        #[test]
        fn nothing_breaks_the_reader(head in 0..4usize, rest in prop::collection::vec(any::<u8>(), 0..64)) {
            let heads: [&[u8]; 4] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"RIFF\0\0\0\0WEBPVP8 "];
            let _ = look(&[heads[head], &rest].concat());
        }
    }
}
