//! The header of most tokens, read where it lies: members that are known, plain and of the sort that they should be.

use std::sync::OnceLock;

use crate::find::same;
use crate::json::plain::{DEPTH, Members, Named as Inner, Sort, Unusual};
use crate::json::{Object, Value};

/// Such a header, kept as the text that it was; its members are put together when they are asked for.
#[derive(Clone)]
pub(crate) struct Named<const N: usize> {
    text: Box<str>,
    known: &'static Known<N>,
    places: Places<N>,
    members: OnceLock<Box<Object>>,
}

/// The members that such a header may have.
pub(crate) struct Known<const N: usize> {
    /// Each with what it must be: a string, or an object of strings.
    pub(crate) members: [(&'static str, Sort); N],
    /// So many of the first must be there.
    pub(crate) required: usize,
}

/// From where to where each value stands in the text, without its quotation marks or braces.
type Places<const N: usize> = [Option<(u16, u16)>; N];

impl<const N: usize> Named<N> {
    /// Reads the JSON of a header if it is one of these.
    pub(crate) fn read(json: &[u8], depth: usize, known: &'static Known<N>) -> Result<Self, Unusual> {
        let mut members = Members::new(json, depth)?;
        let mut places = [None; N];
        while let Some((name, value)) = members.next()? {
            let place = known.place(name).ok_or(Unusual)?;
            if value.sort() != known.members[place].1 {
                return Err(Unusual);
            }
            let start = value.inside().as_ptr() as usize - json.as_ptr() as usize;
            let short = |at: usize| u16::try_from(at).map_err(|_| Unusual);
            places[place] = Some((short(start)?, short(start + value.inside().len())?));
        }
        // That something is missing is the other reader's to say.
        if places[..known.required].iter().any(Option::is_none) {
            return Err(Unusual);
        }
        Ok(Self { text: members.whole().into(), known, places, members: OnceLock::new() })
    }

    /// Whether it would be read with so many bytes and so deep.
    pub(crate) fn is_within(&self, bytes: usize, depth: usize) -> bool {
        self.text.len() <= bytes && depth >= DEPTH
    }

    /// What stands in the member of this name.
    #[inline]
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.at(self.known.place(name)?)
    }

    /// All of them.
    pub(crate) fn members(&self) -> &Object {
        self.members.get_or_init(|| {
            let each = self.known.members.iter().enumerate();
            Box::new(each.filter_map(|(at, known)| Some((known.0.to_owned(), value(self.at(at)?, known.1)))).collect())
        })
    }

    /// What stands in the member at this place among the known.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> Option<&str> {
        let (start, end) = self.places[place]?;
        self.text.get(usize::from(start)..usize::from(end))
    }
}

impl<const N: usize> Known<N> {
    #[inline]
    fn place(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|(own, _)| same(own, name))
    }
}

fn value(inside: &str, sort: Sort) -> Value {
    match sort {
        Sort::Named => {
            Inner::of(inside).map(|(name, value)| (name.to_owned(), value.into())).collect::<Object>().into()
        }
        _ => inside.into(),
    }
}
