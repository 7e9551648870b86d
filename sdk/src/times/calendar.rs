//! The Gregorian calendar in UTC: from a date and a time of day to a moment, and back to RFC 3339.
//!
//! A library for times brings time zones and explained errors; in a component they would be most of its bytes,
//! while all that is needed here are these few divisions. They are `days_from_civil` and `civil_from_days` of
//! Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms" (<https://howardhinnant.github.io/date_algorithms.html>):
//! years begin in March, so that the leap day is a year's last, and 400 years are always 146,097 days.

/// Seconds of a day; leap seconds are none of the calendar's.
const DAY_SECONDS: i64 = 86_400;

/// Days of 400 years, after which the calendar repeats.
const ERA_DAYS: i64 = 146_097;

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_DAYS: i64 = 719_468;

/// The largest year that RFC 3339 can write.
const YEAR_MAX: i64 = 9999;

/// A moment between the years 0000 and 9999, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Whole seconds since 1970, rounded down.
    pub(super) seconds: i64,
    /// Nanoseconds after them, below 1,000,000,000.
    nanoseconds: u32,
}

/// A day as calendars name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: u32,
    pub(super) month: u32,
    pub(super) day: u32,
}

/// A time of day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: u32,
    pub(super) minute: u32,
    /// 60 is a leap second, which counts as the second before it.
    pub(super) second: u32,
    pub(super) nanoseconds: u32,
}

impl Moment {
    /// A moment by its milliseconds since 1970.
    pub(super) fn of_milliseconds(milliseconds: u64) -> Option<Self> {
        let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
        Self::checked(i64::try_from(seconds).ok()?, u32::try_from(rest).ok()? * 1_000_000)
    }

    /// What a clock shows on a day, `offset` seconds east of UTC; `None` when there is no such day or time, or when
    /// its year in UTC is outside of 0000 to 9999.
    pub(super) fn of(date: Date, clock: Clock, offset: i64) -> Option<Self> {
        if clock.hour > 23 || clock.minute > 59 || clock.second > 60 {
            return None;
        }
        let of_day = clock.hour * 3600 + clock.minute * 60 + clock.second.min(59);
        Self::checked(date.days()? * DAY_SECONDS + i64::from(of_day) - offset, clock.nanoseconds)
    }

    fn checked(seconds: i64, nanoseconds: u32) -> Option<Self> {
        let moment = Self { seconds, nanoseconds };
        (nanoseconds < 1_000_000_000 && Date::of_days(moment.days()).is_some()).then_some(moment)
    }

    fn days(self) -> i64 {
        self.seconds.div_euclid(DAY_SECONDS)
    }

    /// The moment as RFC 3339 in UTC, with as many decimals as it needs.
    pub(super) fn to_text(self) -> Option<String> {
        let Date { year, month, day } = Date::of_days(self.days())?;
        let of_day = u32::try_from(self.seconds.rem_euclid(DAY_SECONDS)).ok()?;
        let mut text = String::with_capacity("2025-01-07T18:23:09.672123000Z".len());
        push(&mut text, year, 4);
        for (sign, number) in [('-', month), ('-', day), ('T', of_day / 3600), (':', of_day / 60 % 60), (':', of_day % 60)] {
            text.push(sign);
            push(&mut text, number, 2);
        }
        if self.nanoseconds > 0 {
            text.push('.');
            push(&mut text, self.nanoseconds, 9);
            text.truncate(text.trim_end_matches('0').len());
        }
        text.push('Z');
        Some(text)
    }
}

impl Date {
    /// Days since 1970-01-01, or `None` when there is no such day.
    fn days(self) -> Option<i64> {
        let Self { year, month, day } = self;
        if i64::from(year) > YEAR_MAX || !(1..=12).contains(&month) || !(1..=month_days(year, month)).contains(&day) {
            return None;
        }
        let year = i64::from(year) - i64::from(month < 3);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month_from_march = i64::from((month + 9) % 12);
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
        Some(era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - EPOCH_DAYS)
    }

    /// The day that is this many days after 1970-01-01, or `None` outside of the years 0000 to 9999.
    fn of_days(days: i64) -> Option<Self> {
        let days = days.checked_add(EPOCH_DAYS)?;
        let (era, of_era) = (days.div_euclid(ERA_DAYS), days.rem_euclid(ERA_DAYS));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = era * 400 + year_of_era + i64::from(month < 3);
        let small = |number: i64| u32::try_from(number).ok();
        (year <= YEAR_MAX).then_some(Self { year: small(year)?, month: small(month)?, day: small(day)? })
    }
}

fn month_days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Writes a number with leading zeros.
fn push(text: &mut String, number: u32, width: u32) {
    for place in (0..width).rev() {
        text.push(char::from_digit(number / 10_u32.pow(place) % 10, 10).unwrap_or('0'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All days from 0000-01-01 to 9999-12-31, counted one by one.
    fn every_day() -> impl Iterator<Item = Date> {
        let months = (0..=9999).flat_map(|year| (1..=12).map(move |month| (year, month)));
        months.flat_map(|(year, month)| (1..=month_days(year, month)).map(move |day| Date { year, month, day }))
    }

    fn text(year: u32, month: u32, day: u32, offset: i64) -> Option<String> {
        Moment::of(Date { year, month, day }, Clock::default(), offset)?.to_text()
    }

    #[test]
    fn every_day_of_ten_thousand_years_has_its_number_and_back() {
        let mut number = -719_528;
        for date in every_day() {
            assert_eq!(date.days(), Some(number), "{date:?}");
            assert_eq!(Date::of_days(number), Some(date), "{number}");
            number += 1;
        }
        assert_eq!(number, 2_932_897, "the day after 9999-12-31");
    }

    #[test]
    fn days_beyond_four_digits_of_years_are_none() {
        for days in [i64::MIN, -719_529, 2_932_897, i64::MAX] {
            assert_eq!(Date::of_days(days), None, "{days}");
        }
    }

    #[test]
    fn a_leap_day_comes_every_fourth_year_but_in_three_centuries_of_four() {
        for (year, leaps) in [(2024, true), (2023, false), (1900, false), (2100, false), (2000, true), (0, true), (9999, false)] {
            assert_eq!(text(year, 2, 29, 0).is_some(), leaps, "{year}");
            assert!(text(year, 2, 28, 0).is_some(), "{year}");
        }
    }

    #[test]
    fn a_day_or_month_that_does_not_exist_is_none() {
        for (month, day) in [(0, 1), (13, 1), (1, 0), (1, 32), (4, 31), (2, 30), (u32::MAX, 1), (1, u32::MAX)] {
            assert_eq!(text(2024, month, day, 0), None, "{month} {day}");
        }
        assert_eq!(text(10_000, 1, 1, 0), None);
        assert_eq!(text(u32::MAX, 1, 1, 0), None);
    }

    #[test]
    fn a_time_of_day_ends_before_24_hours() {
        let moment = |hour, minute, second, nanoseconds| {
            let clock = Clock { hour, minute, second, nanoseconds };
            Moment::of(Date { year: 2016, month: 12, day: 31 }, clock, 0)?.to_text()
        };
        assert_eq!(moment(23, 59, 59, 999_999_999).as_deref(), Some("2016-12-31T23:59:59.999999999Z"));
        assert_eq!(moment(23, 59, 60, 0).as_deref(), Some("2016-12-31T23:59:59Z"), "a leap second");
        assert_eq!(
            [moment(24, 0, 0, 0), moment(0, 60, 0, 0), moment(0, 0, 61, 0), moment(0, 0, 0, 1_000_000_000)],
            [None, None, None, None]
        );
    }

    #[test]
    fn an_offset_may_lead_into_another_day_but_not_out_of_four_digits() {
        assert_eq!(text(2025, 1, 1, 3600).as_deref(), Some("2024-12-31T23:00:00Z"));
        assert_eq!(text(0, 1, 1, 0).as_deref(), Some("0000-01-01T00:00:00Z"));
        assert_eq!(text(0, 1, 1, 1), None);
        assert_eq!(text(9999, 12, 31, -86_399).as_deref(), Some("9999-12-31T23:59:59Z"));
        assert_eq!(text(9999, 12, 31, -86_400), None);
    }

    #[test]
    fn decimals_are_as_many_as_are_needed() {
        let text = |milliseconds| Moment::of_milliseconds(milliseconds).and_then(Moment::to_text);
        assert_eq!(text(0).as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(text(1).as_deref(), Some("1970-01-01T00:00:00.001Z"));
        assert_eq!(text(1_500).as_deref(), Some("1970-01-01T00:00:01.5Z"));
        assert_eq!(text(u64::MAX), None);
    }
}
