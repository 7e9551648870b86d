//! Which creators stand on which page of a search.

use crate::draw::Draw;
use crate::world::Population;

use super::PAGE_MAX;

/// Creators who are new on a page.
const FRESH: usize = 10;

/// Rows on a page that may be of somebody who was shown before.
const AGAIN: u64 = 2;

/// One row: a creator with one of the reels that the keyword finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// The creator's number in the population.
    pub(super) creator: u32,
    /// Which of the creator's reels it is.
    pub(super) take: u64,
}

/// All pages of a keyword: 10 creators on each, and up to two of them again on later ones.
#[derive(Debug)]
pub(super) struct Pages {
    draw: Draw,
    reached: Vec<u32>,
    /// How likely it is for each of the rows that may be a repeat.
    again: f64,
}

/// Whom a keyword reaches, as far as there are pages for them.
pub(super) fn reach(population: &Population, keyword: &str) -> Vec<u32> {
    let mut reached = population.reach(keyword);
    reached.truncate(PAGE_MAX * FRESH);
    reached
}

impl Pages {
    /// Deals the reach of a keyword out to pages; `between` is the share of rows that repeat a creator of an earlier page.
    pub(super) fn of(population: &Population, keyword: &str, between: f64) -> Self {
        let again = FRESH as f64 * between / (1.0 - between).max(0.01) / AGAIN as f64;
        Pages { draw: population.keyword(keyword).branch("pages"), reached: reach(population, keyword), again: again.min(1.0) }
    }

    /// The creators of a page, from 0, who were on none before.
    pub(super) fn fresh(&self, page: usize) -> &[u32] {
        self.reached.chunks(FRESH).nth(page).unwrap_or_default()
    }

    /// The rows of a page, from 0; none after the last.
    pub(super) fn rows(&self, page: usize) -> Vec<Row> {
        let mut rows: Vec<_> = self.fresh(page).iter().map(|&creator| Row { creator, take: 0 }).collect();
        let earlier = page * FRESH;
        let mut draw = self.draw.nth(page as u64);
        for _ in 0..AGAIN {
            if !rows.is_empty() && earlier > 0 && draw.chance(self.again) {
                let place = draw.below(earlier as u64) as usize;
                rows.push(Row { creator: self.reached[place], take: draw.bits() });
            }
        }
        rows
    }

    /// Whether a page comes after this one.
    pub(super) fn more_after(&self, page: usize) -> bool {
        !self.fresh(page + 1).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::instagram::NAMING;
    use crate::quirks::Quirks;
    use crate::world::World;

    fn population() -> std::sync::Arc<Population> {
        World::new(1, 5_000, Quirks::usual()).population(NAMING)
    }

    #[test]
    fn the_pages_hold_exactly_what_the_keyword_reaches_at_any_rate_of_repeats() {
        let population = population();
        for rate in [0.0, 0.1, 1.0] {
            for number in 0..60 {
                let keyword = format!("keyword {number}");
                let pages = Pages::of(&population, &keyword, rate);
                let rows: Vec<_> = (0..PAGE_MAX).map(|page| pages.rows(page)).collect();
                let shown: HashSet<_> = rows.iter().flatten().map(|row| row.creator).collect();
                assert_eq!(shown, reach(&population, &keyword).into_iter().collect());
                assert!(rows.iter().all(|page| page.len() <= 12));
                assert!((60..=110).contains(&shown.len()), "{}", shown.len());
            }
        }
    }

    #[test]
    fn repeats_come_at_their_rate() {
        let population = population();
        let (mut all, mut repeats) = (0, 0);
        for number in 0..100 {
            let pages = Pages::of(&population, &format!("keyword {number}"), 0.1);
            let rows: Vec<_> = (1..5).flat_map(|page| pages.rows(page)).collect();
            all += rows.len();
            repeats += rows.iter().filter(|row| row.take != 0).count();
        }
        let share = repeats * 1_000 / all;
        assert!((85..=115).contains(&share), "{share} per mille");
    }
}
