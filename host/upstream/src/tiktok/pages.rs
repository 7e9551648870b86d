//! Which creators stand on which page of a search.

use crate::draw::Draw;
use crate::world::Population;

/// Rows of a full page.
const FULL: usize = 30;

/// Rows of the shortest page that is not the last.
const SHORTEST: u64 = 4;

/// How many pages are full; the others have any number of rows.
const FULL_SHARE: f64 = 0.75;

/// One row: a creator with one of the videos that the keyword finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// The creator's number in the population.
    pub(super) creator: u32,
    /// Which of the creator's videos it is.
    pub(super) take: u64,
}

/// All pages of a keyword. Together they hold everybody whom the keyword reaches, and some more than once.
#[derive(Debug)]
pub(super) struct Pages {
    pages: Vec<Vec<Row>>,
}

impl Pages {
    /// Deals the reach of a keyword out to pages.
    pub(super) fn of(population: &Population, keyword: &str, in_page: f64, between: f64) -> Self {
        let reached = population.reach(keyword);
        let mut dealer = Dealer { draw: population.keyword(keyword).branch("pages"), fresh: &reached, earlier: Vec::new() };
        let mut pages = Vec::new();
        while !dealer.fresh.is_empty() {
            pages.push(dealer.page(pages.len() as u64, in_page, between));
        }
        Pages { pages }
    }

    /// The rows of a page, from 0; none after the last.
    pub(super) fn page(&self, number: usize) -> &[Row] {
        self.pages.get(number).map_or(&[], Vec::as_slice)
    }

    /// Whether a page comes after this one.
    pub(super) fn more_after(&self, number: usize) -> bool {
        number + 1 < self.pages.len()
    }
}

struct Dealer<'a> {
    draw: Draw,
    fresh: &'a [u32],
    earlier: Vec<Row>,
}

impl Dealer<'_> {
    /// One page. It begins with somebody new, so that the pages come to an end at any rate of duplicates.
    fn page(&mut self, number: u64, in_page: f64, between: f64) -> Vec<Row> {
        let mut draw = self.draw.nth(number);
        let rows = if draw.chance(FULL_SHARE) { FULL } else { draw.between(SHORTEST, FULL as u64 - 1) as usize };
        let mut page: Vec<Row> = Vec::with_capacity(rows);
        while page.len() < rows {
            let first = page.is_empty();
            let row = if !first && draw.chance(in_page) {
                again(&mut draw, &page)
            } else if !first && draw.chance(between) {
                again(&mut draw, &self.earlier).filter(|row| page.iter().all(|shown| shown.creator != row.creator))
            } else {
                None
            };
            match row.or_else(|| self.fresh()) {
                Some(row) => page.push(row),
                None => break,
            }
        }
        self.earlier.extend_from_slice(&page);
        page
    }

    fn fresh(&mut self) -> Option<Row> {
        let (&creator, rest) = self.fresh.split_first()?;
        self.fresh = rest;
        Some(Row { creator, take: 0 })
    }
}

/// A creator who was shown: half the time with the same video, else with another.
fn again(draw: &mut Draw, shown: &[Row]) -> Option<Row> {
    let row = shown.get(draw.below(shown.len() as u64) as usize)?;
    let take = if draw.chance(0.5) { row.take } else { draw.bits() };
    Some(Row { take, ..*row })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::quirks::Quirks;
    use crate::tiktok::NAMING;
    use crate::world::World;

    fn keywords() -> impl Iterator<Item = String> {
        (0..60).map(|number| format!("keyword {number}"))
    }

    fn population() -> std::sync::Arc<Population> {
        World::new(1, 5_000, Quirks::usual()).population(NAMING)
    }

    #[test]
    fn the_pages_hold_exactly_the_reach_of_the_keyword_at_any_rate_of_duplicates() {
        let population = population();
        for rate in [0.0, 0.2, 1.0] {
            for keyword in keywords() {
                let pages = Pages::of(&population, &keyword, rate, rate);
                let shown: HashSet<_> = pages.pages.iter().flatten().map(|row| row.creator).collect();
                assert_eq!(shown, population.reach(&keyword).into_iter().collect());
            }
        }
    }

    #[test]
    fn every_page_but_the_last_has_4_to_30_rows() {
        let population = population();
        for keyword in keywords() {
            let pages = Pages::of(&population, &keyword, 0.055, 0.2).pages;
            let (last, others) = pages.split_last().unwrap();
            assert!((1..=30).contains(&last.len()));
            assert!(others.iter().all(|page| (4..=30).contains(&page.len())));
        }
    }

    #[test]
    fn duplicates_come_at_their_rates() {
        let population = population();
        let (mut rows, mut in_page, mut later, mut between) = (0, 0, 0, 0);
        for keyword in keywords() {
            let mut earlier = HashSet::new();
            for page in Pages::of(&population, &keyword, 0.055, 0.2).pages {
                let here: HashSet<_> = page.iter().map(|row| row.creator).collect();
                rows += page.len();
                in_page += page.len() - here.len();
                later += if earlier.is_empty() { 0 } else { here.len() };
                between += here.intersection(&earlier).count();
                earlier.extend(here);
            }
        }
        let (in_page, between) = (in_page * 1_000 / rows, between * 1_000 / later);
        assert!((40..=65).contains(&in_page), "{in_page} per mille in a page");
        assert!((150..=230).contains(&between), "{between} per mille between pages");
    }
}
