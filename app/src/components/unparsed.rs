//! Text where the server's half of the library writes it into the page as it is: in the document's title and in fields of several
//! lines, whose content it takes for no markup. A browser ends both at the first end tag that it reads.

/// `text` for such a place: on the server nothing of it can be read as markup, in the browser it is set as text.
pub(super) fn unparsed(text: &str) -> String {
    match cfg!(feature = "ssr") {
        true => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        false => text.to_owned(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn no_end_tag_is_left_in_it() {
        assert_eq!(unparsed("</textarea><b>&amp;"), "&lt;/textarea&gt;&lt;b&gt;&amp;amp;");
    }
}
