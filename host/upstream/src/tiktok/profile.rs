//! One creator's profile, with counts in both of the forms that the platform gives.

use serde_json::{Value, json};

use crate::world::Creator;

use super::row::{hearts, is_secret, picture, sec_uid, videos};

/// A profile with everything in it.
pub(super) fn profile(creator: &Creator) -> Value {
    let mut user = user(creator);
    if creator.is("region", 0.76) {
        user["region"] = json!(creator.person.region);
    }
    // The link of the person stands in the profile of about a third, with or without a scheme.
    if let Some(link) = creator.person.link.as_ref().filter(|_| creator.is("bio-link", 0.6)) {
        user["bioLink"] = json!({ "link": link, "risk": creator.draw.branch("risk").below(4) });
    }
    json!({ "user": user, "stats": rounded_counts(creator), "statsV2": exact_counts(creator), "itemList": [] })
}

fn user(creator: &Creator) -> Value {
    let avatar = |size: &str| {
        format!("https://p16-avatar.cdn.test/tos-avt-0068/{}~tplv-cropcenter:{size}.jpeg?x-expires=1788307200", picture(creator))
    };
    json!({
        "id": creator.identity, "shortId": "", "uniqueId": creator.handle, "nickname": creator.person.name,
        "avatarLarger": avatar("1080:1080"), "avatarMedium": avatar("720:720"), "avatarThumb": avatar("100:100"),
        "signature": creator.person.bio.as_deref().unwrap_or_default(),
        "createTime": creator.created_s, "verified": creator.verified, "secUid": sec_uid(creator), "ftc": false, "relation": 0, "openFavorite": false,
        "commentSetting": 0, "commerceUserInfo": { "commerceUser": false }, "duetSetting": 0, "stitchSetting": 0,
        "privateAccount": is_secret(creator), "secret": is_secret(creator), "isADVirtual": false, "roomId": "", "uniqueIdModifyTime": 0, "ttSeller": false,
        "downloadSetting": 0, "profileTab": { "showMusicTab": false, "showQuestionTab": false, "showPlayListTab": creator.followers > 10_000 },
        "followingVisibility": 1, "recommendReason": "", "nowInvitationCardUrl": "", "nickNameModifyTime": 0, "isEmbedBanned": false,
        "canExpPlaylist": true, "profileEmbedPermission": 1, "language": creator.person.language, "eventList": [], "suggestAccountBind": false, "isOrganization": 0, "UserStoryStatus": 0,
    })
}

/// Every count that a profile has, by its two names where it has two.
fn counts(creator: &Creator) -> [(&'static str, u64); 7] {
    let hearts = hearts(creator);
    [
        ("followerCount", creator.followers),
        ("followingCount", creator.draw.branch("following").below(4_000)),
        ("heart", hearts),
        ("heartCount", hearts),
        ("videoCount", videos(creator)),
        ("diggCount", 0),
        ("friendCount", creator.draw.branch("friends").below(60)),
    ]
}

/// Numbers, rounded. The platform counts likes in 32 bits there, so that huge accounts have fewer than none.
fn rounded_counts(creator: &Creator) -> Value {
    let shown = counts(creator).map(|(name, count)| match i32::try_from(count) {
        Err(_) if name == "heartCount" => (name, json!(count as u32 as i32)),
        _ => (name, json!(rounded(count))),
    });
    shown.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

/// The same as strings, exactly.
fn exact_counts(creator: &Creator) -> Value {
    counts(creator).into_iter().map(|(name, count)| (name.to_owned(), json!(count.to_string()))).collect()
}

/// A count as people read it: 1 738 332 is 1.7 million, 17 218 is 17.2 thousand.
fn rounded(count: u64) -> u64 {
    match count {
        0..10_000 => count,
        10_000..1_000_000 => (count + 50) / 100 * 100,
        _ => (count + 50_000) / 100_000 * 100_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_rounded_from_ten_thousand_on() {
        for (exact, shown) in [(9_999, 9_999), (10_000, 10_000), (17_218, 17_200), (999_999, 1_000_000), (1_086_247, 1_100_000)] {
            assert_eq!(rounded(exact), shown);
        }
    }
}
