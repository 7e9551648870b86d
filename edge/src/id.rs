//! Ids of jobs: UUIDs of version 7 (RFC 9562), which sort by the time they were made.

/// Whether a text could be the id of a job, as it is written by [`uuid_v7`]. Asked before any object is
/// addressed, so that guesses reach none.
pub(crate) fn is_job_id(text: &str) -> bool {
    let fits = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        14 => byte == b'7',
        19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// A UUID of version 7 for a time, in milliseconds since 1970, and 80 random bits, of which it keeps 74.
pub(crate) fn uuid_v7(ms: u64, random: [u8; 10]) -> String {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&ms.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&random);
    bytes[6] = 0x70 | bytes[6] & 0x0f;
    bytes[8] = 0x80 | bytes[8] & 0x3f;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_made_from_its_parts() {
        // RFC 9562, appendix A.6: 2022-02-22T19:22:22Z, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
        let random = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
        assert_eq!(uuid_v7(0x017f_22e2_79b0, random), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    }

    #[test]
    fn ids_of_any_time_and_chance_have_the_shape_that_is_asked_for() {
        for (ms, random) in [(0, [0; 10]), (u64::MAX, [0xff; 10]), (1_788_220_800_250, [0x5a; 10])] {
            assert!(is_job_id(&uuid_v7(ms, random)));
        }
    }

    #[test]
    fn ids_sort_by_time() {
        assert!(uuid_v7(1_000, [0xff; 10]) < uuid_v7(1_001, [0; 10]));
    }

    #[test]
    fn what_is_no_job_id_is_told_by_its_shape() {
        for text in [
            "",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
            "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
            "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",
            "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
            "017f22e2_79b0-7cc3-98c4-dc0c0c07398f",
            "017f22e2-79b0-7cc3-98c4-dc0c0c0739é",
        ] {
            assert!(!is_job_id(text), "{text}");
        }
    }
}
