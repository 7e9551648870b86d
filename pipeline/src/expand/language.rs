//! The language of a keyword, as far as its script tells it, and the words that its speakers put around a topic.

use super::modifiers::Modifier::{self, After, Before, Joined};

/// A language, or what can be told of it. Languages in Latin script look too much alike in one or two words, so
/// they are one, with English words: people of all of them write those beside their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Latin,
    Russian,
    Ukrainian,
    Greek,
    Arabic,
    Persian,
    Hebrew,
    Hindi,
    Thai,
    Korean,
    Japanese,
    Chinese,
    /// A script without words of its own here, or no letters at all.
    Other,
}

impl Language {
    /// The language of a keyword: that of its letters that are not Latin, if it has any.
    pub(super) fn of(keyword: &str) -> Language {
        let letters = || keyword.chars().filter(|c| c.is_alphabetic());
        let Some(first) = letters().find(|c| !is_latin(*c)) else {
            return if letters().next().is_some() { Language::Latin } else { Language::Other };
        };
        let has = |marks: &str| keyword.to_lowercase().contains(|c| marks.contains(c));
        match first {
            '\u{400}'..='\u{52f}' if has("іїєґ") => Language::Ukrainian,
            '\u{400}'..='\u{52f}' => Language::Russian,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Language::Greek,
            // Urdu has Persian's letters and some that Persian has not.
            '\u{600}'..='\u{6ff}' if has("ٹڈڑےں") => Language::Other,
            '\u{600}'..='\u{6ff}' if has("پچژگ") => Language::Persian,
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => Language::Arabic,
            '\u{590}'..='\u{5ff}' => Language::Hebrew,
            '\u{900}'..='\u{97f}' => Language::Hindi,
            '\u{e00}'..='\u{e7f}' => Language::Thai,
            '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => Language::Korean,
            // Japanese writes Chinese signs too, but hardly a phrase of them alone.
            _ if keyword.contains(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}')) => Language::Japanese,
            '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => Language::Chinese,
            _ => Language::Other,
        }
    }

    /// The language's own words, which fit any topic, the most telling ones first.
    pub(super) fn words(self) -> &'static [Modifier] {
        match self {
            Language::Latin | Language::Other => &[],
            Language::Russian => &RUSSIAN,
            Language::Ukrainian => &UKRAINIAN,
            Language::Greek => &GREEK,
            Language::Arabic => &ARABIC,
            Language::Persian => &PERSIAN,
            Language::Hebrew => &HEBREW,
            Language::Hindi => &HINDI,
            Language::Thai => &THAI,
            Language::Korean => &KOREAN,
            Language::Japanese => &JAPANESE,
            Language::Chinese => &CHINESE,
        }
    }

    /// Shortest word that is a topic of its own, in characters.
    pub(super) fn topic_chars_min(self) -> usize {
        match self {
            Language::Latin | Language::Russian | Language::Ukrainian | Language::Greek => 4,
            // Short vowels are not written, or stand on their consonant.
            Language::Arabic | Language::Persian | Language::Hebrew | Language::Hindi | Language::Thai => 3,
            Language::Korean | Language::Japanese | Language::Chinese | Language::Other => 2,
        }
    }
}

/// Whether a letter is Latin, with or without marks; full-width ones too, and letters that stand for a sound or a
/// sign in any script.
fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{2ff}' | '\u{1e00}'..='\u{1eff}' | '\u{ff21}'..='\u{ff5a}')
}

/// Whether a word says nothing by itself, in one of the languages that keywords commonly have.
pub(super) fn is_filler(word: &str) -> bool {
    let word = word.to_lowercase();
    FILLERS.contains(&word.as_str())
}

const FILLERS: &[&str] = &[
    "a", "an", "and", "at", "by", "for", "from", "how", "in", "my", "of", "on", "or", "over", "the", "to", "with", "without",
    "your", // English
    "al", "con", "de", "del", "el", "en", "la", "las", "los", "para", "por", "sin", "un", "una", "y", // Spanish
    "à", "au", "aux", "avec", "des", "du", "et", "le", "les", "pour", "sans", "sur", "une", // French
    "auf", "das", "der", "die", "ein", "eine", "für", "im", "mit", "ohne", "und", "von", "zu", "zum", // German
    "com", "da", "das", "do", "dos", "e", "em", "na", "no", "o", "os", "sem", "um", "uma", // Portuguese
    "в", "во", "для", "и", "из", "как", "на", "по", "с", "у", // Russian
    "від", "з", "і", "та", "як", // Ukrainian
    "من", "في", "على", "مع", "عن", "و", // Arabic
];

const RUSSIAN: [Modifier; 16] = [
    After("для начинающих"),
    After("советы"),
    After("обучение"),
    After("блогер"),
    After("влог"),
    After("дома"),
    After("идеи"),
    After("урок"),
    After("лайфхаки"),
    After("обзор"),
    After("мотивация"),
    After("каждый день"),
    After("с нуля"),
    After("эксперт"),
    After("своими руками"),
    Before("лучшее"),
];

const UKRAINIAN: [Modifier; 12] = [
    After("для початківців"),
    After("поради"),
    After("навчання"),
    After("блогер"),
    After("влог"),
    After("вдома"),
    After("ідеї"),
    After("урок"),
    After("лайфхаки"),
    After("огляд"),
    After("мотивація"),
    After("щодня"),
];

const GREEK: [Modifier; 10] = [
    After("για αρχάριους"),
    After("συμβουλές"),
    After("μαθήματα"),
    After("ιδέες"),
    After("στο σπίτι"),
    After("οδηγός"),
    After("έμπνευση"),
    After("κριτική"),
    After("μυστικά"),
    After("κάθε μέρα"),
];

const ARABIC: [Modifier; 14] = [
    After("للمبتدئين"),
    After("نصائح"),
    Before("تعلم"),
    After("شرح"),
    After("في المنزل"),
    After("أفكار"),
    After("يوميات"),
    After("فلوق"),
    After("دروس"),
    After("تجربتي"),
    After("مراجعة"),
    After("تحدي"),
    Before("أسرار"),
    Before("أفضل"),
];

const PERSIAN: [Modifier; 10] = [
    Before("آموزش"),
    After("برای مبتدیان"),
    After("ایده"),
    After("ترفند"),
    After("در خانه"),
    After("ولاگ"),
    After("روزانه"),
    After("چالش"),
    After("نقد و بررسی"),
    Before("بهترین"),
];

const HEBREW: [Modifier; 10] = [
    After("למתחילים"),
    After("טיפים"),
    After("מדריך"),
    After("בבית"),
    After("רעיונות"),
    After("השראה"),
    After("ולוג"),
    After("סקירה"),
    After("שיעור"),
    After("אתגר"),
];

const HINDI: [Modifier; 10] = [
    After("टिप्स"),
    After("कैसे करें"),
    After("शुरुआती के लिए"),
    After("घर पर"),
    After("व्लॉग"),
    After("आइडिया"),
    After("हिंदी में"),
    After("रूटीन"),
    After("चैलेंज"),
    After("रिव्यू"),
];

const THAI: [Modifier; 10] = [
    Joined("สำหรับมือใหม่"),
    Joined("เบื้องต้น"),
    After("เทคนิค"),
    After("เคล็ดลับ"),
    After("รีวิว"),
    After("ไอเดีย"),
    Joined("ที่บ้าน"),
    After("แรงบันดาลใจ"),
    Joined("ทุกวัน"),
    Before("สอน"),
];

const KOREAN: [Modifier; 13] = [
    After("초보"),
    After("꿀팁"),
    After("브이로그"),
    After("추천"),
    After("일상"),
    After("루틴"),
    After("강의"),
    After("배우기"),
    After("아이디어"),
    After("후기"),
    After("리뷰"),
    After("챌린지"),
    After("홈"),
];

const JAPANESE: [Modifier; 13] = [
    After("初心者"),
    After("コツ"),
    After("やり方"),
    After("おすすめ"),
    After("日常"),
    After("ルーティン"),
    After("講座"),
    After("自宅"),
    After("アイデア"),
    After("レビュー"),
    After("基本"),
    After("チャレンジ"),
    Joined("好きな人と繋がりたい"),
];

const CHINESE: [Modifier; 14] = [
    Joined("教程"),
    Joined("入门"),
    Joined("技巧"),
    Joined("博主"),
    Joined("分享"),
    Joined("日常"),
    Joined("推荐"),
    Joined("攻略"),
    Joined("新手"),
    Joined("干货"),
    Joined("测评"),
    Joined("挑战"),
    Joined("灵感"),
    Before("在家"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_that_of_the_letters_that_are_not_latin() {
        for (keyword, language) in [
            ("fitness", Language::Latin),
            ("crème brûlée", Language::Latin),
            ("Tiếng Việt", Language::Latin),
            ("ｙｏｇａ", Language::Latin),
            ("йога", Language::Russian),
            ("yoga дома", Language::Russian),
            ("домашня їжа", Language::Ukrainian),
            ("γιόγκα", Language::Greek),
            ("يوغا", Language::Arabic),
            ("آشپزی گیاهی", Language::Persian),
            ("گھر کے کھانے", Language::Other),
            ("יוגה", Language::Hebrew),
            ("योग", Language::Hindi),
            ("โยคะ", Language::Thai),
            ("요가", Language::Korean),
            ("朝ヨガ", Language::Japanese),
            ("ｱﾆﾒ", Language::Japanese),
            ("瑜伽", Language::Chinese),
            ("იოგა", Language::Other),
            ("👩\u{200d}🍳🍳", Language::Other),
            ("42", Language::Other),
        ] {
            assert_eq!(Language::of(keyword), language, "{keyword}");
        }
    }

    #[test]
    fn fillers_are_known_whatever_their_case() {
        assert!(is_filler("For") && is_filler("ДЛЯ") && is_filler("à"));
        assert!(!is_filler("yoga") && !is_filler(""));
    }
}
