//! The words that invented people are made of: names, what they do, and what they say of themselves.
//!
//! Nobody here exists. Mail and web addresses end in `.test`, which is reserved and resolves nowhere.

use crate::draw::Draw;

/// Given names with the form that a handle takes of them.
#[rustfmt::skip]
const GIVEN: [(&str, &str); 48] = [
    ("Maren", "maren"), ("Tobias", "tobias"), ("Lucía", "lucia"), ("Zoë", "zoe"), ("Kwame", "kwame"), ("Aiko", "aiko"),
    ("葵", "aoi"), ("Дарья", "darya"), ("Ömer", "omer"), ("Siobhán", "siobhan"), ("ليلى", "layla"), ("Nguyệt", "nguyet"),
    ("Priya", "priya"), ("अनन्या", "ananya"), ("João", "joao"), ("Chloé", "chloe"), ("Jasper", "jasper"), ("Freya", "freya"),
    ("민준", "minjun"), ("Θάλεια", "thaleia"), ("Mateo", "mateo"), ("Ines", "ines"), ("Oskar", "oskar"), ("Imani", "imani"),
    ("Søren", "soren"), ("Åsa", "asa"), ("Łukasz", "lukasz"), ("Noor", "noor"), ("Tamsin", "tamsin"), ("Rafael", "rafael"),
    ("雨桐", "yutong"), ("Elif", "elif"), ("Bao", "bao"), ("Ciara", "ciara"), ("Dmitri", "dmitri"), ("Yael", "yael"),
    ("Femi", "femi"), ("Greta", "greta"), ("Hugo", "hugo"), ("Ilse", "ilse"), ("Juno", "juno"), ("Kofi", "kofi"),
    ("Lena", "lena"), ("Milo", "milo"), ("Nadia", "nadia"), ("Orla", "orla"), ("Paz", "paz"), ("Quinn", "quinn"),
];

/// Family names, invented, with the form that a handle takes of them.
#[rustfmt::skip]
const FAMILY: [(&str, &str); 40] = [
    ("Halvanger", "halvanger"), ("Brightmoor", "brightmoor"), ("Castellán", "castellan"), ("Okonwe", "okonwe"),
    ("Tanakura", "tanakura"), ("Velström", "velstrom"), ("Ashdowne", "ashdowne"), ("Mirković", "mirkovic"),
    ("Delacourte", "delacourte"), ("Pinheirão", "pinheirao"), ("Rowansby", "rowansby"), ("Şenyurtal", "senyurtal"),
    ("Kessenberg", "kessenberg"), ("Lindhagen", "lindhagen"), ("Marchetto", "marchetto"), ("Nwabueza", "nwabueza"),
    ("Oduyemi", "oduyemi"), ("Parthasari", "parthasari"), ("Quillfeather", "quillfeather"), ("Rostamani", "rostamani"),
    ("Sundgaard", "sundgaard"), ("Thistlewick", "thistlewick"), ("Uribesco", "uribesco"), ("Vantongel", "vantongel"),
    ("Wolframson", "wolframson"), ("Xiaolong", "xiaolong"), ("Yamabuki", "yamabuki"), ("Zielonka", "zielonka"),
    ("Aldercroft", "aldercroft"), ("Bellweather", "bellweather"), ("Cormorant", "cormorant"), ("Duskwater", "duskwater"),
    ("Emberley", "emberley"), ("Fenwright", "fenwright"), ("Gallowglass", "gallowglass"), ("Hartshill", "hartshill"),
    ("Ironmere", "ironmere"), ("Juniperi", "juniperi"), ("Kingsfold", "kingsfold"), ("Larkspur", "larkspur"),
];

/// What people do, as it stands in bios.
#[rustfmt::skip]
const TRADE: [&str; 24] = [
    "movement coach", "ceramics at home", "slow travel", "weeknight cooking", "trail running", "film photography",
    "beginner strength", "book reviews", "indie game dev", "garden diary", "sustainable outfits", "street food",
    "piano covers", "study with me", "van conversions", "breathwork", "language learning", "skin science",
    "DIY repairs", "parenting twins", "bouldering", "home barista", "watercolour", "retro tech",
];

/// What stands around it; `{}` is the trade.
const BIO: [&str; 20] = [
    "{} ✨ new every Tuesday",
    "{} | she/her | 📍 by the sea",
    "just here for {}",
    "{}\nno shortcuts, only practice",
    "your daily dose of {} 💛",
    "{} · teacher · mum of two",
    "🇧🇷 {} sem complicação",
    "{} für alle 🌱",
    "talks about {} & too much coffee",
    "{} | 10 years and still learning",
    "毎日ちょっとだけ {} 🍵",
    "{} — \"progress, not perfection\"",
    "{}\n👇 free guide",
    "full-time nurse, part-time {}",
    "{} • tout est dans la patience",
    "recovering perfectionist. {}.",
    "{} 🧡 مرحبا",
    "small account, big love for {}",
    "{} 100% honest reviews",
    "opinions mine; {} too",
];

/// How a mail address is given in a bio; `{}` is the address.
const CONTACT: [&str; 6] = ["📩 {}", "collabs: {}", "business {} 💼", "mail: {}.", "✉️{}", "{} (no DMs please)"];

/// Language, region and nothing else; together because they go together.
#[rustfmt::skip]
const PLACE: [(&str, &str); 12] = [
    ("en", "US"), ("en", "GB"), ("pt", "BR"), ("de", "DE"), ("fr", "FR"), ("es", "MX"),
    ("ja", "JP"), ("ko", "KR"), ("ar", "EG"), ("tr", "TR"), ("id", "ID"), ("en", "NG"),
];

/// An invented person as any platform may show them.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The name people see.
    pub(crate) name: String,
    /// What a handle is made from: `a-z` and dots.
    pub(crate) slug: String,
    /// What they say of themselves; how many say nothing is up to the platform.
    pub(crate) bio: Option<String>,
    /// The address in the bio; about 6 % give one.
    pub(crate) email: Option<String>,
    /// A link, with or without a scheme, as people type them.
    pub(crate) link: Option<String>,
    /// The language they write.
    pub(crate) language: &'static str,
    /// Where they are.
    pub(crate) region: &'static str,
}

impl Person {
    /// The person that these draws describe; this share of all people says nothing of themselves.
    pub(crate) fn invent(draw: Draw, silent: f64) -> Self {
        let mut named = draw.branch("name");
        let (given, family) = (named.pick(&GIVEN), named.pick(&FAMILY));
        let name = match named.below(10) {
            0 => given.0.to_owned(),
            1 => format!("{} 🌸", given.0),
            2 => format!("{} | {}", given.0, named.pick(&TRADE)),
            _ => format!("{} {}", given.0, family.0),
        };
        let slug = match named.below(4) {
            0 => format!("{}.{}", given.1, family.1),
            1 => format!("{}{}", family.1, given.1),
            _ => format!("{}{}", given.1, family.1),
        };
        let (language, region) = draw.branch("place").pick(&PLACE);
        let (silent, reachable) = voice(draw, silent);
        let email = reachable.then(|| address(draw, given.1, family.1));
        let bio = (!silent).then(|| bio(draw, email.as_deref()));
        let link = draw.branch("link").chance(0.6).then(|| link(draw, &slug));
        Person { name, slug, bio, email, link, language, region }
    }

    /// The link as an address with a scheme, which many platforms add where there is none.
    pub(crate) fn page(&self) -> Option<String> {
        let link = self.link.as_ref()?;
        Some(if link.contains("://") { link.clone() } else { format!("https://{link}") })
    }
}

/// The address as its owner writes it: sometimes with a tag, sometimes in capitals.
fn address(draw: Draw, given: &str, family: &str) -> String {
    let mut draw = draw.branch("address");
    match draw.below(5) {
        0 => format!("hello@{family}-studio.test"),
        1 => format!("{given}+collab@{family}.test"),
        2 => format!("{}@{family}media.test", given.to_uppercase()),
        3 => format!("{given}.{family}@mail.creators.test"),
        _ => format!("{given}@{family}.test"),
    }
}

/// Whether somebody says nothing, and whether they give an address. One number decides both, from its two
/// ends, so that an address always has a bio to stand in and either share is kept.
fn voice(draw: Draw, silent: f64) -> (bool, bool) {
    let place = draw.branch("voice").below(10_000) as f64;
    let silent = place < silent * 10_000.0;
    (silent, !silent && place >= 9_400.0)
}

/// The bio, with the address in it where there is one.
fn bio(draw: Draw, email: Option<&str>) -> String {
    let mut draw = draw.branch("bio");
    let text = draw.pick(&BIO).replace("{}", draw.pick(&TRADE));
    match email {
        Some(email) => format!("{text}\n{}", draw.pick(&CONTACT).replace("{}", email)),
        None => text,
    }
}

/// A link as people type it into a profile.
fn link(draw: Draw, slug: &str) -> String {
    let host = slug.replace('.', "-");
    match draw.branch("link-form").below(4) {
        0 => format!("links.test/{slug}"),
        1 => format!("{host}.test"),
        2 => format!("https://shop.{host}.test/new?ref=bio"),
        _ => format!("https://www.{host}.test"),
    }
}
