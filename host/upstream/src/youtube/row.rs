//! One row of a search: a video, short or live stream with its channel, or a channel.

use serde_json::{Value, json};

use crate::draw::{BASE_64, Draw};
use crate::world::{Creator, EPOCH_S, timestamp};

use super::{beginning, has_handle, picture, subscribers, text};

/// What videos are called; some have hashtags.
const TITLES: [&str; 10] = [
    "I tried it for thirty days",
    "Day in the life #vlog",
    "How to begin, slowly",
    "que acham? #tutorial #beginner",
    "Das hat niemand erwartet",
    "Five mistakes that everybody makes",
    "no talking, just practice",
    "いつもの朝 ☀️",
    "The truth about \"progress\"",
    "#shorts wait for the end",
];

/// What is chosen about the rows of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Whether likes and comments come along.
    pub(super) extras: bool,
    /// The share of channels without a handle.
    pub(super) no_handle: f64,
    /// The share of descriptions of which channels' rows show the beginning.
    pub(super) cut: f64,
}

/// The kinds of rows with a video in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Video,
    Short,
    Live,
}

/// A video of a creator.
pub(super) fn video(creator: &Creator, video: Draw, kind: Kind, style: Style) -> Value {
    let id = video.branch("id").text(BASE_64, 11);
    let mut row = json!({
        "type": match kind { Kind::Video => "video", Kind::Short => "short", Kind::Live => "live" },
        "id": id,
        "url": format!("https://www.youtube.test/watch?v={id}"),
        "title": video.branch("title").pick(&TITLES),
        "thumbnail": format!("https://i.cdn.test/vi/{id}/hq720.jpg?sqp={}", video.branch("sqp").text(BASE_64, 60)),
        "channel": {
            "id": creator.identity, "title": creator.person.name, "handle": handle(creator, style), "thumbnail": picture(creator, 68),
        },
        "badges": if video.branch("badge").chance(0.3) { json!(["4K"]) } else { json!([]) },
    });
    match kind {
        Kind::Live => watch(&mut row, video),
        Kind::Video => publish(&mut row, creator, video, (60, 3_600)),
        Kind::Short => publish(&mut row, creator, video, (5, 60)),
    }
    if style.extras {
        row["likeCountInt"] = json!(views(creator, video) / 20);
        row["commentCountInt"] = json!(views(creator, video) / 400);
    }
    row
}

/// A short on a shelf: nothing but itself, and its views shortened.
pub(super) fn bare_short(creator: &Creator, video: Draw) -> Value {
    let id = video.branch("id").text(BASE_64, 11);
    let shown = text::three_digits(views(creator, video));
    json!({
        "type": "short", "id": id, "url": format!("https://www.youtube.test/watch?v={id}"), "title": video.branch("title").pick(&TITLES),
        "thumbnail": format!("https://i.cdn.test/vi/{id}/oar2.jpg"), "viewCountText": text::short(shown), "viewCountInt": shown,
    })
}

/// A channel that was found as such.
pub(super) fn channel(creator: &Creator, style: Style) -> Value {
    let shown = subscribers(creator);
    json!({
        "type": "channel",
        "id": creator.identity,
        "channelName": creator.person.name,
        "handle": handle(creator, style),
        "description": beginning(creator, style.cut),
        "thumbnail": picture(creator, 176),
        "subscriberCountText": text::short(shown),
        "subscriberCountInt": shown,
    })
}

/// A channel that never took a handle shows its address there.
fn handle(creator: &Creator, style: Style) -> String {
    if has_handle(creator, style.no_handle) { creator.handle.clone() } else { format!("channel/{}", creator.identity) }
}

/// What a published video tells. Its time is worked out from how long ago it was, and so is no time.
fn publish(row: &mut Value, creator: &Creator, video: Draw, seconds: (u64, u64)) {
    let watched = views(creator, video);
    let (text, ago) = text::ago(video.branch("age").between(3_600, 6 * 365 * 86_400));
    let length = video.branch("length").between(seconds.0, seconds.1);
    row["viewCountText"] = json!(format!("{} views", text::grouped(watched)));
    row["viewCountInt"] = json!(watched);
    row["publishedTimeText"] = json!(text);
    row["publishedTime"] = json!(timestamp(EPOCH_S - ago as i64));
    row["lengthText"] = json!(text::length(length));
    row["lengthSeconds"] = json!(length);
}

/// What a live stream tells: how many watch now, shortened, and a number made of nothing but the digits of that.
fn watch(row: &mut Value, video: Draw) {
    let watching = text::short(video.branch("watching").between(100, 60_000));
    let digits = watching.trim_end_matches(|letter: char| letter.is_ascii_uppercase());
    row["viewCountText"] = json!(format!("{watching} watching"));
    row["viewCountInt"] = serde_json::from_str(digits).unwrap_or_default();
    row["publishedTimeText"] = Value::Null;
    row["publishedTime"] = Value::Null;
    row["lengthText"] = json!("LIVE");
    row["lengthSeconds"] = Value::Null;
}

/// How often a video was watched: about as often as the creator is followed.
fn views(creator: &Creator, video: Draw) -> u64 {
    creator.followers * video.branch("views").between(1, 300) / 100 + video.branch("few-views").between(20, 30_000)
}
