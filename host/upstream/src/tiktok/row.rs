//! One row of a search: a video and its author, in the long form and in the trimmed one.

use serde_json::{Value, json};

use crate::draw::{BASE_64, DIGITS, Draw, HEX};
use crate::world::{Creator, EPOCH_S, timestamp};

use super::parts;
use super::template::{Filling, Hole, Template};

/// Different rows to choose from, so that a page is not the same text thirty times.
const VARIANTS: u64 = 8;

/// Of how many rows in a hundred the member `content_type` is absent.
const UNTYPED_SHARE: f64 = 0.28;

/// Hashtags of videos.
const HASHTAGS: [&str; 12] = [
    "fyp",
    "foryou",
    "tutorial",
    "routine",
    "dayinmylife",
    "behindthescenes",
    "beginner",
    "tips",
    "smallcreator",
    "viral",
    "reset",
    "learnontok",
];

/// What videos say before their hashtags; some say nothing.
const TEXTS: [&str; 10] = [
    "",
    "wait for the end 😳",
    "save this for later",
    "day 12 of not giving up",
    "que acham? 💛",
    "das hat niemand erwartet",
    "part 2 is up",
    "no talking, just practice",
    "answer to \"how do you start?\"",
    "いつもの朝 ☀️",
];

/// All rows without what makes each one its own.
#[derive(Debug)]
pub(super) struct Templates {
    full: Vec<Template>,
    untyped: Vec<Template>,
    trimmed: Vec<Template>,
}

impl Templates {
    /// Makes the templates; this is what takes long, and it happens once.
    pub(super) fn new(draw: Draw) -> Self {
        let of = |make: fn(Draw) -> Value| (0..VARIANTS).map(|number| Template::of(&make(draw.nth(number)))).collect();
        Templates { full: of(|draw| full(draw, true)), untyped: of(|draw| full(draw, false)), trimmed: of(trimmed) }
    }

    /// Writes the row of one video.
    pub(super) fn write(&self, creator: &Creator, video: Draw, trim: bool, out: &mut String) {
        let untyped = video.branch("untyped").chance(UNTYPED_SHARE);
        let templates = match (trim, untyped) {
            (true, _) => &self.trimmed,
            (false, true) => &self.untyped,
            (false, false) => &self.full,
        };
        let variant = video.branch("variant").below(templates.len() as u64) as usize;
        templates[variant].write(&filling(creator, video), out);
    }
}

fn full(draw: Draw, typed: bool) -> Value {
    let mut video = parts::video(draw);
    video["author"] = parts::author(draw);
    video["share_url"] = json!(format!("{}?_r=1&u_code=0&preview_pb=0&sharer_language=en", url()));
    video["author_user_id"] = Hole::UidRounded.bare();
    video["group_id_list"] = json!({ "GroupdIdList0": [Hole::AwemeRounded.bare()], "GroupdIdList1": [Hole::AwemeRounded.bare()] });
    content(&mut video);
    if typed {
        video["content_type"] = json!("video");
    }
    json!({ "aweme_info": video })
}

/// Flat, and without most of what nobody reads.
fn trimmed(draw: Draw) -> Value {
    let mut row = json!({
        "author": parts::author(draw),
        "video": { "cover": parts::image(draw.branch("cover"), "cover"), "duration": Hole::Duration.bare(), "height": 1024, "width": 576, "ratio": "540p" },
        "is_ad": false,
        "is_eligible_for_commission": false,
    });
    content(&mut row);
    row
}

/// What both forms say of a video.
fn content(row: &mut Value) {
    row["aweme_id"] = json!(Hole::Aweme.text());
    row["desc"] = json!(Hole::Text.text());
    row["desc_language"] = json!(Hole::Language.text());
    row["region"] = json!(Hole::Region.text());
    row["create_time"] = Hole::Created.bare();
    row["create_time_utc"] = json!(Hole::CreatedUtc.text());
    row["url"] = json!(url());
    row["statistics"] = json!({
        "aweme_id": Hole::Aweme.text(), "play_count": Hole::Plays.bare(), "digg_count": Hole::Likes.bare(),
        "comment_count": Hole::Comments.bare(), "share_count": Hole::Shares.bare(), "collect_count": Hole::Collects.bare(),
        "download_count": 0, "forward_count": 0, "lose_comment_count": 0, "lose_count": 0, "repost_count": 0, "whatsapp_share_count": 0,
    });
    row["text_extra"] = Hole::Hashtags.bare();
}

fn url() -> String {
    format!("https://www.tiktok.test/@{}/video/{}", Hole::Handle.text(), Hole::Aweme.text())
}

/// What makes a row its own.
fn filling(creator: &Creator, video: Draw) -> Filling {
    let mut filling = Filling::default();
    fill_author(&mut filling, creator);
    fill_video(&mut filling, creator, video);
    fill_statistics(&mut filling, creator, video);
    filling
}

fn fill_author(filling: &mut Filling, creator: &Creator) {
    filling.text(Hole::Uid, &creator.identity);
    filling.bare(Hole::UidRounded, rounded(&creator.identity));
    filling.text(Hole::Handle, &creator.handle);
    filling.text(Hole::Name, &creator.person.name);
    filling.text(Hole::SecUid, &sec_uid(creator));
    filling.text(Hole::Picture, &picture(creator));
    filling.text(Hole::Verified, if creator.verified { "Verified account" } else { "" });
    filling.bare(Hole::Followers, creator.followers);
    filling.bare(Hole::Following, creator.draw.branch("following").below(4_000));
    filling.bare(Hole::Favorited, hearts(creator));
    filling.bare(Hole::Videos, videos(creator));
    filling.bare(Hole::Secret, u8::from(is_secret(creator)));
}

fn fill_video(filling: &mut Filling, creator: &Creator, video: Draw) {
    let id = format!("7{}", video.branch("id").text(DIGITS, 18));
    let created_s = EPOCH_S - video.branch("age").between(3_600, 2 * 365 * 86_400) as i64;
    let mut tagged = video.branch("tags");
    let tags: Vec<_> = (0..tagged.below(5)).map(|_| tagged.pick(&HASHTAGS)).collect();
    let text = video.branch("text").pick(&TEXTS);
    let told: Vec<_> =
        [text.to_owned()].into_iter().chain(tags.iter().map(|tag| format!("#{tag}"))).filter(|word| !word.is_empty()).collect();
    filling.bare(Hole::AwemeRounded, rounded(&id));
    filling.text(Hole::Aweme, &id);
    filling.text(Hole::Text, &told.join(" "));
    filling.bare(Hole::Hashtags, hashtags(&tags));
    filling.text(Hole::Language, creator.person.language);
    filling.text(Hole::Region, creator.person.region);
    filling.bare(Hole::Created, created_s);
    filling.text(Hole::CreatedUtc, &timestamp(created_s));
    filling.bare(Hole::Duration, video.branch("duration").between(5_000, 180_000));
}

fn hashtags(tags: &[&str]) -> Value {
    tags.iter().map(|tag| json!({ "hashtag_name": tag, "hashtag_id": "", "is_commerce": false, "sec_uid": "", "type": 1 })).collect()
}

/// Videos are seen by a tenth to ten times as many as follow, with a few thousand at least for most.
fn fill_statistics(filling: &mut Filling, creator: &Creator, video: Draw) {
    let mut draw = video.branch("statistics");
    let plays = creator.followers * draw.between(1, 100) / 10 + draw.below(5_000);
    let likes = plays * draw.between(2, 12) / 100;
    filling.bare(Hole::Plays, plays);
    filling.bare(Hole::Likes, likes);
    filling.bare(Hole::Comments, likes / draw.between(20, 90));
    filling.bare(Hole::Shares, likes / draw.between(15, 120));
    filling.bare(Hole::Collects, likes / draw.between(5, 40));
}

/// Digits as a double holds them, which is how the platform spoils its numeric ids.
fn rounded(digits: &str) -> u64 {
    digits.parse::<u64>().map_or(0, |number| number as f64 as u64 / 1_000 * 1_000)
}

/// The long id that the platform's own pages use.
pub(super) fn sec_uid(creator: &Creator) -> String {
    format!("MS4wLjABAAAA{}", creator.draw.branch("sec-uid").text(BASE_64, 64))
}

/// What the creator's picture is called.
pub(super) fn picture(creator: &Creator) -> String {
    creator.draw.branch("picture").text(HEX, 32)
}

/// How many likes all videos together have.
pub(super) fn hearts(creator: &Creator) -> u64 {
    creator.followers * creator.draw.branch("hearts").between(3, 60) + creator.draw.branch("few-hearts").below(50)
}

/// How many videos there are.
pub(super) fn videos(creator: &Creator) -> u64 {
    creator.draw.branch("videos").between(1, 20_000) / creator.draw.branch("industry").between(1, 60)
}

/// Whether the account is private and yet found.
pub(super) fn is_secret(creator: &Creator) -> bool {
    creator.is("secret", 0.01)
}
