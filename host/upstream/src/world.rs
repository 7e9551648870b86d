//! The invented creators of every platform, and which keyword reaches which of them.
//!
//! All of it follows from the seed. Two worlds of the same seed are the same in every byte, and a creator
//! keeps identity, handle and fate whatever is asked in which order. Nothing depends on a clock: times are
//! counted back from [`EPOCH_S`].

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::draw::Draw;
use crate::people::Person;
use crate::quirks::{Quirk, Quirks};

/// "Now" in the fake world, in unix seconds: 2026-09-01T00:00:00Z.
pub(crate) const EPOCH_S: i64 = 1_788_220_800;

/// Creators that many keywords reach; they make keywords overlap.
const POPULAR: u64 = 60;

/// How far the number of popular creators that a keyword reaches may be from what the overlap asks for.
const POPULAR_SPREAD: u64 = 4;

/// How many distinct creators a keyword reaches in all its pages.
const REACHED: (u64, u64) = (60, 150);

/// One invented creator on one platform.
#[derive(Debug, Clone)]
pub(crate) struct Creator {
    /// The source of everything else that a platform wants to know of this creator.
    pub(crate) draw: Draw,
    /// What makes the creator the same one again, in the platform's own form.
    pub(crate) identity: String,
    /// The handle, unique on the platform, without `@`.
    pub(crate) handle: String,
    /// The human side.
    pub(crate) person: Person,
    /// How many follow, exactly; a few accounts are huge, a few have none.
    pub(crate) followers: u64,
    /// Whether the platform vouches for the account.
    pub(crate) verified: bool,
    /// When the account was made, in unix seconds.
    pub(crate) created_s: i64,
}

impl Creator {
    /// Whether something is so for this creator that is so for this share of all. The answer never changes.
    pub(crate) fn is(&self, matter: &str, share: f64) -> bool {
        self.draw.branch(matter).chance(share)
    }
}

/// How a platform names its creators.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Naming {
    /// The platform's name, such as `tiktok`.
    pub(crate) platform: &'static str,
    /// An identity in the platform's form.
    pub(crate) identity: fn(Draw) -> String,
    /// A handle made of a slug and a number that keeps it unique, if one is needed.
    pub(crate) handle: fn(&str, Option<u64>, Draw) -> String,
}

/// All creators of one platform.
#[derive(Debug)]
pub(crate) struct Population {
    draw: Draw,
    overlap: f64,
    creators: Vec<Creator>,
    by_handle: HashMap<String, u32>,
    by_identity: HashMap<String, u32>,
}

impl Population {
    /// Invents `size` creators.
    fn invent(seed: u64, size: u32, naming: Naming, quirks: &Quirks) -> Self {
        let draw = Draw::of(seed, &["population", naming.platform]);
        let silent = quirks.rate(Quirk::MissingBios, naming.platform);
        let mut population = Population {
            draw,
            overlap: quirks.rate(Quirk::Overlap, naming.platform),
            creators: Vec::with_capacity(size as usize),
            by_handle: HashMap::with_capacity(size as usize),
            by_identity: HashMap::with_capacity(size as usize),
        };
        for number in 0..size {
            let creator = population.invent_one(number, naming, silent);
            population.by_handle.insert(creator.handle.to_lowercase(), number);
            population.by_identity.insert(creator.identity.clone(), number);
            population.creators.push(creator);
        }
        population
    }

    fn invent_one(&self, number: u32, naming: Naming, silent: f64) -> Creator {
        let draw = self.draw.branch("creator").nth(u64::from(number));
        let person = Person::invent(draw, silent);
        let mut handle = (naming.handle)(&person.slug, None, draw);
        if self.by_handle.contains_key(&handle.to_lowercase()) {
            handle = (naming.handle)(&person.slug, Some(u64::from(number)), draw);
        }
        let popular = u64::from(number) < POPULAR;
        Creator {
            draw,
            identity: (naming.identity)(draw.branch("identity")),
            handle,
            person,
            followers: followers(draw.branch("followers"), popular),
            verified: draw.branch("verified").chance(if popular { 0.35 } else { 0.03 }),
            created_s: EPOCH_S - draw.branch("created").between(90, 3_600) as i64 * 86_400 - draw.branch("hour").below(86_400) as i64,
        }
    }

    /// The creator at a place that [`Population::reach`] gave.
    pub(crate) fn get(&self, number: u32) -> Option<&Creator> {
        self.creators.get(number as usize)
    }

    /// The creator of this handle; case does not matter, a leading `@` neither.
    pub(crate) fn by_handle(&self, handle: &str) -> Option<&Creator> {
        let number = self.by_handle.get(&handle.trim_start_matches('@').to_lowercase())?;
        self.get(*number)
    }

    /// The creator of this identity.
    pub(crate) fn by_identity(&self, identity: &str) -> Option<&Creator> {
        self.get(*self.by_identity.get(identity)?)
    }

    /// The draws that belong to a keyword.
    pub(crate) fn keyword(&self, keyword: &str) -> Draw {
        self.draw.branch("keyword").branch(&fold(keyword))
    }

    /// The distinct creators that a keyword reaches, best first. A keyword of white space alone reaches
    /// nobody, and neither does one with the word `nothing`: an honest way to ask for an empty answer.
    pub(crate) fn reach(&self, keyword: &str) -> Vec<u32> {
        let folded = fold(keyword);
        if folded.is_empty() || folded.split(' ').any(|word| word == "nothing") {
            return Vec::new();
        }
        let mut draw = self.keyword(keyword).branch("reach");
        let everybody = self.creators.len() as u64;
        let wanted = draw.between(REACHED.0, REACHED.1).min(everybody);
        let popular = self.popular_reached(&mut draw).min(wanted);
        let mut reached = Vec::with_capacity(wanted as usize);
        let mut seen = HashSet::with_capacity(wanted as usize);
        take(&mut draw, 0, POPULAR.min(everybody), popular, &mut seen, &mut reached);
        take(&mut draw, 0, everybody, wanted, &mut seen, &mut reached);
        shuffle(&mut draw, &mut reached);
        reached
    }

    /// How many of the popular ones a keyword reaches: none and all of them exactly, else near the overlap.
    /// At 0.7, two keywords share about 29 of their 60 to 150, which is 30 % of a keyword of the usual size.
    fn popular_reached(&self, draw: &mut Draw) -> u64 {
        let wanted = (self.overlap * POPULAR as f64) as u64;
        if wanted == 0 || wanted >= POPULAR {
            return wanted.min(POPULAR);
        }
        draw.between(wanted.saturating_sub(POPULAR_SPREAD), (wanted + POPULAR_SPREAD).min(POPULAR))
    }
}

/// Adds distinct numbers of a range until there are `wanted` of them.
fn take(draw: &mut Draw, from: u64, end: u64, wanted: u64, seen: &mut HashSet<u32>, into: &mut Vec<u32>) {
    let wanted = wanted.min(end - from);
    let mut misses = 0;
    while (into.len() as u64) < wanted {
        // A world hardly larger than a keyword's reach would be drawn for ever; walk through it instead.
        let number = if misses < 1_000 { from + draw.below(end - from) } else { from + (misses - 1_000) };
        match seen.insert(number as u32) {
            true => into.push(number as u32),
            false => misses += 1,
        }
        if misses >= 1_000 + end - from {
            break;
        }
    }
}

/// Fisher and Yates, so that popular creators stand anywhere among the results.
fn shuffle(draw: &mut Draw, list: &mut [u32]) {
    for last in (1..list.len()).rev() {
        list.swap(last, draw.below(last as u64 + 1) as usize);
    }
}

/// How keywords are compared: case and white space do not matter.
pub(crate) fn fold(keyword: &str) -> String {
    let mut folded = String::with_capacity(keyword.len());
    for word in keyword.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// Followers over six orders of magnitude; popular accounts have many.
fn followers(mut draw: Draw, popular: bool) -> u64 {
    let magnitude = match popular {
        true => draw.pick(&[100_000, 1_000_000, 1_000_000, 10_000_000, 100_000_000]),
        false => draw.pick(&[10, 100, 1_000, 1_000, 10_000, 10_000, 100_000, 1_000_000]),
    };
    if !popular && draw.chance(0.005) {
        return 0;
    }
    magnitude * draw.between(10, 40) / 10 + draw.below(magnitude / 2)
}

/// Every platform's creators, invented when they are first asked for.
#[derive(Debug)]
pub(crate) struct World {
    seed: u64,
    size: u32,
    quirks: Quirks,
    populations: Mutex<HashMap<&'static str, Arc<Population>>>,
}

impl World {
    /// A world of `size` creators per platform.
    pub(crate) fn new(seed: u64, size: u32, quirks: Quirks) -> Self {
        World { seed, size, quirks, populations: Mutex::default() }
    }

    /// The seed, for draws that belong to no platform.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// How often what is odd with creators is so.
    pub(crate) fn quirks(&self) -> &Quirks {
        &self.quirks
    }

    /// The creators of one platform.
    pub(crate) fn population(&self, naming: Naming) -> Arc<Population> {
        let mut populations = self.populations.lock().unwrap_or_else(PoisonError::into_inner);
        let population =
            populations.entry(naming.platform).or_insert_with(|| Arc::new(Population::invent(self.seed, self.size, naming, &self.quirks)));
        Arc::clone(population)
    }
}

/// A time of the fake world in the form `2026-09-01T00:00:00.000Z`.
pub(crate) fn timestamp(unix_s: i64) -> String {
    match jiff::Timestamp::from_second(unix_s) {
        Ok(time) => time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMING: Naming = Naming {
        platform: "sample",
        identity: |mut draw| format!("id-{:016x}", draw.bits()),
        handle: |slug, number, _| number.map_or(slug.to_owned(), |number| format!("{slug}{number}")),
    };

    fn population(size: u32) -> Arc<Population> {
        World::new(1, size, Quirks::usual()).population(NAMING)
    }

    #[test]
    fn every_keyword_reaches_60_to_150_distinct_creators() {
        let population = population(5_000);
        for number in 0..200 {
            let reached = population.reach(&format!("keyword {number}"));
            let distinct: HashSet<_> = reached.iter().collect();
            assert_eq!(distinct.len(), reached.len());
            assert!((60..=150).contains(&reached.len()), "{}", reached.len());
        }
    }

    #[test]
    fn two_keywords_share_about_three_creators_in_ten() {
        let population = population(5_000);
        let (mut shared, mut all) = (0, 0);
        for number in 0..100 {
            let first: HashSet<_> = population.reach(&format!("first {number}")).into_iter().collect();
            let second = population.reach(&format!("second {number}"));
            shared += second.iter().filter(|creator| first.contains(creator)).count();
            all += second.len();
        }
        let share = shared * 100 / all;
        assert!((23..=36).contains(&share), "{share} %");
    }

    #[test]
    fn keywords_share_no_popular_creator_by_design_or_all_of_them_as_the_overlap_says() {
        let shared = |overlap: &str| {
            let quirks = Quirks::usual().with(overlap.parse().unwrap());
            let population = World::new(1, 20_000, quirks).population(NAMING);
            let first: HashSet<_> = population.reach("yoga").into_iter().collect();
            population.reach("chess").into_iter().filter(|creator| first.contains(creator)).count()
        };
        assert!(shared("overlap=0") < 10, "{}", shared("overlap=0"));
        assert!(shared("overlap=1") >= 60, "{}", shared("overlap=1"));
    }

    #[test]
    fn the_word_nothing_reaches_nobody_but_longer_words_with_it_do() {
        let population = population(500);
        assert!(population.reach("Nothing here").is_empty());
        assert!(!population.reach("nothingness").is_empty());
    }

    #[test]
    fn case_and_white_space_of_a_keyword_do_not_matter() {
        let population = population(500);
        assert_eq!(population.reach("Hot Yoga"), population.reach("  hot   YOGA "));
        assert_ne!(population.reach("hot yoga"), population.reach("hotyoga"));
        assert!(population.reach("  ").is_empty());
    }

    #[test]
    fn a_tiny_world_is_reached_whole_and_nobody_twice() {
        for size in [1, 10, 61, 100] {
            let mut reached = population(size).reach("yoga");
            reached.sort_unstable();
            reached.dedup();
            assert!(reached.len() as u32 <= size && reached.len() as u32 >= size.min(60), "{} of {size}", reached.len());
        }
    }

    #[test]
    fn handles_and_identities_are_unique_and_lead_back_to_their_creator() {
        let population = population(5_000);
        assert_eq!(population.by_handle.len(), 5_000);
        assert_eq!(population.by_identity.len(), 5_000);
        for creator in &population.creators {
            assert_eq!(population.by_identity(&creator.identity).unwrap().handle, creator.handle);
            assert_eq!(population.by_handle(&creator.handle.to_uppercase()).unwrap().identity, creator.identity);
        }
    }

    #[test]
    fn about_one_creator_in_sixteen_has_an_address_and_one_in_six_has_no_bio() {
        let population = population(5_000);
        let share = |test: fn(&&Creator) -> bool| population.creators.iter().filter(test).count() * 1_000 / 5_000;
        let addresses = share(|creator| creator.person.email.is_some());
        let silent = share(|creator| creator.person.bio.is_none());
        assert!((50..=70).contains(&addresses), "{addresses} per mille");
        assert!((150..=200).contains(&silent), "{silent} per mille");
        for creator in &population.creators {
            if let (Some(email), Some(bio)) = (&creator.person.email, &creator.person.bio) {
                assert!(bio.contains(email.as_str()) && email.ends_with(".test"));
            }
        }
    }

    #[test]
    fn times_count_from_the_fixed_day() {
        assert_eq!(timestamp(EPOCH_S), "2026-09-01T00:00:00.000Z");
    }
}
