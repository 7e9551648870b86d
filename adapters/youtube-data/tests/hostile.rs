//! Goal: no answer makes the adapter panic or say something that no adapter may say, whatever its bytes.

use scout_sdk::testing::{found, hostile, query, query_with, typed};
use scout_youtube_data::YoutubeData;

#[test]
fn no_answer_leads_the_adapter_astray() {
    hostile::<YoutubeData>(
        &[query("yoga"), query_with("yoga", &[("type", "channel")])],
        &[found("UCanaanaanaanaanaanaana1", "UCanaanaanaanaanaanaana1"), typed("@bo.example"), typed("")],
        &[
            include_str!("../fixtures/search-video.json"),
            include_str!("../fixtures/search-channel.json"),
            include_str!("../fixtures/search-empty.json"),
            include_str!("../fixtures/channels.json"),
            include_str!("../fixtures/channels-none.json"),
            include_str!("../fixtures/error-quota.json"),
            include_str!("../fixtures/error-per-day.json"),
            include_str!("../fixtures/error-key.json"),
            include_str!("../fixtures/error-key-old.json"),
            include_str!("../fixtures/error-parameter.json"),
            include_str!("../fixtures/error-text.json"),
        ],
    );
}
