//! Promises of the settings of the server that are texts.

use std::collections::HashSet;

use target_rules::Zone;
use target_rules_requests::{Credentials, zones_of};

use super::inputs::{must, text_of};
use super::requests::is_said_well;

/// The doors that the first byte of an input chooses from.
const DOORS: [fn(&[u8]); 2] = [users_in, zones_in];

/// What a setting of the server says: the first byte chooses the door. It is read, or
/// refused in words for people; what is read of a file of users is what is written again.
pub fn setting_in(data: &[u8]) {
    let Some((door, said)) = data.split_first() else { return };
    let door = DOORS.get(usize::from(*door) % DOORS.len());
    door.into_iter().for_each(|door| door(said));
}

fn users_in(text: &[u8]) {
    let read = match Credentials::of(text) {
        Ok(read) => read,
        Err(refused) => return is_said_well(&refused.to_string(), text),
    };
    let names: HashSet<&str> = read.users().iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names.len(), read.users().len(), "a name stands there twice");
    assert!(!names.iter().any(|name| name.contains([':', '\n', '\r'])), "a name breaks a header: {names:?}");
    let again = must(Credentials::of(read.to_text().as_bytes()), "a file that is written is read");
    assert_eq!(again, read);
    let mut changed = read.clone();
    for user in read.users() {
        assert!(must(changed.set(user.clone()), "a user who was read can be set"), "it is the same user");
    }
    assert_eq!(changed, read);
    assert!(read.users().iter().all(|user| changed.remove(&user.name)) && changed.users().is_empty());
}

/// Pairs with commas between them, as a variable of the environment has them.
fn zones_in(text: &[u8]) {
    let said = text_of(text);
    match zones_of(said.split(',')) {
        Ok(zones) => {
            assert!(zones.len() <= said.split(',').count());
            zones.values().for_each(|zone| drop(must(Zone::named(zone), "a zone that is read is one")));
        }
        Err(refused) => is_said_well(&refused.to_string(), text),
    }
}
