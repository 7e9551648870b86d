//! What stands around the rows of a search.

use serde_json::{Value, json};

use crate::draw::Draw;
use crate::scrapecreators::enveloped;
use crate::world::EPOCH_S;

/// What stands around the rows of one page.
pub(super) struct Frame<'a> {
    /// The keyword as it was asked.
    pub(super) keyword: &'a str,
    /// The cursor of the next page.
    pub(super) next: u64,
    /// Whether the answer says that there is one.
    pub(super) more: bool,
    /// Whether the platform takes the keyword for misspelt.
    pub(super) misspelt: bool,
    /// The draws of the request.
    pub(super) draw: Draw,
}

/// What stands for the rows until the frame is text.
const ROWS: &str = "rows";

impl Frame<'_> {
    /// The whole answer.
    pub(super) fn full(&self, rows: &str) -> String {
        let mut answer = self.around();
        if rows.is_empty() {
            self.empty(&mut answer);
        } else {
            answer["aweme_list"] = json!([]);
            answer["search_item_list"] = json!(ROWS);
        }
        with_rows(&enveloped(answer, self.draw), rows)
    }

    /// The answer to `trim=true`: the rows and the cursor, and not whether there are more.
    pub(super) fn trimmed(&self, rows: &str) -> String {
        with_rows(&json!({ "search_item_list": ROWS, "cursor": self.next }), rows)
    }

    /// There are two ways to have no rows.
    fn empty(&self, answer: &mut Value) {
        answer["aweme_list"] = Value::Null;
        answer["search_nil_info"] =
            json!({ "is_load_more": "is_load_more", "search_nil_item": "pack_nil", "search_nil_type": "", "text_type": 10 });
        if self.draw.branch("empty").chance(0.5) {
            answer["search_item_list"] = json!([]);
        }
    }

    fn around(&self) -> Value {
        let log = self.draw.branch("log").text(b"0123456789ABCDEF", 34);
        json!({
            "backtrace": "",
            "components": self.components(),
            "cursor": self.next,
            "extra": { "api_debug_info": null, "fatal_item_ids": [], "logid": log, "now": EPOCH_S * 1_000, "search_request_id": "", "server_stream_time": 700 },
            "feedback_type": "video",
            "global_doodle_config": { "display_filter_bar": 1, "hide_results": false, "keyword": self.keyword, "new_source": "switch_tab", "search_channel": "musically_video", "search_intent": {}, "tns_search_result": "Pass" },
            "has_more": u8::from(self.more),
            "log_pb": { "impr_id": log },
            "status_code": 0,
        })
    }

    /// Nothing, or the spelling that the platform would rather have.
    fn components(&self) -> Value {
        if !self.misspelt {
            return Value::Null;
        }
        let corrected = doubled(self.keyword);
        let correction = json!({
            "corrected_query": corrected,
            "correct_level": 2,
            "correct_highlight_position": { "positions": [{ "begin": 0, "end": corrected.chars().count() }] },
            "original_query": self.keyword,
            "query_descs": [
                { "type": "correct", "text": format!("Showing results for \"{corrected}\""), "clickable": false, "event_param": { "click_type": "corrected_keyword" } },
                { "type": "origin", "text": format!("Search instead for \"{}\"", self.keyword), "clickable": true, "event_param": { "click_type": "original_keyword" } },
            ],
        });
        json!([{
            "component_type": "header",
            "components": [{ "component_type": "query_correct_info", "biz_data": { "query_correct_info": correction }, "components": null }],
        }])
    }
}

/// The rows are put in as text: they are long, and JSON already. The member's name belongs to the mark, so
/// that no keyword can be taken for it.
fn with_rows(answer: &Value, rows: &str) -> String {
    let answer = answer.to_string();
    let mark = format!("\"{ROWS}\"");
    match answer.split_once(&format!("\"search_item_list\":{mark}")) {
        Some((before, after)) => [before, "\"search_item_list\":[", rows, "]", after].concat(),
        None => answer,
    }
}

/// A spelling that differs: the last letter twice.
fn doubled(keyword: &str) -> String {
    let keyword = keyword.trim();
    keyword.chars().chain(keyword.chars().last()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_that_looks_like_the_mark_stays_a_keyword() {
        let keyword = "\"search_item_list\":\"rows\"";
        let frame = Frame { keyword, next: 30, more: true, misspelt: true, draw: Draw::of(1, &[]) };
        let answer: Value = serde_json::from_str(&frame.full("1,2")).unwrap();
        assert_eq!(answer["search_item_list"], json!([1, 2]));
        assert_eq!(answer["global_doodle_config"]["keyword"], keyword);
    }
}
