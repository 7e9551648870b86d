//! A creator as a row of a spreadsheet: which columns there are, and what may stand in a cell.

use crate::record::{Post, Record};

/// The columns, in order.
pub const COLUMNS: [&str; 22] = [
    "handle",
    "name",
    "profile_url",
    "followers",
    "verified",
    "bio",
    "emails",
    "links",
    "country",
    "language",
    "keyword",
    "platform",
    "profile",
    "content_url",
    "content",
    "views",
    "likes",
    "comments",
    "shares",
    "posted_at",
    "duration_s",
    "hashtags",
];

/// The cells of a record, one for each of [`COLUMNS`]. Unknown is an empty cell; several values of one
/// cell are separated by a space. No cell can be taken for a formula.
#[must_use]
pub fn cells(record: &Record) -> [String; COLUMNS.len()] {
    let creator = &record.creator;
    let post = record.content.as_ref();
    let statistics = post.map(|post| post.statistics);
    let of_post = |field: fn(&Post) -> Option<String>| post.and_then(field).unwrap_or_default();
    let cells = [
        creator.username.clone(),
        text(&creator.name),
        text(&creator.profile_url),
        number(creator.followers),
        creator.verified.map(|verified| verified.to_string()).unwrap_or_default(),
        text(&creator.bio),
        creator.emails.join(" "),
        creator.links.join(" "),
        text(&creator.country),
        text(&creator.language),
        record.keyword.clone(),
        record.platform.clone(),
        profile(record),
        of_post(|post| post.url.clone()),
        of_post(|post| post.description.clone()),
        number(statistics.and_then(|statistics| statistics.views)),
        number(statistics.and_then(|statistics| statistics.likes)),
        number(statistics.and_then(|statistics| statistics.comments)),
        number(statistics.and_then(|statistics| statistics.shares)),
        of_post(|post| post.posted_at.clone()),
        number(post.and_then(|post| post.duration).map(u64::from)),
        record.hashtags.join(" "),
    ];
    cells.map(harmless)
}

/// A cell that no spreadsheet takes for a formula: one that begins like one gets a quote in front, which
/// spreadsheets do not show.
fn harmless(cell: String) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => format!("'{cell}"),
        _ => cell,
    }
}

fn profile(record: &Record) -> String {
    let enrichment = &record.enrichment;
    match &enrichment.reason {
        Some(reason) => format!("{} ({reason})", enrichment.outcome),
        None => enrichment.outcome.clone(),
    }
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn number(value: Option<u64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Creator;
    use crate::job::{Found, ProfileState};
    use crate::time::Time;

    fn row(creator: Creator) -> Vec<(&'static str, String)> {
        let found = Found { task: 0, creator, at: Time(0), profile: ProfileState::untouched() };
        let record = Record::of(&found, 0, "yoga", "sample", "Sample");
        COLUMNS.into_iter().zip(cells(&record)).collect()
    }

    fn creator(bio: &str) -> Creator {
        Creator { identity: "1".into(), username: "ana".into(), bio: Some(bio.into()), ..Creator::default() }
    }

    #[test]
    fn a_cell_that_could_be_a_formula_is_neutralised() {
        for bio in ["=1+1", "+49 30", "-5", "@ana", "\t=1", "\r=1", "\n=1", "＝1"] {
            let cells = row(creator(bio));
            assert_eq!(cells[5], ("bio", format!("'{bio}")));
        }
    }

    #[test]
    fn any_other_cell_is_left_alone_and_unknown_is_empty() {
        let cells = row(creator("a = b"));
        assert_eq!(cells[5], ("bio", "a = b".into()));
        assert_eq!(cells[3], ("followers", String::new()));
        assert_eq!(cells[12], ("profile", "pending".into()));
    }
}
