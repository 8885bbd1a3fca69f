//! The archiver has one exit code for everything; its words tell more.

use super::Failure;

const ABSENT: [&str; 3] = [
    "no matching backup files",
    "timestamp does not exist",
    "no snapshot",
];
const DISK: [&str; 5] = [
    "no space left",
    "read-only file system",
    "file too large",
    "quota",
    "input/output error",
];
const DAMAGED: [&str; 9] = [
    "decode",
    "ltx file",
    "non-contiguous",
    "checksum",
    "unexpected EOF",
    "lz4",
    "integrity",
    "malformed",
    "corrupt",
];

/// What went wrong. Whatever is not known is told as it is, and counts as an archive that does not answer:
/// nothing is given up for it.
pub(super) fn meaning(words: &str) -> Failure {
    let last = words.lines().rfind(|line| !line.trim().is_empty());
    let text = last.unwrap_or("no word of why").trim();
    let text = text.trim_start_matches("Error: ").to_owned();
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    if says(&ABSENT) {
        Failure::Absent(text)
    } else if says(&DISK) {
        Failure::Disk(text)
    } else if says(&DAMAGED) {
        Failure::Damaged(text)
    } else {
        Failure::Unreachable(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_archiver_have_a_meaning() {
        type Kind = fn(String) -> Failure;
        let all: [(&str, Kind); 11] = [
            (
                "Error: no matching backup files available\n",
                Failure::Absent,
            ),
            ("Error: timestamp does not exist", Failure::Absent),
            ("write x: no space left on device", Failure::Disk),
            (
                "decode database: write page 1: write x.tmp: file too large",
                Failure::Disk,
            ),
            ("dial tcp: connection refused", Failure::Unreachable),
            (
                "s3: cannot load aws config: unable to add custom RootCAs",
                Failure::Unreachable,
            ),
            ("", Failure::Unreachable),
            ("decode header: unexpected EOF", Failure::Damaged),
            (
                "invalid ltx file: level=0 min=0000000000000005 max=0000000000000005 has size 0 bytes",
                Failure::Damaged,
            ),
            (
                "cannot calc restore plan: non-contiguous ltx files: have up to 2 but next file starts at 4",
                Failure::Damaged,
            ),
            (
                "decode database: decode page 1: decompress block: lz4: invalid source",
                Failure::Damaged,
            ),
        ];
        for (words, expected) in all {
            let found = meaning(words);
            let (Failure::Absent(text)
            | Failure::Damaged(text)
            | Failure::Unreachable(text)
            | Failure::Disk(text)) = found.clone();
            assert_eq!(found, expected(text), "{words}");
        }
    }
}
