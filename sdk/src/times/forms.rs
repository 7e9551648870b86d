//! The written forms of times: RFC 3339 and its relatives, the mail form and the old Twitter form.

use super::calendar::{Clock, Date, Moment};

const MONTHS: [&[u8; 3]; 12] = [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

const WEEKDAYS: [&[u8; 3]; 7] = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"];

/// Zones that old mail programs wrote by name, in hours east of UTC.
const ZONES: [(&[u8; 3], i64); 8] =
    [(b"est", -5), (b"edt", -4), (b"cst", -6), (b"cdt", -5), (b"mst", -7), (b"mdt", -6), (b"pst", -8), (b"pdt", -7)];

/// Reads RFC 3339 with any offset; a date alone is its midnight, and a time without an offset is in UTC. The dashes
/// and colons may be left out, as ISO 8601 allows.
pub(super) fn rfc3339(text: &[u8]) -> Option<Moment> {
    let mut rest = Rest(text);
    let date = rest.date()?;
    if rest.is_empty() {
        return Moment::of(date, Clock::default(), 0);
    }
    rest.one_of(b"Tt ")?;
    let clock = rest.clock()?;
    let offset = if rest.is_empty() || rest.one_of(b"Zz").is_some() { 0 } else { rest.offset()? };
    rest.is_empty().then(|| Moment::of(date, clock, offset))?
}

/// Reads `Tue, 07 Jan 2025 18:23:09 +0000` (RFC 5322 and HTTP), where the weekday may be missing and is not checked
/// against the date, since platforms get it wrong.
pub(super) fn mail(text: &[u8]) -> Option<Moment> {
    let dated = match text.iter().position(|&byte| byte == b',') {
        Some(comma) => {
            place(&WEEKDAYS, text.get(..comma)?)?;
            text.get(comma + 1..)?
        }
        None => text,
    };
    let [day, month, year, time, zone] = words(dated)?;
    in_words(day, month, year, time, zone)
}

/// Reads `Wed Dec 01 19:13:23 +0000 2010`.
pub(super) fn old_twitter(text: &[u8]) -> Option<Moment> {
    let [weekday, month, day, time, zone, year] = words(text)?;
    place(&WEEKDAYS, weekday)?;
    in_words(day, month, year, time, zone)
}

fn in_words(day: &[u8], month: &[u8], year: &[u8], time: &[u8], zone: &[u8]) -> Option<Moment> {
    let month = u32::try_from(place(&MONTHS, month)?).ok()? + 1;
    let date = Date { year: full_year(year)?, month, day: number(day, 1..=2)? };
    let mut rest = Rest(time);
    let clock = rest.clock()?;
    (rest.is_empty() && clock.nanoseconds == 0).then(|| Moment::of(date, clock, offset_by_name(zone)?))?
}

/// Exactly this many words, with white space between them.
fn words<const N: usize>(text: &[u8]) -> Option<[&[u8]; N]> {
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let mut found = [&[][..]; N];
    for word in &mut found {
        *word = words.next()?;
    }
    words.next().is_none().then_some(found)
}

/// Where a name of three letters stands in a list, whatever its case.
fn place(names: &[&[u8; 3]], name: &[u8]) -> Option<usize> {
    names.iter().position(|known| known.eq_ignore_ascii_case(name))
}

/// The number that these digits and nothing else are.
fn number(digits: &[u8], lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    if !lengths.contains(&digits.len()) {
        return None;
    }
    Rest(digits).number(digits.len())
}

/// Years of two or three digits are what RFC 5322 makes of them.
fn full_year(digits: &[u8]) -> Option<u32> {
    let year = number(digits, 2..=4)?;
    Some(match digits.len() {
        2 if year <= 49 => year + 2000,
        2 | 3 => year + 1900,
        _ => year,
    })
}

/// The zone of a mail in seconds east of UTC: an offset, or a name. RFC 5322 has names that aren't known mean UTC.
fn offset_by_name(zone: &[u8]) -> Option<i64> {
    if zone.starts_with(b"+") || zone.starts_with(b"-") {
        let mut rest = Rest(zone);
        let offset = rest.offset()?;
        return rest.is_empty().then_some(offset);
    }
    let is_long_enough = matches!(zone.len(), 1 | 3..=5) || zone.eq_ignore_ascii_case(b"ut");
    let is_name = is_long_enough && zone.iter().all(u8::is_ascii_alphabetic);
    let known = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(zone));
    is_name.then(|| known.map_or(0, |(_, hours)| hours * 3600))
}

/// What is not read yet.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte, when it is one of these.
    fn one_of(&mut self, wanted: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        wanted.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    /// A number of exactly this many digits, at most nine.
    fn number(&mut self, digits: usize) -> Option<u32> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        number.iter().try_fold(0, |sum: u32, digit| Some(sum * 10 + char::from(*digit).to_digit(10)?))
    }

    fn date(&mut self) -> Option<Date> {
        let year = self.number(4)?;
        let has_dashes = self.one_of(b"-").is_some();
        let month = self.number(2)?;
        if has_dashes {
            self.one_of(b"-")?;
        }
        Some(Date { year, month, day: self.number(2)? })
    }

    /// Hours, minutes and perhaps seconds with perhaps a fraction.
    fn clock(&mut self) -> Option<Clock> {
        let hour = self.number(2)?;
        let has_colons = self.one_of(b":").is_some();
        let mut clock = Clock { hour, minute: self.number(2)?, ..Clock::default() };
        let has_seconds = if has_colons { self.one_of(b":").is_some() } else { self.0.first().is_some_and(u8::is_ascii_digit) };
        if has_seconds {
            clock.second = self.number(2)?;
            clock.nanoseconds = self.fraction()?;
        }
        Some(clock)
    }

    /// A fraction of a second in nanoseconds, of one to nine digits; 0 when there is none.
    fn fraction(&mut self) -> Option<u32> {
        if self.one_of(b".,").is_none() {
            return Some(0);
        }
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let missing = u32::try_from(9_usize.checked_sub(digits)?).ok().filter(|&missing| missing < 9)?;
        Some(self.number(digits)? * 10_u32.pow(missing))
    }

    /// `+07:00`, `-0700` or `+07` in seconds, at most a day.
    fn offset(&mut self) -> Option<i64> {
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.number(2)?;
        let has_minutes = self.one_of(b":").is_some() || !self.is_empty();
        let minutes = if has_minutes { self.number(2)? } else { 0 };
        (hours < 24 && minutes < 60).then(|| sign * i64::from(hours * 3600 + minutes * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc3339_of(text: &str) -> Option<String> {
        rfc3339(text.as_bytes())?.to_text()
    }

    fn mail_of(text: &str) -> Option<String> {
        mail(text.as_bytes())?.to_text()
    }

    #[test]
    fn the_relatives_of_rfc_3339_are_read() {
        for text in ["2025-01-07T18:23:09Z", "2025-01-07t18:23:09z", "20250107T182309Z", "2025-01-07 18:23:09", "2025-01-08T01:23:09+07"] {
            assert_eq!(rfc3339_of(text).as_deref(), Some("2025-01-07T18:23:09Z"), "{text}");
        }
        assert_eq!(rfc3339_of("2025-01-07T18:23").as_deref(), Some("2025-01-07T18:23:00Z"));
        assert_eq!(rfc3339_of("2025-01-07T18:23+0530").as_deref(), Some("2025-01-07T12:53:00Z"));
        assert_eq!(rfc3339_of("20250107").as_deref(), Some("2025-01-07T00:00:00Z"));
    }

    #[test]
    fn a_fraction_has_one_to_nine_digits() {
        assert_eq!(rfc3339_of("2025-01-07T18:23:09.5Z").as_deref(), Some("2025-01-07T18:23:09.5Z"));
        assert_eq!(rfc3339_of("2025-01-07T18:23:09,123456789Z").as_deref(), Some("2025-01-07T18:23:09.123456789Z"));
        assert_eq!(rfc3339_of("2025-01-07T18:23:09.1234567891Z"), None);
        assert_eq!(rfc3339_of("2025-01-07T18:23:09.Z"), None);
    }

    #[test]
    fn an_offset_is_less_than_a_day() {
        assert_eq!(rfc3339_of("2025-01-07T00:00:00+23:59").as_deref(), Some("2025-01-06T00:01:00Z"));
        for offset in ["+24:00", "+00:60", "+1", "+001", "+00:0", "+", "x", "+00:00 ", "Zulu"] {
            assert_eq!(rfc3339_of(&format!("2025-01-07T00:00:00{offset}")), None, "{offset}");
        }
    }

    #[test]
    fn what_is_cut_or_goes_on_is_no_time() {
        let whole = "2025-01-07T18:23:09Z";
        for end in (0..whole.len()).filter(|end| ![10, 16, 19].contains(end)) {
            assert_eq!(rfc3339_of(&whole[..end]), None, "{}", &whole[..end]);
        }
        for text in ["2025-01-07T18:23:09ZZ", "2025-01-07x", "2025-0107", "202501-07", "+2025-01-07", "2025-01-07T1823:09Z"] {
            assert_eq!(rfc3339_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_mail_may_leave_out_the_weekday_and_the_seconds() {
        for text in [
            "Tue, 07 Jan 2025 18:23:00 +0000",
            "Mon, 7 Jan 2025 18:23 GMT",
            "tue,07 JAN 2025  18:23:00\tut",
            "7 Jan 25 18:23 Z",
            "7 Jan 125 13:23 EST",
            "7 Jan 2025 11:23 -0700",
        ] {
            assert_eq!(mail_of(text).as_deref(), Some("2025-01-07T18:23:00Z"), "{text}");
        }
        assert_eq!(mail_of("31 Dec 99 23:59:60 GMT").as_deref(), Some("1999-12-31T23:59:59Z"));
    }

    #[test]
    fn a_mail_that_is_wrong_anywhere_is_no_time() {
        for text in [
            "Tux, 07 Jan 2025 18:23:09 +0000",
            "Tue, 07 Jax 2025 18:23:09 +0000",
            "Tue, 007 Jan 2025 18:23:09 +0000",
            "Tue, 32 Jan 2025 18:23:09 +0000",
            "Tue, 07 Jan 20250 18:23:09 +0000",
            "Tue, 07 Jan 5 18:23:09 +0000",
            "Tue, 07 Jan 2025 24:23:09 +0000",
            "Tue, 07 Jan 2025 18:23:09.5 +0000",
            "Tue, 07 Jan 2025 18:23:09 +00000",
            "Tue, 07 Jan 2025 18:23:09 +9900",
            "Tue, 07 Jan 2025 18:23:09 G7T",
            "Tue, 07 Jan 2025 18:23:09",
            "Tue, 07 Jan 2025 18:23:09 +0000 2025",
            "Tue,",
            ",",
        ] {
            assert_eq!(mail_of(text), None, "{text}");
        }
    }

    #[test]
    fn the_old_twitter_form_has_six_words() {
        let text = |text: &str| old_twitter(text.as_bytes())?.to_text();
        assert_eq!(text("Wed Dec 01 19:13:23 -0130 2010").as_deref(), Some("2010-12-01T20:43:23Z"));
        for wrong in ["Dec 01 19:13:23 +0000 2010", "Wed Dec 01 19:13:23 +0000 2010 x", "Wex Dec 01 19:13:23 +0000 2010", ""] {
            assert_eq!(text(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic() {
        for whole in ["2025-01-07T18:23:09.672+07:00", "Tue, 07 Jan 2025 18:23:09 +0000", "Wed Dec 01 19:13:23 +0000 2010"] {
            for spoiled in crate::testing::spoiled(whole.as_bytes(), 1) {
                let read = [rfc3339(&spoiled), mail(&spoiled), old_twitter(&spoiled)];
                assert!(read.into_iter().flatten().all(|moment| moment.to_text().is_some()), "{spoiled:?}");
            }
        }
    }
}
