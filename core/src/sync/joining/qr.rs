//! A link as a picture.

use fast_qr::ECL;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::convert::{Builder, Shape};
use fast_qr::qr::QRBuilder;

use crate::error::{Error, Result};

/// SVG markup with dark modules in the text's colour on nothing.
pub fn svg(text: &str) -> Result<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build();
    let code = code.map_err(|_| Error::new("qr-too-long", text.len()))?;
    Ok(SvgBuilder::default().margin(2).shape(Shape::Square).background_color([0, 0, 0, 0]).to_str(&code))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_pairing_link_fits() {
        let link = format!("trellis:pair#{}@https://relay.example.org/path/", "a".repeat(32));
        let svg = super::svg(&link).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("viewBox"));
    }
}
