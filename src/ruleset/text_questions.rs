//! Questions about one text, asked one after the other.

use crate::value::Pattern;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum TextQuestion<'q> {
    Equals(&'q str),
    Contains(&'q str),
    Matches(&'q Pattern),
}

#[derive(Debug)]
enum Owned {
    Equals(Box<str>),
    Contains(Box<str>),
    Matches(Pattern),
}

#[derive(Debug, Default, Clone)]
pub(super) struct MatcherScratch;

#[derive(Debug)]
pub(super) struct TextMatcher(Box<[(u32, Owned)]>);

impl TextMatcher {
    pub(super) fn new<'q>(questions: impl IntoIterator<Item = (u32, TextQuestion<'q>)>) -> TextMatcher {
        let owned = |(number, question)| {
            let question = match question {
                TextQuestion::Equals(text) => Owned::Equals(text.into()),
                TextQuestion::Contains(part) => Owned::Contains(part.into()),
                TextQuestion::Matches(pattern) => Owned::Matches(pattern.clone()),
            };
            (number, question)
        };
        TextMatcher(questions.into_iter().map(owned).collect())
    }

    pub(super) fn find(&self, text: &str, _: &mut MatcherScratch, mut found: impl FnMut(u32)) {
        for (number, question) in &self.0 {
            let yes = match question {
                Owned::Equals(other) => **other == *text,
                Owned::Contains(part) => text.contains(&**part),
                Owned::Matches(pattern) => pattern.is_match(text),
            };
            if yes {
                found(*number);
            }
        }
    }
}
