//! What a search of 1 000 creators gives and costs, measured at the fake platforms.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::calls::scout;
use super::known::is_known;
use super::page::{Table, linked};
use crate::workspace::Workspace;

/// What is searched for.
const KEYWORDS: [&str; 2] = ["fitness", "yoga"];

/// What a record may hold: how the page heads it, and where it stands.
const FIELDS: [(&str, &str); 14] = [
    ("name", "/creator/name"),
    ("picture", "/creator/avatarUrl"),
    ("followers", "/creator/followers"),
    ("bio", "/creator/bio"),
    ("e-mail", "/creator/emails"),
    ("verified", "/creator/verified"),
    ("links", "/creator/links"),
    ("country", "/creator/country"),
    ("language", "/creator/language"),
    ("content", "/content/id"),
    ("views", "/content/statistics/views"),
    ("likes", "/content/statistics/likes"),
    ("date", "/content/postedAt"),
    ("hashtags", "/hashtags"),
];

/// A search that is over.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Searched {
    platform: String,
    creators: u64,
    keywords: u64,
    calls: u64,
    /// The fields that at least one record has, as the page heads them.
    given: Vec<&'static str>,
}

/// Searches every fake platform for 1 000 creators, one after the other.
pub(super) fn search_all(workspace: &Workspace) -> Result<Vec<Searched>> {
    let folder = workspace.target().join("readings");
    scout_component::names(workspace.root())?.into_iter().map(|name| search(workspace, &folder.join("searches.sqlite"), name)).collect()
}

fn search(workspace: &Workspace, state: &std::path::Path, platform: String) -> Result<Searched> {
    let mut scout = scout(workspace);
    scout.args(["search", "--platform", &platform]);
    scout.args(["--upstream", "fake", "--target", "1000", "--format", "json", "--quiet", "--state"]).arg(state).args(KEYWORDS);
    let output = scout.output().context("scout can't be started")?;
    if !output.status.success() {
        bail!("the search on {platform} failed ({})\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    let told: Value = serde_json::from_slice(&output.stdout).with_context(|| format!("the search on {platform} gave no JSON"))?;
    Ok(Searched::of(platform, &told))
}

impl Searched {
    fn of(platform: String, told: &Value) -> Searched {
        let number = |value: &Value| value.as_u64().unwrap_or_default();
        let keywords = number(&told["progress"]["keywordsDispatched"]);
        let records = told["results"][0]["creators"].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_given = |place: &str| records.iter().any(|record| record.pointer(place).is_some_and(is_known));
        let given = FIELDS.iter().filter(|(_, place)| is_given(place)).map(|(head, _)| *head).collect();
        Searched { platform, creators: number(&told["totalCreators"]), keywords, calls: number(&told["benchmark"]["apiCalls"]), given }
    }
}

/// Which fields records have.
pub(super) fn table_of_fields(searched: &[Searched]) -> String {
    let heads = ["platform"].into_iter().chain(FIELDS.iter().map(|(head, _)| *head));
    let mut table = Table::new(&heads.collect::<Vec<_>>());
    for Searched { platform, given, .. } in searched {
        let cells = FIELDS.iter().map(|(head, _)| if given.contains(head) { "yes" } else { "·" }.to_owned());
        table.row([linked(platform)].into_iter().chain(cells));
    }
    table.text()
}

/// One row for each search.
pub(super) fn table(searched: &[Searched]) -> String {
    let mut table = Table::new(&["platform", "creators", "keywords", "calls", "calls per 1 000"]);
    for Searched { platform, creators, keywords, calls, .. } in searched {
        let per_thousand = (calls * 1_000).div_ceil((*creators).max(1));
        table.row([linked(platform), creators.to_string(), keywords.to_string(), calls.to_string(), per_thousand.to_string()]);
    }
    table.text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_is_given_when_one_record_has_it_and_an_empty_list_is_none() {
        let records = json!([{ "creator": { "bio": null, "emails": [] } }, { "creator": { "bio": "x", "emails": [] }, "hashtags": ["y"] }]);
        let searched = Searched::of("one".to_owned(), &json!({ "results": [{ "creators": records }] }));
        assert_eq!(searched.given, ["bio", "hashtags"]);
        assert_eq!(table_of_fields(&[searched]).matches("yes").count(), 2);
    }

    #[test]
    fn what_a_thousand_would_cost_follows_from_what_fewer_cost() {
        let told = json!({ "totalCreators": 500, "progress": { "keywordsDispatched": 20 }, "benchmark": { "apiCalls": 526 } });
        let text = table(&[Searched::of("one".to_owned(), &told)]);
        assert!(text.ends_with("| [one](one/) | 500 | 20 | 526 | 1052 |\n"), "{text}");
    }
}
