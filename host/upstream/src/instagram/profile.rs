//! One creator's profile: as a search finds it, by handle in three shapes, and by id.

use serde_json::{Value, json};

use crate::draw::DIGITS;
use crate::world::Creator;

use super::reel::{picture, posts};

/// The shapes that a profile by handle came in over the years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// All fields, with counts in `edge_` objects.
    Full,
    /// The same but for most of the fields.
    Trimmed,
    /// The newest: no id, and followers also as a plain number.
    Newest,
}

impl Shape {
    /// The shape of an answer; who asks for a small one gets it, and others get one of two.
    pub(super) fn of(creator: &Creator, trim: bool) -> Self {
        match trim {
            true => Shape::Trimmed,
            false if creator.is("newest", 0.5) => Shape::Newest,
            false => Shape::Full,
        }
    }
}

/// A profile in a search for profiles.
pub(super) fn found(creator: &Creator, private: bool) -> Value {
    let mut row = account(creator, private);
    row["id"] = json!(creator.identity);
    row["follower_count"] = json!(creator.followers);
    row["following_count"] = json!(following(creator));
    row["media_count"] = json!(posts(creator));
    row["matched_from"] = json!("biography");
    row["google_title"] = json!(format!("{} (@{})", creator.person.name, creator.handle));
    row
}

/// A profile by handle.
pub(super) fn profile(creator: &Creator, shape: Shape, private: bool) -> Value {
    let mut user = account(creator, private);
    user["edge_followed_by"] = json!({ "count": creator.followers });
    user["edge_owner_to_timeline_media"] = json!({ "count": posts(creator), "edges": edges(creator, shape) });
    match shape {
        Shape::Newest => {
            user["follower_count"] = json!(creator.followers);
            user["media_count"] = Value::Null;
            user["category"] = user["category_name"].clone();
            user["business_email"] = Value::Null;
            json!({ "data": { "user": user } })
        }
        Shape::Trimmed | Shape::Full => {
            user["id"] = json!(creator.identity);
            user["fbid"] = json!(format!("178414{}", creator.draw.branch("fbid").text(DIGITS, 11)));
            user["edge_follow"] = json!({ "count": following(creator) });
            user["profile_pic_url_hd"] = json!(picture(creator, 320));
            if shape == Shape::Trimmed {
                return json!({ "data": { "user": user } });
            }
            user["business_email"] = Value::Null;
            user["business_category_name"] = json!("None");
            user["business_address_json"] = json!("{\"city_name\": null}");
            user["edge_related_profiles"] =
                json!({ "edges": [{ "node": { "id": "1", "username": "somebody.else", "is_private": false } }] });
            json!({ "data": { "user": user }, "status": "ok" })
        }
    }
}

/// A profile by id, which has no frame.
pub(super) fn basic(creator: &Creator, private: bool) -> Value {
    let mut user = account(creator, private);
    user["pk"] = json!(creator.identity);
    user["id"] = json!(creator.identity);
    user["follower_count"] = json!(creator.followers);
    user["following_count"] = json!(following(creator));
    user["media_count"] = json!(posts(creator));
    user["hd_profile_pic_url_info"] = json!({ "url": picture(creator, 1_080) });
    user["is_regulated_c18"] = json!(false);
    user
}

/// What all shapes have. A private account shows strangers its profile, though mostly there is less on it.
fn account(creator: &Creator, private: bool) -> Value {
    let bio = creator.person.bio.as_deref().filter(|_| !private).unwrap_or_default();
    let link = creator.person.page().filter(|_| !private);
    let links: Vec<_> = link
        .iter()
        .map(|url| json!({ "title": "my page", "url": url, "lynx_url": "https://l.instagram.test/?u=x", "link_type": "external" }))
        .collect();
    json!({
        "username": creator.handle, "full_name": creator.person.name, "biography": bio, "bio_links": links, "external_url": link,
        "biography_with_entities": { "raw_text": bio, "entities": [] },
        "is_verified": creator.verified, "is_private": private, "category_name": creator.is("category", 0.4).then_some("Digital creator"),
        "profile_pic_url": picture(creator, 150),
    })
}

/// The latest posts; the newest shape says less of them.
fn edges(creator: &Creator, shape: Shape) -> Value {
    let typename = if shape == Shape::Newest { "XDTGraphVideo" } else { "GraphVideo" };
    let mut node = json!({ "__typename": typename, "id": creator.draw.branch("post").text(DIGITS, 19), "shortcode": "Dfake" });
    if shape != Shape::Newest {
        node["edge_liked_by"] = json!({ "count": creator.followers / 20 });
        node["edge_media_to_caption"] = json!({ "edges": [{ "node": { "text": "part 2" } }] });
    }
    json!([{ "node": node }])
}

fn following(creator: &Creator) -> u64 {
    creator.draw.branch("following").below(2_000)
}
