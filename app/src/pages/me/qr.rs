//! A QR code as SVG.

use qrcode::{EcLevel, QrCode, render::svg};

/// The code of `text`; none when it is too long for one.
pub(super) fn svg_of(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    // Always dark on light, with its quiet zone: cameras do not read it the other way round.
    let svg = code
        .render::<svg::Color<'_>>()
        .min_dimensions(220, 220)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // What precedes the element is for files.
    Some(svg[svg.find("<svg")?..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_element_without_a_word_of_its_text() {
        let svg = svg_of("otpauth://totp/Tandem:a%3Cscript%3E?secret=ABC").unwrap();
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
        assert!(!svg.contains("script") && !svg.contains("ABC"));
        assert_eq!(svg_of(&"x".repeat(10_000)), None);
    }
}
