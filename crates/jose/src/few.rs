//! A list that mostly holds one element or none, and then takes no allocation.

use std::ops::Deref;

#[derive(Clone, Debug)]
pub(crate) enum Few<T> {
    None,
    One(T),
    More(Vec<T>),
}

impl<T> Few<T> {
    #[inline]
    pub(crate) fn push(&mut self, element: T) {
        match self {
            Self::None => *self = Self::One(element),
            _ => self.push_more(element),
        }
    }

    #[cold]
    fn push_more(&mut self, element: T) {
        *self = Self::More(match std::mem::replace(self, Self::None) {
            Self::None => vec![element],
            Self::One(first) => vec![first, element],
            Self::More(mut all) => {
                all.push(element);
                all
            }
        });
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Self::None => &[],
            Self::One(element) => std::slice::from_ref(element),
            Self::More(all) => all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Few;

    #[test]
    fn keeps_all_in_their_order() {
        let mut few = Few::None;
        for count in 0..5 {
            assert_eq!(few[..], Vec::from_iter(0..count));
            few.push(count);
        }
    }
}
