//! The lists of values that the constants of a rule are looked up in.

use std::collections::HashMap;
use std::sync::Arc;

/// The lists that were asked, each with its values by their letters in lower
/// case: a list may have a hundred thousand values, and a rule ten thousand
/// constants.
#[derive(Default)]
pub(super) struct ValueLists(HashMap<usize, ValueList>);

struct ValueList {
    /// Kept, so that its place in memory is taken by no other.
    values: Arc<[String]>,
    in_lower_case: HashMap<String, Vec<usize>>,
}

/// Where a text stands in a list of values.
pub(super) enum FoundValue {
    Listed,
    /// The one that differs in case alone.
    InAnotherCase(String),
    Nowhere,
}

impl ValueLists {
    pub(super) fn find(&mut self, text: &str, values: &Arc<[String]>) -> FoundValue {
        let list = self.0.entry(Arc::as_ptr(values).cast::<String>().addr()).or_insert_with(|| {
            let mut in_lower_case: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, value) in values.iter().enumerate() {
                in_lower_case.entry(value.to_ascii_lowercase()).or_default().push(at);
            }
            ValueList { values: values.clone(), in_lower_case }
        });
        let places = list.in_lower_case.get(&text.to_ascii_lowercase());
        let mut same = places.into_iter().flatten().filter_map(|at| list.values.get(*at));
        match (same.clone().any(|value| value == text), same.next(), same.next()) {
            (true, ..) => FoundValue::Listed,
            (false, Some(value), None) => FoundValue::InAnotherCase(value.clone()),
            (false, ..) => FoundValue::Nowhere,
        }
    }
}
