//! What a request says in its path, its query and its headers.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};

use super::code::Code;
use super::failure::Failure;

/// How many entries a page of a list has where nothing is said, and at most.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1_000;

/// The customer in the path: a whole number above 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UserId(pub(crate) i64);

/// The target in the path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TargetId(pub(crate) i64);

/// The target group in the path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GroupId(pub(crate) i64);

/// A customer's id as text, read.
pub(crate) fn user_id(text: &str) -> Option<i64> {
    text.parse().ok().filter(|id| *id > 0)
}

async fn id<S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
    name: &str,
    otherwise: Code,
) -> Result<i64, Failure> {
    let parameters = RawPathParams::from_request_parts(parts, state).await;
    let parameters = parameters.map_err(|_| Failure::of(otherwise))?;
    let found = parameters.iter().find(|(key, _)| *key == name).and_then(|(_, text)| user_id(text));
    found.ok_or_else(|| Failure::of(otherwise))
}

impl<S: Send + Sync> FromRequestParts<S> for UserId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<UserId, Failure> {
        id(parts, state, "userId", Code::InvalidUser).await.map(UserId)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TargetId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<TargetId, Failure> {
        id(parts, state, "targetId", Code::NoTarget).await.map(TargetId)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for GroupId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<GroupId, Failure> {
        id(parts, state, "groupId", Code::NoGroup).await.map(GroupId)
    }
}

/// The query. What nobody asks for is ignored; of what stands there twice the
/// last counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query, Failure> {
        let axum::extract::Query(pairs) = axum::extract::Query::try_from_uri(&parts.uri)
            .map_err(|_| Failure::invalid("the query is not written as queries are"))?;
        Ok(Query(pairs))
    }
}

impl Query {
    /// What a parameter says.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that is `true` or `false`, and `false` where it is not there.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Failure> {
        match self.get(name).map(str::to_ascii_lowercase).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Failure::invalid(format!("`{name}` is `true` or `false`"))),
        }
    }

    /// A parameter that is a whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Failure> {
        let number = |text: &str| {
            text.trim().parse().map_err(|_| Failure::invalid(format!("`{name}` is a whole number")))
        };
        self.get(name).map(number).transpose()
    }

    /// The page of a list that is asked for: what stands after an id, and how many.
    pub(crate) fn page(&self) -> Result<Page, Failure> {
        let after = self.integer("after")?;
        let most = match self.integer("limit")?.map(usize::try_from) {
            None => PAGE,
            Some(Ok(most)) if (1..=LARGEST_PAGE).contains(&most) => most,
            Some(_) => return Err(Failure::invalid(format!("`limit` is 1 to {LARGEST_PAGE}"))),
        };
        Ok(Page { after, most })
    }
}

/// A page of a list, by ids.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    /// What stands after this id; from the start where there is none.
    pub(crate) after: Option<i64>,
    /// How many entries at most.
    pub(crate) most: usize,
}

/// The version that a change is made to, of `If-Match`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfMatch(Option<u64>);

impl IfMatch {
    /// Refuses a change of another version, with status 412.
    pub(crate) fn admits(self, version: u64) -> Result<(), Failure> {
        match self.0 {
            Some(wanted) if wanted != version => {
                Err(Failure::invalid("`If-Match`: it was changed since; read it again")
                    .status(StatusCode::PRECONDITION_FAILED))
            }
            _ => Ok(()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IfMatch, Failure> {
        let Some(said) = parts.headers.get(header::IF_MATCH) else {
            return Err(Failure::invalid(
                "`If-Match` is missing: the `ETag` of what is changed, or `*` for any version",
            )
            .status(StatusCode::PRECONDITION_REQUIRED));
        };
        let said = said.to_str().unwrap_or_default().trim();
        if said == "*" {
            return Ok(IfMatch(None));
        }
        let version = said.strip_prefix('"').and_then(|said| said.strip_suffix('"'));
        // What is no version of ours is no version of this document.
        Ok(IfMatch(Some(version.and_then(|version| version.parse().ok()).unwrap_or(u64::MAX))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_flags_are_held_to_their_values() {
        let query = |pairs: &[(&str, &str)]| {
            Query(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
        };
        let page = query(&[("after", "7"), ("limit", "20")]).page().unwrap();
        assert_eq!((page.after, page.most), (Some(7), 20));
        assert_eq!(query(&[]).page().unwrap().most, 100);
        for wrong in ["0", "1001", "-1", "many"] {
            assert!(query(&[("limit", wrong)]).page().is_err(), "{wrong}");
        }
        assert!(query(&[("x", "TRUE")]).flag("x").unwrap());
        assert!(query(&[("x", "yes")]).flag("x").is_err());
        assert_eq!(query(&[("x", "1"), ("x", "2")]).get("x"), Some("2"));
    }
}
