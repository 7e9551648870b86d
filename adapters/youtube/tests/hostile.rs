//! Goal: no answer makes the adapter panic or say something that no adapter may say, whatever its bytes.

use scout_sdk::testing::{found, hostile, query_with, typed};
use scout_youtube::Youtube;

#[test]
fn no_answer_leads_the_adapter_astray() {
    hostile::<Youtube>(
        &[query_with("yoga", &[("cut-descriptions", "keep")])],
        &[found("UCanaanaanaanaanaanaana1", "anamoves"), typed("@BoWithoutMat"), typed("")],
        &[
            include_str!("../fixtures/search.json"),
            include_str!("../fixtures/search-empty.json"),
            include_str!("../fixtures/channel.json"),
            include_str!("../fixtures/channel-older.json"),
            include_str!("../fixtures/error-out-of-credits.json"),
            include_str!("../fixtures/error-no-key.json"),
            include_str!("../fixtures/error-forbidden.json"),
            include_str!("../fixtures/error-unknown-route.html"),
        ],
    );
}
