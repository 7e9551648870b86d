//! Counts in the two forms that the provider gives them in: the text that the platform shows, and a number that the
//! provider made of it.

use scout_sdk::{
    counts::{Count, of_text},
    text::Text,
};

/// What a number and the text that it was made of say together, such as 20000000 and `"20M subscribers"`; the unit is
/// the singular. The number is taken where the text bears it out, else what the text says.
///
/// The provider takes the digits of a text whatever stands around them: 14 of `"14K watching"`, 1 of `"1,2 Mio."`. So
/// a text in other words or another language makes both unknown, while a number without a text is taken as it is.
pub(crate) fn agreed(number: Count, text: &Text<'_>, unit: &str) -> Option<u64> {
    let Some(text) = text.get() else { return number.get() };
    let shown = shown(text, unit)?;
    number.get().filter(|&number| is_near(number, shown)).or(Some(shown))
}

/// What a text says in English: figures, perhaps shortened, and perhaps the unit.
fn shown(text: &str, unit: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    let without_unit = text.strip_suffix('s').unwrap_or(&text).strip_suffix(unit);
    let figures = without_unit.map_or(text.as_str(), str::trim_end);
    if without_unit.is_some() && figures == "no" {
        return Some(0);
    }
    let is_plain = figures.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ',' | '.' | 'k' | 'm' | 'b'));
    of_text(figures).get().filter(|_| is_plain)
}

/// Whether two counts may be one that was rounded on the way, up or down.
fn is_near(one: u64, other: u64) -> bool {
    one / 2 <= other && other / 2 <= one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: &str, text: &str, unit: &str, expected: Option<u64>) {
        let number_read: Count = serde_json::from_str(number).expect("no form is an error");
        let text_read: Text<'_> = serde_json::from_str(text).expect("no form is an error");
        assert_eq!(agreed(number_read, &text_read, unit), expected, "{number} {text}");
    }

    #[test]
    fn an_exact_number_is_preferred_over_a_shortened_text() {
        check("1738332", r#""1.7M subscribers""#, "subscriber", Some(1_738_332));
        check("750000", r#""750K""#, "view", Some(750_000));
        check("2683196", r#""2,683,196 views""#, "view", Some(2_683_196));
    }

    #[test]
    fn a_number_without_a_text_is_taken_as_it_is() {
        check("17", "null", "view", Some(17));
        check("17", r#""""#, "view", Some(17));
        check("-17", "null", "view", None);
        check("1.4", "null", "view", None);
    }

    #[test]
    fn a_text_stands_in_for_a_number_that_is_missing_or_wrong() {
        check("null", r#""1.2M subscribers""#, "subscriber", Some(1_200_000));
        check("14", r#""14K views""#, "view", Some(14_000));
        check("1.4", r#""1.4K""#, "view", Some(1_400));
        check("null", r#""1 view""#, "view", Some(1));
        check("null", r#""No views""#, "view", Some(0));
    }

    #[test]
    fn people_who_are_watching_now_are_no_views() {
        check("14", r#""14K watching""#, "view", None);
        check("921", r#""921 watching now""#, "view", None);
        check("3", r#""3 waiting""#, "view", None);
    }

    #[test]
    fn a_text_in_another_language_is_never_guessed_nor_the_number_made_of_it() {
        for text in
            ["1,2 Mio. Abonnenten", "12 k abonnés", "1.234 Aufrufe", "12.345", "1,2 M de suscriptores", "登録者数 20万人", "17 wyświetleń"]
        {
            check("1", &format!("{text:?}"), "subscriber", None);
        }
    }

    #[test]
    fn a_number_bears_out_a_text_up_to_half_and_double_of_it() {
        check("2000", r#""1K""#, "view", Some(2_000));
        check("2002", r#""1K""#, "view", Some(1_000));
        check("500", r#""1K""#, "view", Some(500));
        check("499", r#""1K""#, "view", Some(1_000));
        check("18446744073709551615", r#""1K""#, "view", Some(1_000));
    }
}
