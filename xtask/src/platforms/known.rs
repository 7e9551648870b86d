//! How many rows recordings gave, and how often each field was known.

use std::collections::BTreeMap;

use serde_json::Value;

use super::page::{Table, linked};

/// Fields of a creator, by the contract's names in JSON and as the page heads them.
const CREATOR: [(&str, &str); 10] = [
    ("name", "name"),
    ("avatarUrl", "picture"),
    ("followers", "followers"),
    ("bio", "bio"),
    ("email", "e-mail field"),
    ("verified", "verified"),
    ("links", "links"),
    ("country", "country"),
    ("language", "language"),
    ("content", "content"),
];

/// Fields of a piece of content, likewise.
const CONTENT: [(&str, &str); 9] = [
    ("url", "address"),
    ("description", "text"),
    ("thumbnail", "picture"),
    ("views", "views"),
    ("likes", "likes"),
    ("comments", "comments"),
    ("postedAt", "date"),
    ("duration", "duration"),
    ("hashtags", "hashtags"),
];

/// Rows of one kind of answer.
#[derive(Debug, Default, PartialEq, Eq)]
struct Rows {
    recordings: u32,
    rows: u32,
    /// How often each field was known; those of content begin with `content.`.
    fields: BTreeMap<String, u32>,
}

/// What was read as one platform.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    search: Rows,
    profiles: Rows,
}

/// Counts the rows of all calls whose answers count.
pub(super) fn count(calls: &[Value], outcomes: &[Value]) -> BTreeMap<String, Known> {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for (call, outcome) in calls.iter().zip(outcomes).filter(|(call, _)| call["counts"] == true) {
        let of_platform = known.entry(call["adapter"].as_str().unwrap_or_default().to_owned()).or_default();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        if call["function"] == "readSearch" {
            of_platform.search.add(&list(&outcome["ok"]["creators"]));
        } else {
            let enriched = list(&outcome["ok"]).into_iter().filter(|profile| profile["outcome"]["tag"] == "enriched");
            of_platform.profiles.add(&enriched.map(|mut profile| profile["outcome"]["val"].take()).collect::<Vec<_>>());
        }
    }
    known
}

impl Rows {
    fn add(&mut self, creators: &[Value]) {
        self.recordings += 1;
        for creator in creators {
            self.rows += 1;
            self.note("", creator, &CREATOR);
            self.note("content.", &creator["content"], &CONTENT);
        }
    }

    fn note(&mut self, prefix: &str, record: &Value, fields: &[(&str, &str)]) {
        for (name, _) in fields {
            *self.fields.entry(format!("{prefix}{name}")).or_default() += u32::from(is_known(&record[*name]));
        }
    }

    fn known(&self) -> u32 {
        self.fields.values().sum()
    }

    /// How many in a hundred rows have a field; at least 1 where any has it, and 100 only where all have.
    fn share(&self, field: &str) -> String {
        let known = self.fields.get(field).copied().unwrap_or_default();
        match (known, self.rows) {
            (0, _) => "·".to_owned(),
            (known, rows) if known == rows => "100".to_owned(),
            (known, rows) => (u64::from(known) * 100 / u64::from(rows)).clamp(1, 99).to_string(),
        }
    }
}

/// Whether a field says something: unknown is `null`, and so is an empty list.
pub(super) fn is_known(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}

/// How many recordings and rows were read as each platform.
pub(super) fn table_of_rows(known: &BTreeMap<String, Known>) -> String {
    let mut table = Table::new(&["platform", "searches", "rows", "fields known", "profile answers", "profiles", "fields known"]);
    for (platform, Known { search, profiles }) in known {
        let figures = [search, profiles].map(|rows| [rows.recordings, rows.rows, rows.known()]);
        let cells = figures.as_flattened().iter().map(ToString::to_string);
        table.row([linked(platform)].into_iter().chain(cells));
    }
    table.text()
}

/// Which fields are known of how many in a hundred: of creators by what says most of them, of content by searches.
pub(super) fn table_of_fields(known: &BTreeMap<String, Known>) -> String {
    let creator = CREATOR.iter().take_while(|(name, _)| *name != "content");
    let heads = ["platform"].into_iter().chain(creator.clone().map(|(_, head)| *head));
    let mut table = Table::new(&heads.collect::<Vec<_>>());
    let mut contents = Table::new(&["platform"].into_iter().chain(CONTENT.iter().map(|(_, head)| *head)).collect::<Vec<_>>());
    for (platform, Known { search, profiles }) in known {
        let fullest = if profiles.rows > 0 { profiles } else { search };
        table.row([linked(platform)].into_iter().chain(creator.clone().map(|(name, _)| fullest.share(name))));
        let shares = CONTENT.iter().map(|(name, _)| search.share(&format!("content.{name}")));
        contents.row([linked(platform)].into_iter().chain(shares));
    }
    format!("{}\nOf the posts, videos and episodes that searches find creators by:\n\n{}", table.text(), contents.text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(function: &str, counts: bool) -> Value {
        json!({ "adapter": "one", "function": function, "counts": counts })
    }

    #[test]
    fn rows_and_known_fields_are_counted_by_platform_and_kind() {
        let page =
            json!({ "ok": { "creators": [{ "bio": "x", "links": [], "content": { "views": 0 } }, { "bio": null, "links": ["y"] }] } });
        let profiles = json!({ "ok": [{ "outcome": { "tag": "enriched", "val": { "followers": 0 } } }, { "outcome": { "tag": "empty", "val": "private" } }] });
        let known = count(&[call("readSearch", true), call("readProfiles", true)], &[page, profiles]);
        let Known { search, profiles } = &known["one"];
        assert_eq!((search.recordings, search.rows, search.known()), (1, 2, 4), "a bio, a link, content and its views");
        assert_eq!((profiles.recordings, profiles.rows, profiles.known()), (1, 1, 1));
    }

    #[test]
    fn what_is_read_only_to_see_that_it_can_be_read_is_not_counted() {
        let page = json!({ "ok": { "creators": [{ "bio": "x" }] } });
        assert!(count(&[call("readSearch", false)], &[page]).is_empty());
    }

    #[test]
    fn a_share_is_hundred_only_where_all_have_it_and_never_0_where_any_has() {
        let share = |known, rows| Rows { rows, fields: [("bio".to_owned(), known)].into(), ..Rows::default() }.share("bio");
        assert_eq!([share(0, 500), share(1, 500), share(499, 500), share(500, 500)], ["·", "1", "99", "100"]);
    }
}
