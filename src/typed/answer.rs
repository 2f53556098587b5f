//! What a call reads from a profile: an answer, a custom field or a segment.

use std::sync::Arc;

use super::attribute::ProfileName;
use super::read::Read;

/// The answer of a method, where the document states the answers.
///
/// Two answers are equal where they read the same value, even if the rule calls
/// the profile by two of its names.
///
/// ```
/// use target_rules::condition::{NumberExpression, Read, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = "currentCustomer.pointsRedeemedInPastDays(30) > 100";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Number(number) = &*rule.condition().subjects()[0] else { panic!() };
/// let NumberExpression::Answer(answer) = number else { panic!() };
/// let Read::Answer { arguments, .. } = answer.read() else { panic!() };
/// assert_eq!(*arguments, ["30"]);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Answer {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) read: Arc<Read>,
}

/// A custom field or a segment of a profile. Equality is that of [`Answer`].
///
/// ```
/// use target_rules::condition::{Read, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"currentCustomer.clusterValueIncludes("region", "north")"#;
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let subject = &*rule.condition().subjects()[0];
/// let Subject::Container(container) = subject else { panic!() };
/// assert!(matches!(container.read(), Read::Segment { .. }));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Container {
    pub(crate) profile: Arc<ProfileName>,
    pub(crate) read: Arc<Read>,
}

/// Implements equality and hashing by what is read.
macro_rules! by_read {
    ($($of:ty),*) => {$(
        impl PartialEq for $of {
            fn eq(&self, other: &$of) -> bool {
                self.read == other.read
            }
        }

        impl Eq for $of {}

        impl std::hash::Hash for $of {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.read.hash(state);
            }
        }

        impl $of {
            /// What is read of a document for it.
            pub fn read(&self) -> &Read {
                &self.read
            }
        }
    )*};
}

by_read!(Answer, Container);
