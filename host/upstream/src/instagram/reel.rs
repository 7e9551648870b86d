//! One row of a search for reels: a reel and its owner.

use serde_json::{Value, json};

use crate::draw::{BASE_64, DIGITS, Draw};
use crate::world::{Creator, EPOCH_S, timestamp};

/// What reels say; some say nothing.
const CAPTIONS: [&str; 8] = [
    "",
    "save this for your next day off 🌿\n\n#slow #practice",
    "three things I wish I had known earlier #beginner",
    "part 2 👇",
    "das hat niemand erwartet",
    "que acham? 💛 #rotina",
    "answer to everybody who asked about \"the thing\"",
    "いつもの朝 ☀️ #朝活",
];

/// A reel as it is found today: nothing says how often it was seen.
pub(super) fn reel(creator: &Creator, take: u64) -> Value {
    let mut draw = creator.draw.branch("reel").nth(take);
    let id = format!("37{}", draw.branch("id").text(DIGITS, 17));
    let code = format!("D{}", draw.branch("code").text(BASE_64, 10));
    let picture =
        format!("https://scontent.cdn.test/v/t51.2885-15/{}.jpg?stp=dst-jpg_e15&oh=00_x", draw.branch("picture").text(DIGITS, 12));
    let likes = creator.followers / draw.between(5, 90) + draw.below(50);
    json!({
        "id": id, "__typename": "XDTGraphVideo", "shortcode": code, "url": format!("https://www.instagram.test/reel/{code}/"),
        "caption": draw.pick(&CAPTIONS), "thumbnail_src": picture, "display_url": picture, "video_url": format!("{picture}.mp4"),
        "has_audio": draw.chance(0.9), "accessibility_caption": null, "product_type": "clips",
        "video_duration": draw.between(5_000, 90_000) as f64 / 1_000.0, "clips_music_attribution_info": music(draw),
        "is_video": true, "owner": owner(creator), "taken_at": timestamp(EPOCH_S - draw.between(3_600, 400 * 86_400) as i64), "is_ad": false,
        "like_count": if draw.chance(0.03) { -1 } else { likes as i64 }, "is_affiliate": false, "is_paid_partnership": false,
        "location": if draw.chance(0.3) { location(draw) } else { Value::Null }, "comment_count": likes / draw.between(20, 120),
        "comments": [{ "id": draw.branch("comment").text(DIGITS, 17), "text": "this!", "created_at": "2026-08-30T10:00:00.000Z" }],
    })
}

/// A reel as it was found before: it was played more often than it has viewers.
pub(super) fn old(creator: &Creator, take: u64) -> Value {
    let mut reel = reel(creator, take);
    let mut draw = creator.draw.branch("seen").nth(take);
    let views = creator.followers / draw.between(1, 9) + draw.below(3_000);
    reel["video_view_count"] = json!(views);
    reel["video_play_count"] = json!(views * draw.between(11, 30) / 10);
    reel
}

fn owner(creator: &Creator) -> Value {
    json!({
        "id": creator.identity, "username": creator.handle, "is_verified": creator.verified, "profile_pic_url": picture(creator, 150),
        "full_name": creator.person.name, "is_private": false, "is_unpublished": false, "follower_count": creator.followers, "post_count": posts(creator),
    })
}

fn music(draw: Draw) -> Value {
    json!({
        "artist_name": "somebody", "song_name": "Original audio", "uses_original_audio": true, "should_mute_audio": false, "should_mute_audio_reason": "",
        "audio_id": draw.branch("audio").text(DIGITS, 16),
    })
}

/// The address is JSON in a text.
fn location(draw: Draw) -> Value {
    let address = json!({ "street_address": "", "zip_code": "", "city_name": "Somewhere", "country_code": "XX" }).to_string();
    json!({ "id": draw.branch("place").text(DIGITS, 12), "has_public_page": true, "name": "A park", "slug": "a-park", "address_json": address })
}

/// How many posts a creator has.
pub(super) fn posts(creator: &Creator) -> u64 {
    creator.draw.branch("posts").between(1, 3_000)
}

/// The creator's picture at a size.
pub(super) fn picture(creator: &Creator, size: u32) -> String {
    format!("https://scontent.cdn.test/v/t51.2885-19/{}_s{size}x{size}.jpg?oh=00_x", creator.draw.branch("picture").text(DIGITS, 12))
}
