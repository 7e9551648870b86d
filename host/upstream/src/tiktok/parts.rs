//! The parts of a row that nobody reads and everybody has to carry: four fifths of every page.
//!
//! Their names and nesting are the platform's, their values are drawn. They are what makes a page as long as
//! it really is, and what a reader has to get over.

use serde_json::{Map, Value, json};

use crate::draw::{BASE_32, BASE_64, DIGITS, Draw, HEX};

use super::template::Hole;

/// Members of a video that say nothing, by what they say it with.
#[rustfmt::skip]
const VIDEO_NULL: [&str; 34] = [
    "anchors", "behind_the_song_music_ids", "behind_the_song_video_music_ids", "branded_content_accounts", "challenge_position",
    "comment_topbar_info", "commerce_config_data", "cover_labels", "geofencing", "geofencing_regions", "green_screen_materials",
    "hybrid_label", "image_infos", "interaction_stickers", "label_top_text", "long_video", "muf_comment_info_v2", "nickname_position",
    "operator_boost_info", "origin_comment_ids", "position", "products_info", "question_list", "reference_tts_voice_ids",
    "reference_voice_filter_ids", "survey_info", "tts_voice_ids", "uniqid_position", "voice_filter_ids", "cha_position", "poi_info",
    "promote_info", "story_info", "upvote_info",
];
#[rustfmt::skip]
const VIDEO_FALSE: [&str; 22] = [
    "cmt_swt", "disable_search_trending_bar", "has_danmaku", "has_ever_advertised", "has_vs_entry", "have_dashboard", "is_ads", "is_ad",
    "is_nff_or_nr", "is_pgcshow", "is_relieve", "is_text_sticker_translatable", "is_title_translatable", "is_vr", "need_trim_step",
    "need_vs_entry", "no_selected_music", "playlist_blocked", "prevent_download", "support_danmaku", "used_full_song", "with_promotional_music",
];
#[rustfmt::skip]
const VIDEO_ZERO: [&str; 14] = [
    "aweme_type", "bodydance_score", "collect_stat", "is_on_this_day", "is_preview", "is_top", "item_comment_settings", "item_duet",
    "item_react", "item_stitch", "music_begin_time_in_ms", "poi_re_tag_signal", "retry_type", "user_digged",
];
/// Members of an author that say nothing.
#[rustfmt::skip]
const AUTHOR_NULL: [&str; 26] = [
    "account_labels", "ad_cover_url", "advance_feature_item_order", "advanced_feature_info", "bold_fields", "can_message_follow_status_list",
    "can_set_geofencing", "cha_list", "cover_url", "events", "followers_detail", "geofencing", "homepage_bottom_toast", "item_list",
    "mutual_relation_avatars", "need_points", "platform_sync_info", "relative_users", "search_highlight", "shield_edit_field_info", "type_label",
    "user_profile_guide", "user_tags", "white_cover_url", "identity_labels", "display_info",
];
#[rustfmt::skip]
const AUTHOR_FALSE: [&str; 14] = [
    "accept_private_policy", "enabled_filter_all_comments", "hide_search", "is_ad_fake", "is_block", "is_discipline_member", "is_star",
    "live_commerce", "prevent_download", "show_image_bubble", "user_canceled", "with_commerce_entry", "with_shop_entry", "is_mute_all",
];
#[rustfmt::skip]
const AUTHOR_ZERO: [&str; 21] = [
    "authority_status", "comment_filter_status", "comment_setting", "commerce_user_level", "fb_expire_time", "follow_status", "follower_status",
    "friends_status", "is_mute", "is_mute_lives", "is_mute_non_story_post", "is_mute_story", "live_agreement", "live_verify", "room_id",
    "shield_comment_notice", "shield_digg_notice", "shield_follow_notice", "stitch_setting", "user_period", "verification_type",
];

/// The author of a video: no bio, and no plain yes or no to whether the account is verified.
pub(super) fn author(draw: Draw) -> Value {
    let mut author = Map::new();
    silent(&mut author, &AUTHOR_NULL, &AUTHOR_FALSE, &AUTHOR_ZERO);
    let sizes = [
        ("avatar_168x168", "168:168"),
        ("avatar_300x300", "300:300"),
        ("avatar_larger", "1080:1080"),
        ("avatar_medium", "720:720"),
        ("avatar_thumb", "100:100"),
    ];
    author.extend(sizes.map(|(name, size)| (name.to_owned(), avatar(draw.branch(name), size))));
    let told = json!({
        "uid": Hole::Uid.text(), "short_id": "0", "unique_id": Hole::Handle.text(), "nickname": Hole::Name.text(), "sec_uid": Hole::SecUid.text(),
        "avatar_uri": format!("tos-avt-0068/{}", Hole::Picture.text()), "custom_verify": Hole::Verified.text(), "enterprise_verify_reason": "",
        "verify_info": "", "cv_level": "", "ins_id": "", "name_field": "nickname", "follower_count": Hole::Followers.bare(),
        "following_count": Hole::Following.bare(), "total_favorited": Hole::Favorited.bare(), "aweme_count": Hole::Videos.bare(),
        "secret": Hole::Secret.bare(), "search_user_desc": Hole::Handle.text(), "search_user_name": Hole::Name.text(),
        "special_account": { "special_account_list": null }, "fake_data_info": {}, "user_spark_info": {}, "status": 1, "user_mode": 1, "mention_status": 1, "need_recommend": 1, "reply_with_video_flag": 4, "special_lock": 1, "download_prompt_ts": 0, "user_rate": 1,
        "video_icon": { "height": 720, "uri": "", "url_list": [], "url_prefix": null, "width": 720 },
    });
    merge(&mut author, told);
    Value::Object(author)
}

/// A picture of the author in one size.
fn avatar(mut draw: Draw, size: &str) -> Value {
    let name = Hole::Picture.text();
    let urls: Vec<_> = (0..3)
        .map(|_| format!("https://p16-avatar.cdn.test/tos-avt-0068/{name}~tplv-cropcenter:{size}.jpeg?{}", signature(&mut draw, "avatar")))
        .collect();
    json!({ "height": 720, "uri": format!("tos-avt-0068/{name}"), "url_list": urls, "url_prefix": null, "width": 720 })
}

/// A video without its author and without what makes it its own.
pub(super) fn video(draw: Draw) -> Value {
    let mut video = Map::new();
    silent(&mut video, &VIDEO_NULL, &VIDEO_FALSE, &VIDEO_ZERO);
    video.insert("video".to_owned(), media(draw.branch("media")));
    video.insert("music".to_owned(), music(draw.branch("music")));
    video.insert("added_sound_music_info".to_owned(), music(draw.branch("music")));
    video.insert("cha_list".to_owned(), (0..4).map(|number| challenge(draw.branch("challenge").nth(number))).collect());
    video.insert("suggest_words".to_owned(), suggestions(draw.branch("suggestions")));
    merge(&mut video, permissions());
    merge(&mut video, remarks(draw.branch("remarks")));
    Value::Object(video)
}

fn permissions() -> Value {
    let plain = json!({ "code": 0, "mute": false, "show_type": 2, "transcode": 3 });
    json!({
        "aweme_acl": { "download_general": plain, "download_mask_panel": plain, "platform_list": null, "share_action_list": null, "share_general": plain, "share_list_status": 0 },
        "interact_permission": { "allow_adding_as_post": { "status": 0 }, "allow_adding_to_story": 0, "allow_create_sticker": { "status": 0 }, "allow_story_switch_to_post": {}, "duet": 0, "stitch": 0, "upvote": 0 },
        "video_control": { "allow_download": true, "allow_duet": true, "allow_dynamic_wallpaper": true, "allow_music": true, "allow_react": true, "allow_stitch": true, "draft_progress_bar": 1, "prevent_download_type": 0, "share_type": 0, "show_progress_bar": 1, "timer_status": 1 },
        "status": { "aweme_id": Hole::Aweme.text(), "allow_comment": true, "allow_share": true, "download_status": 0, "in_reviewing": false, "is_delete": false, "is_prohibited": false, "private_status": 0, "reviewed": 1, "self_see": false },
        "comment_config": { "emoji_recommend_list": null, "long_press_recommend_list": null, "preload": { "preds": "{\"all\":false}" }, "quick_comment": { "enabled": false, "quick_comment_emoji_recommend_list": null, "rec_level": 0 } },
        "risk_infos": { "content": "", "risk_sink": false, "type": 0, "vote": false, "warn": false },
        "standard_component_info": { "banner_enabled": true },
        "aigc_info": { "aigc_label_type": 0, "created_by_ai": false },
    })
}

/// JSON inside strings, blobs and other things that look like something.
fn remarks(mut draw: Draw) -> Value {
    let bands: Vec<_> = (0..96).map(|_| draw.below(100_000) as f64 / 1_000.0).collect();
    json!({
        "solaria_profile": { "profile": json!({ "audio_band_metric": bands, "aweme_id": draw.text(HEX, 19) }).to_string() },
        "social_interaction_blob": { "auxiliary_model_content": draw.text(BASE_64, 480) },
        "content_model": { "custom_biz": { "aweme_trace": draw.text(HEX, 34) }, "standard_biz": { "e_commerce": {}, "creator_analytics": {}, "vc_filter": {} } },
        "misc_info": "{}", "content_desc": "", "content_desc_extra": [], "video_labels": [], "video_text": [], "mask_infos": [], "picked_users": [],
        "share_info": { "bool_persist": 0, "now_invitation_card_image_urls": null, "share_title": format!("Check out {}'s video!", Hole::Name.text()),
            "share_url": format!("https://www.tiktok.test/@{}/video/{}?{}", Hole::Handle.text(), Hole::Aweme.text(), signature(&mut draw, "share")) },
        "original_client_text": { "markup_text": draw.text(BASE_64, 300), "text_extra": [] },
        "label_top": image(draw.branch("label"), "label"),
        "banners": [{ "key": { "component_key": "bottom_banner_search_rs" } }],
        "commerce_info": { "adv_promotable": false, "auction_ad_invited": false, "branded_content_type": 0, "organic_log_extra": draw.text(BASE_64, 120) },
        "search_highlight": [{ "field": "search_desc", "positions": [{ "begin": 0, "end": 4 }] }],
    })
}

/// The moving picture in all its forms; by far the longest part.
fn media(draw: Draw) -> Value {
    let covers = ["ai_dynamic_cover", "ai_dynamic_cover_bak", "animated_cover", "cover", "dynamic_cover", "origin_cover"];
    let addresses = ["download_addr", "download_no_watermark_addr", "play_addr", "play_addr_bytevc1", "play_addr_h264"];
    let mut media: Map<_, _> = covers.iter().map(|&name| (name.to_owned(), image(draw.branch(name), name))).collect();
    media.extend(addresses.iter().map(|&name| (name.to_owned(), address(draw.branch(name)))));
    media.insert("bit_rate".to_owned(), (0..8).map(|number| bit_rate(draw.branch("bit-rate").nth(number))).collect());
    media.insert("cla_info".to_owned(), captions(draw.branch("captions")));
    media.insert(
        "meta".to_owned(),
        json!(json!({ "loudness": "-13.6", "peak": "0.92", "qprf": draw.branch("meta").text(BASE_64, 900) }).to_string()),
    );
    merge(
        &mut media,
        json!({ "CoverTsp": 0, "big_thumbs": [], "bit_rate_audio": [], "cdn_url_expired": 0, "did_profile_labels": "", "duration": Hole::Duration.bare(), "has_watermark": true, "height": 1024, "is_bytevc1": 0, "is_callback": true, "need_set_token": false, "ratio": "540p", "source_HDR_type": 0, "tags": null, "width": 576 }),
    );
    Value::Object(media)
}

fn bit_rate(mut draw: Draw) -> Value {
    json!({ "HDR_bit": "", "HDR_type": "", "bit_rate": draw.between(200_000, 3_000_000), "dub_infos": null, "fid_profile_labels": "", "fps": 30, "gear_name": "adapt_540_1", "is_bytevc1": draw.below(2), "play_addr": address(draw.branch("address")), "quality_type": draw.below(40), "video_extra": json!({ "pkt": draw.text(HEX, 400) }).to_string() })
}

fn captions(mut draw: Draw) -> Value {
    let one = |draw: &mut Draw| json!({ "caption_format": "webvtt", "caption_length": 196, "is_auto_generated": true, "lang": "eng-US", "sub_id": draw.below(1 << 30), "url": media_url(draw), "url_list": [media_url(draw), media_url(draw)], "variant": "default" });
    json!({ "caption_infos": [one(&mut draw), one(&mut draw)], "captions_type": 1, "creator_edited_caption_id": 0, "enable_auto_caption": 1, "has_original_audio": 1, "hide_original_caption": false, "vertical_positions": null })
}

fn music(draw: Draw) -> Value {
    let mut music: Map<_, _> = ["avatar_medium", "avatar_thumb", "cover_large", "cover_medium", "cover_thumb"]
        .iter()
        .map(|&name| (name.to_owned(), image(draw.branch(name), name)))
        .collect();
    let mut drawn = draw.branch("music");
    let told = json!({
        "id": drawn.bits() >> 1, "id_str": drawn.text(DIGITS, 19), "title": format!("original sound - {}", Hole::Handle.text()), "author": Hole::Name.text(),
        "owner_handle": Hole::Handle.text(), "owner_id": Hole::Uid.text(), "owner_nickname": Hole::Name.text(), "sec_uid": Hole::SecUid.text(),
        "album": "", "artists": [], "audition_duration": 15, "duration": 15, "is_original": false, "is_original_sound": true, "status": 1, "user_count": drawn.below(900),
        "play_url": address(draw.branch("play")), "extra": json!({ "beats": {}, "amplitude_peak": 0.98, "fingerprint": drawn.text(HEX, 700) }).to_string(),
        "matched_pgc_sound": { "artist_infos": [{ "avatar": image(draw.branch("artist"), "artist"), "handle": "", "is_verified": false }], "mixed_author": "", "mixed_title": "" },
        "matched_song": { "author": "", "chorus_info": { "duration_ms": 15_000, "start_ms": 0 }, "cover_medium": image(draw.branch("song"), "song"), "h5_url": "", "performers": null },
        "lyric_short_position": null, "tag_list": null, "position": null, "search_highlight": null, "uncert_artists": null, "external_song_info": [],
    });
    merge(&mut music, told);
    Value::Object(music)
}

fn challenge(mut draw: Draw) -> Value {
    json!({ "cid": draw.text(DIGITS, 8), "cha_name": draw.text(BASE_64, 8), "author": { "uid": "", "nickname": "", "followers_detail": null, "cover_url": null }, "desc": "", "is_commerce": false, "share_info": { "share_url": media_url(&mut draw), "share_title": "", "share_desc": "" }, "sub_type": 0, "type": 1, "use_count": 0, "user_count": 0, "view_count": draw.below(1 << 40) })
}

fn suggestions(draw: Draw) -> Value {
    let word = |number| {
        let mut draw = draw.nth(number);
        json!({ "word": draw.text(BASE_64, 14), "word_id": draw.text(DIGITS, 19), "info": json!({ "qrec_for_search": draw.text(HEX, 140) }).to_string() })
    };
    let scenes = ["feed_bar", "inbox", "comment_top", "long_press"].map(
        |scene| json!({ "hint_text": "Search", "qrec_virtual_enable": "", "scene": scene, "words": (0..2).map(word).collect::<Vec<_>>() }),
    );
    json!({ "suggest_words": scenes })
}

/// A picture at three signed URLs.
pub(super) fn image(mut draw: Draw, kind: &str) -> Value {
    let uri = format!("tos-p-0068/{}", draw.text(BASE_64, 38));
    let urls: Vec<_> =
        (0..3).map(|_| format!("https://p16-sign.cdn.test/{uri}~tplv-origin.image?{}", signature(&mut draw, kind))).collect();
    json!({ "height": 720, "uri": uri, "url_list": urls, "url_prefix": null, "width": 720 })
}

/// A file at three signed URLs.
fn address(mut draw: Draw) -> Value {
    let uri = format!("v09044g40000{}", draw.text(BASE_32, 20));
    let urls: Vec<_> = (0..3).map(|_| media_url(&mut draw)).collect();
    json!({ "data_size": draw.between(200_000, 9_000_000), "file_cs": format!("c:0-13745-{}", draw.text(HEX, 4)), "file_hash": draw.text(HEX, 32), "height": 1024, "uri": uri, "url_key": format!("{uri}_h264_540p"), "url_list": urls, "url_prefix": null, "width": 576 })
}

fn media_url(draw: &mut Draw) -> String {
    format!(
        "https://v16m.cdn.test/{}/{}/video/tos/tos-ve-0068/{}/?a=1233&bti={}&ch=0&cr=13&dr=0&er=0&lr=all&net=0&cd=0%7C0%7C0%7C&cv=1&br=1656&bt=828&cs=2&ds=6&eid=7936&ft={}&mime_type=video_mp4&qs=11&rc={}%3D%3D&vvpl=1&l={}&btag=e000b8000",
        draw.text(HEX, 32),
        draw.text(HEX, 8),
        draw.text(BASE_64, 38),
        draw.text(BASE_64, 24),
        draw.text(BASE_64, 34),
        draw.text(BASE_64, 96),
        draw.text(HEX, 34)
    )
}

/// The query that a signed URL ends with.
fn signature(draw: &mut Draw, kind: &str) -> String {
    format!(
        "dr=9638&refresh_token={}&x-expires=1788307200&x-signature={}%3D&t=4d5b0474&ps={}&shp={}&shcp={}&idc=test1&biz_tag=tt_{kind}&s=SEARCH&sc={kind}",
        draw.text(HEX, 8),
        draw.text(BASE_64, 27),
        draw.text(HEX, 8),
        draw.text(HEX, 8),
        draw.text(HEX, 8)
    )
}

/// Adds members that say nothing.
fn silent(into: &mut Map<String, Value>, null: &[&str], no: &[&str], zero: &[&str]) {
    let named = |names: &[&str], value: &Value| names.iter().map(|&name| (name.to_owned(), value.clone())).collect::<Vec<_>>();
    into.extend(named(null, &Value::Null));
    into.extend(named(no, &json!(false)));
    into.extend(named(zero, &json!(0)));
}

fn merge(into: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        into.extend(more);
    }
}
