//! Which creators stand on which page of a search, and in which of its lists.

use serde_json::{Value, json};

use crate::draw::Draw;
use crate::world::Population;

use super::repeats_per_fresh;
use super::row::{self, Kind, Style};

/// Creators of a full page who were on none before. Half of them stand on shelves.
const FRESH: usize = 32;

/// The same when one kind alone is asked for.
const FRESH_OF_ONE_KIND: usize = 20;

/// Which of the fresh ones stand where, by their place.
const VIDEOS_END: usize = 12;
const SHORTS_END: usize = 16;
const LIVES_END: usize = 17;

/// How many creators of a page also are found as channels.
const ALSO_CHANNEL_SHARE: f64 = 0.06;

/// Shorts on the shelf of shorts, which don't say whose they are.
const BARE_SHORTS: usize = 5;

/// All pages of a keyword. Together they hold everybody whom the keyword reaches, and some more than once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pages<'a> {
    pub(super) population: &'a Population,
    pub(super) keyword: &'a str,
    /// What is searched for: `video`, `shorts`, `channel`, or all of it.
    pub(super) kind: Option<&'a str>,
    /// The share of rows whose creator is on the page already.
    pub(super) in_page: f64,
    /// The share of rows of a later page whose creator was on an earlier one.
    pub(super) between: f64,
}

/// One page: creators with one of their videos each, by list.
#[derive(Debug, Default)]
pub(super) struct Page {
    videos: Vec<(u32, Draw)>,
    shorts: Vec<(u32, Draw)>,
    lives: Vec<(u32, Draw)>,
    shelf: Vec<(u32, Draw)>,
    bare_shorts: Vec<(u32, Draw)>,
    channels: Vec<u32>,
}

impl Pages<'_> {
    /// A page, from 0, and whether another follows.
    pub(super) fn page(&self, number: usize) -> (Page, bool) {
        let reached = self.population.reach(self.keyword);
        let step = if self.kind.is_some() { FRESH_OF_ONE_KIND } else { FRESH };
        let begin = number.saturating_mul(step).min(reached.len());
        let end = (begin + step).min(reached.len());
        let draw = self.population.keyword(self.keyword).branch("youtube-page").nth(number as u64);
        let (earlier, fresh) = (&reached[..begin], &reached[begin..end]);
        let page = match self.kind {
            Some("channel") => Page { channels: fresh.to_vec(), ..Page::default() },
            Some("short" | "shorts") => Page { shorts: self.with_repeats(fresh, earlier, draw), ..Page::default() },
            Some(_) => Page { videos: self.with_repeats(fresh, earlier, draw), ..Page::default() },
            None => self.mixed(fresh, earlier, draw),
        };
        (page, end < reached.len())
    }

    fn mixed(&self, fresh: &[u32], earlier: &[u32], draw: Draw) -> Page {
        let part = |from: usize, end: usize| &fresh[from.min(fresh.len())..end.min(fresh.len())];
        let one = |list: &[u32]| list.iter().map(|&creator| (creator, self.video(creator, draw))).collect::<Vec<_>>();
        let is_channel =
            |creator: &&u32| self.population.get(**creator).is_some_and(|creator| creator.is("found-as-channel", ALSO_CHANNEL_SHARE));
        Page {
            videos: self.with_repeats(part(0, VIDEOS_END), earlier, draw),
            shorts: one(part(VIDEOS_END, SHORTS_END)),
            lives: one(part(SHORTS_END, LIVES_END)),
            shelf: one(part(LIVES_END, FRESH)),
            bare_shorts: one(part(0, BARE_SHORTS)),
            channels: fresh.iter().filter(is_channel).copied().collect(),
        }
    }

    /// The fresh ones, and after each of them perhaps one who was shown before, with another video.
    fn with_repeats(&self, fresh: &[u32], earlier: &[u32], draw: Draw) -> Vec<(u32, Draw)> {
        let mut draw = draw.branch("repeats");
        let mut rows = Vec::with_capacity(fresh.len() * 2);
        let (in_page, between) = (repeats_per_fresh(self.in_page), repeats_per_fresh(self.between));
        for (place, &creator) in fresh.iter().enumerate() {
            rows.push((creator, self.video(creator, draw)));
            for (rate, shown) in [(in_page, &fresh[..=place]), (between, earlier)] {
                if draw.chance(rate) && !shown.is_empty() {
                    let again = shown[draw.below(shown.len() as u64) as usize];
                    rows.push((again, self.video(again, draw.branch("another"))));
                }
            }
        }
        rows
    }

    fn video(&self, creator: u32, draw: Draw) -> Draw {
        draw.branch("video").nth(u64::from(creator))
    }
}

impl Page {
    /// The answer but for its token.
    pub(super) fn write(&self, population: &Population, style: Style) -> Value {
        let rows = |list: &[(u32, Draw)], kind: Kind| -> Vec<Value> {
            let known = list.iter().filter_map(|(creator, video)| Some((population.get(*creator)?, *video)));
            known.map(|(creator, video)| row::video(creator, video, kind, style)).collect()
        };
        let channels = self.channels.iter().filter_map(|&creator| population.get(creator));
        json!({
            "videos": rows(&self.videos, Kind::Video),
            "channels": channels.map(|creator| row::channel(creator, style)).collect::<Vec<_>>(),
            "playlists": [],
            "shorts": rows(&self.shorts, Kind::Short),
            "shelves": self.shelves(population, rows(&self.shelf, Kind::Video)),
            "lives": rows(&self.lives, Kind::Live),
        })
    }

    fn shelves(&self, population: &Population, videos: Vec<Value>) -> Vec<Value> {
        let bare = |(creator, video): &(u32, Draw)| Some(row::bare_short(population.get(*creator)?, *video));
        let shorts: Vec<_> = self.bare_shorts.iter().filter_map(bare).collect();
        let shelves = [("Shorts", shorts), ("People also watched", videos)];
        let filled = shelves.into_iter().filter(|(_, items)| !items.is_empty());
        filled.map(|(title, items)| json!({ "type": "shelf", "title": title, "items": items })).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use super::*;
    use crate::quirks::Quirks;
    use crate::world::World;
    use crate::youtube::NAMING;

    fn population() -> Arc<Population> {
        World::new(1, 2_000, Quirks::usual()).population(NAMING)
    }

    fn all(pages: Pages<'_>) -> Vec<Page> {
        let mut read = Vec::new();
        loop {
            let (page, more) = pages.page(read.len());
            read.push(page);
            if !more {
                return read;
            }
        }
    }

    fn creators(page: &Page) -> Vec<u32> {
        let lists = [&page.videos, &page.shorts, &page.lives, &page.shelf];
        lists.into_iter().flatten().map(|(creator, _)| *creator).chain(page.channels.iter().copied()).collect()
    }

    #[test]
    fn the_pages_hold_exactly_the_reach_of_the_keyword_whatever_is_searched_for() {
        let population = population();
        for kind in [None, Some("video"), Some("shorts"), Some("channel")] {
            for (in_page, between) in [(0.0, 0.0), (0.15, 0.3), (1.0, 1.0)] {
                let pages = Pages { population: &population, keyword: "yoga", kind, in_page, between };
                let shown: HashSet<_> = all(pages).iter().flat_map(creators).collect();
                assert_eq!(shown, population.reach("yoga").into_iter().collect(), "{kind:?}");
            }
        }
    }

    #[test]
    fn a_page_beyond_the_end_is_empty_and_the_last() {
        let population = population();
        let pages = Pages { population: &population, keyword: "yoga", kind: None, in_page: 0.0, between: 0.0 };
        let (page, more) = pages.page(usize::MAX);
        assert!(creators(&page).is_empty() && !more);
    }

    #[test]
    fn repeats_come_at_their_rates() {
        let population = population();
        let (mut rows, mut repeats) = (0, 0);
        for number in 0..40 {
            let keyword = format!("keyword {number}");
            let pages = Pages { population: &population, keyword: &keyword, kind: Some("video"), in_page: 0.15, between: 0.0 };
            for page in all(pages) {
                rows += page.videos.len();
                repeats += page.videos.len() - creators(&page).iter().collect::<HashSet<_>>().len();
            }
        }
        let share = repeats * 1_000 / rows;
        assert!((130..=170).contains(&share), "{share} per mille");
    }
}
