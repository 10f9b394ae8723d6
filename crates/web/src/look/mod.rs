//! How Vestibule looks and speaks: the catalogue of texts, the embedded files
//! (stylesheet, scripts, marks) and the colours of a brand.
//!
//! It owns no request and no use case: data goes in, text and bytes come out.
//! It must never read the environment, and never write a name that somebody
//! chose into a page without passing it through [`shown`].

pub mod assets;
pub mod brand;
pub mod colour;
pub mod date;
pub mod locale;

mod choice;
mod text;
mod words;

pub use brand::Brand;
pub use colour::Colour;
pub use locale::Locale;
pub use text::{initials, shown};
