//! Text as HTML, for the platforms that give it.

/// The same text with every sign escaped that means something in HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// The same with its lines told apart by markup rather than by line breaks.
pub(crate) fn lines(text: &str) -> String {
    escaped(text).replace('\n', "<br />")
}

/// The page that the web framework of several platforms gives for a path that it does not know.
pub(crate) fn unknown_path(path: &str) -> String {
    let head = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>";
    format!("{head}\n<body>\n<pre>Cannot GET {}</pre>\n</body>\n</html>\n", escaped(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_markup_in_it_shows_as_what_it_was() {
        assert_eq!(escaped("<b>\"R&B\"</b> isn't\nit"), "&lt;b&gt;&quot;R&amp;B&quot;&lt;/b&gt; isn&#39;t\nit");
    }

    #[test]
    fn lines_are_told_apart_by_markup() {
        assert_eq!(lines("a & b\nc"), "a &amp; b<br />c");
    }
}
