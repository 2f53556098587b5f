//! JSON pointers of a mapping.

use target_rules::json::PathSegment;

/// The segments of a JSON pointer; a text that begins with no slash is one key,
/// such as the name of a column.
pub(crate) fn parsed(pointer: &str) -> Result<Vec<PathSegment>, String> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let Some(rest) = pointer.strip_prefix('/') else {
        return Ok(vec![PathSegment::Key(pointer.to_owned())]);
    };
    rest.split('/').map(segment).collect()
}

/// The same of a pointer that was checked.
pub(crate) fn path(pointer: &str) -> Vec<PathSegment> {
    parsed(pointer).unwrap_or_default()
}

fn segment(part: &str) -> Result<PathSegment, String> {
    // An index is written without leading zeros.
    if (part == "0" || !part.starts_with('0'))
        && part.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(index) = part.parse()
    {
        return Ok(PathSegment::Index(index));
    }
    if part.replace("~0", "").replace("~1", "").contains('~') {
        return Err("after `~` comes 0 or 1".to_owned());
    }
    Ok(PathSegment::Key(part.replace("~1", "/").replace("~0", "~")))
}

/// A pointer made of segments.
pub(crate) fn written(path: &[PathSegment]) -> String {
    path.iter().map(PathSegment::pointer).collect()
}
