//! JSON with holes: most of a row is the same for every creator, and copying text is cheap.

use serde_json::Value;

/// What is written into a row, one for each creator and video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Hole {
    /// The creator's id.
    Uid,
    /// The same as a number, rounded as a double rounds it.
    UidRounded,
    /// The creator's handle.
    Handle,
    /// The creator's name.
    Name,
    /// The creator's long id.
    SecUid,
    /// What the creator's pictures are called.
    Picture,
    /// What the creator is verified as, or nothing.
    Verified,
    /// How many follow.
    Followers,
    /// How many the creator follows.
    Following,
    /// How many likes the creator has.
    Favorited,
    /// How many videos the creator has.
    Videos,
    /// 1 for a private account.
    Secret,
    /// The video's id.
    Aweme,
    /// The same as a number, rounded as a double rounds it.
    AwemeRounded,
    /// What the video says of itself.
    Text,
    /// The hashtags in it, as a JSON array.
    Hashtags,
    /// Its language.
    Language,
    /// Where it was made.
    Region,
    /// When it was made, in unix seconds.
    Created,
    /// The same in ISO form.
    CreatedUtc,
    /// How long it is, in milliseconds.
    Duration,
    /// How often it was seen.
    Plays,
    /// How many liked it.
    Likes,
    /// How many comments it has.
    Comments,
    /// How often it was shared.
    Shares,
    /// How often it was kept.
    Collects,
}

/// How many holes there are.
const HOLES: usize = Hole::Collects as usize + 1;

/// Where the marks of holes begin, in Unicode's private use area: one range for text inside a string, one for
/// strings that stand for a bare value.
const IN_TEXT: u32 = 0xE100;
const BARE: u32 = 0xE200;

impl Hole {
    /// The mark for a hole inside a string.
    pub(super) fn text(self) -> char {
        char::from_u32(IN_TEXT + self as u32).unwrap_or_default()
    }

    /// The mark for a hole that is a number or any other bare value.
    pub(super) fn bare(self) -> Value {
        Value::String(char::from_u32(BARE + self as u32).unwrap_or_default().to_string())
    }
}

/// What the holes of one row are filled with.
#[derive(Debug, Default)]
pub(super) struct Filling {
    values: [String; HOLES],
}

impl Filling {
    /// Fills a hole in a string.
    pub(super) fn text(&mut self, hole: Hole, text: &str) {
        let quoted = Value::from(text).to_string();
        self.values[hole as usize] = quoted[1..quoted.len() - 1].to_owned();
    }

    /// Fills a hole that is a bare value.
    pub(super) fn bare(&mut self, hole: Hole, value: impl ToString) {
        self.values[hole as usize] = value.to_string();
    }
}

/// JSON with holes.
#[derive(Debug)]
pub(super) struct Template {
    /// Text and the hole after it.
    pieces: Vec<(String, usize)>,
    rest: String,
}

impl Template {
    /// Makes a template of a value with marks in it.
    pub(super) fn of(value: &Value) -> Self {
        let mut template = Template { pieces: Vec::new(), rest: String::new() };
        let text = value.to_string();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            let place = |from: u32| (letter as u32).checked_sub(from).map(|place| place as usize).filter(|&place| place < HOLES);
            if let Some(place) = place(IN_TEXT) {
                template.close(place);
            } else if let Some(place) = place(BARE) {
                // The quotes around a bare value go with the mark.
                template.rest.pop();
                letters.next();
                template.close(place);
            } else {
                template.rest.push(letter);
            }
        }
        template
    }

    fn close(&mut self, hole: usize) {
        self.pieces.push((std::mem::take(&mut self.rest), hole));
    }

    /// Writes the JSON with its holes filled.
    pub(super) fn write(&self, filling: &Filling, out: &mut String) {
        for (text, hole) in &self.pieces {
            out.push_str(text);
            out.push_str(&filling.values[*hole]);
        }
        out.push_str(&self.rest);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn holes_are_filled_as_text_and_as_bare_values() {
        let template =
            Template::of(&json!({ "n": Hole::Plays.bare(), "s": format!("by {}!", Hole::Name.text()), "t": [Hole::Hashtags.bare()] }));
        let mut filling = Filling::default();
        filling.bare(Hole::Plays, 7);
        filling.text(Hole::Name, "A \"B\"\n");
        filling.bare(Hole::Hashtags, "{}");
        let mut out = String::new();
        template.write(&filling, &mut out);
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), json!({ "n": 7, "s": "by A \"B\"\n!", "t": [{}] }));
    }
}
