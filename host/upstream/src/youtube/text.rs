//! Figures and dates as the platform writes them for people.

/// A count with commas: `7,470,787`.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count cut to three digits, as it is told of others: 1 738 332 is 1 730 000.
pub(super) fn three_digits(count: u64) -> u64 {
    let unit = unit(count);
    count / unit * unit
}

/// A count cut to three digits with a letter for the rest: `1.73M`, `42.5K`, `20M`, `512`.
pub(super) fn short(count: u64) -> String {
    let (letter, size) = match count {
        0..1_000 => return count.to_string(),
        1_000..1_000_000 => ("K", 1_000),
        1_000_000..1_000_000_000 => ("M", 1_000_000),
        _ => ("B", 1_000_000_000),
    };
    let thousandths = three_digits(count) / (size / 1_000);
    let fraction = format!("{:03}", thousandths % 1_000);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}{letter}", thousandths / 1_000)
}

/// The smallest step between two counts of three digits.
fn unit(count: u64) -> u64 {
    10_u64.pow(count.checked_ilog10().unwrap_or_default().saturating_sub(2))
}

/// A length as it is shown on a video: `13:26`, `1:02:03`.
pub(super) fn length(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// How long ago something was, in one unit, and that many seconds exactly.
pub(super) fn ago(seconds: u64) -> (String, u64) {
    let units =
        [("year", 31_536_000), ("month", 2_592_000), ("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    let (name, size) = units.into_iter().find(|(_, size)| seconds >= *size).unwrap_or(("second", 1));
    let count = seconds / size;
    (format!("{count} {name}{} ago", if count == 1 { "" } else { "s" }), count * size)
}

/// `Joined Jun 21, 2015`.
pub(super) fn joined(unix_s: i64) -> String {
    jiff::Timestamp::from_second(unix_s).map(|time| time.strftime("Joined %b %-d, %Y").to_string()).unwrap_or_default()
}

/// A country by its English name, as profiles have it.
pub(super) fn country(code: &str) -> &str {
    match code {
        "US" => "United States",
        "GB" => "United Kingdom",
        "BR" => "Brazil",
        "DE" => "Germany",
        "FR" => "France",
        "MX" => "Mexico",
        "JP" => "Japan",
        "KR" => "South Korea",
        "EG" => "Egypt",
        "TR" => "Turkey",
        "ID" => "Indonesia",
        "NG" => "Nigeria",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_with_commas_or_cut_to_three_digits() {
        assert_eq!([7, 999, 1_000, 7_470_787].map(grouped), ["7", "999", "1,000", "7,470,787"]);
        assert_eq!(
            [0, 999, 1_000, 1_234, 42_560, 999_999, 1_738_332].map(three_digits),
            [0, 999, 1_000, 1_230, 42_500, 999_000, 1_730_000]
        );
        assert_eq!([0, 999, 1_000, 42_560, 1_738_332, 20_000_000].map(short), ["0", "999", "1K", "42.5K", "1.73M", "20M"]);
        assert_eq!(short(29_094_715_875), "29B");
    }

    #[test]
    fn times_are_told_in_one_unit_and_lengths_in_all() {
        assert_eq!([31, 806, 3_723].map(length), ["0:31", "13:26", "1:02:03"]);
        assert_eq!(ago(86_400), ("1 day ago".to_owned(), 86_400));
        assert_eq!(ago(5 * 31_536_000 + 7), ("5 years ago".to_owned(), 5 * 31_536_000));
        assert_eq!(ago(0), ("0 seconds ago".to_owned(), 0));
        assert_eq!(joined(1_434_844_800), "Joined Jun 21, 2015");
    }
}
