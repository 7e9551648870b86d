//! The countries whose stores are searched, one a page.

use scout_sdk::{Fault, Query};

/// The setting that lists them.
pub(crate) const SETTING: &str = "countries";

/// Large stores of one language, so that a keyword means the same in both. Of further ones most shows are in these, too, and
/// with about 20 calls a minute another keyword gives more than another store.
pub(crate) const DEFAULT: &str = "us,gb";

/// The countries in order, each once, so that going through them is sure to end.
pub(crate) struct Stores(Vec<String>);

impl Stores {
    /// The countries that the operator chose.
    pub(crate) fn of(query: &Query) -> Result<Self, Fault> {
        let mut countries: Vec<String> = Vec::new();
        let chosen = query.setting(SETTING).unwrap_or(DEFAULT);
        for country in chosen.split(',').map(str::trim).filter(|country| !country.is_empty()) {
            let country = country.to_ascii_lowercase();
            if !is_code(&country) {
                return Err(Fault::Unsupported(format!("the setting `{SETTING}` has `{country}`, which is no country of two letters")));
            }
            if !countries.contains(&country) {
                countries.push(country);
            }
        }
        if countries.is_empty() {
            Err(Fault::Unsupported(format!("the setting `{SETTING}` names no country")))
        } else {
            Ok(Self(countries))
        }
    }

    /// The country that a cursor stands for; without one it is the first.
    pub(crate) fn asked(&self, cursor: Option<&str>) -> Result<String, Fault> {
        match cursor {
            None => Ok(self.0[0].clone()),
            Some(country) if is_code(country) => Ok(country.to_owned()),
            Some(foreign) => Err(Fault::Unsupported(format!("the cursor `{foreign}` is none of this adapter's, which are countries"))),
        }
    }

    /// The cursor after one: the next country. After a country that is no longer chosen there is none.
    pub(crate) fn after(&self, cursor: Option<&str>) -> Option<String> {
        let asked = cursor.map_or(Some(0), |country| self.0.iter().position(|known| known == country))?;
        self.0.get(asked + 1).cloned()
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_lowercase())
}
