//! The bills of W7 as another system might write them: the same values under other
//! keys, and in other objects. About as long, so that reading both can be compared.

/// Where each value of a standard bill stands in [`of`] it.
pub const MAPPING: &str = r#"{
  "document": {
    "currentTxn": {
      "number": "/orders/id",
      "date": "/orders/placed_at",
      "value": "/orders/total",
      "discount": "/orders/rebate",
      "points": "/orders/awards",
      "lineItems": {
        "at": "/orders/positions",
        "code": "/sku", "qty": "/nos", "rate": "/each", "discount": "/rebated",
        "attributes": {"*": "/properties"}
      },
      "tenders": {"at": "/orders/payment", "code": "/mode", "amount": "/amount"},
      "customFields": {"*": "/orders/own_fields"},
      "extendedFields": {"gift_wrapped": "/orders/additionals/gift_wrapped"}
    },
    "currentCustomer": {
      "id": "/buyer/id",
      "firstname": "/buyer/given_name",
      "lastname": "/buyer/familyname",
      "email": "/buyer/email",
      "slabName": "/buyer/tier",
      "slabNumber": "/buyer/tier_level",
      "currentPoints": "/buyer/account_points",
      "lifetimePurchase": "/buyer/purchases_total",
      "numberOfVisits": "/buyer/visits_in_total",
      "joinDate": "/buyer/joined_on",
      "clusters": {"*": "/buyer/segments"},
      "customFields": {"*": "/buyer/own_fields"}
    },
    "currentStore": {"id": "/shop_is_in/id", "code": "/shop_is_in/code"}
  }
}"#;

/// What stands in the place of each key. Longer keys come before those that they
/// contain, and keys of items before those of the bill.
const KEYS: [(&str, &str); 24] = [
    (r#""rate":"#, r#""each":"#),
    (r#","discount":0,"attributes":"#, r#","rebated":0,"attributes":"#),
    (r#""qty":"#, r#""nos":"#),
    (r#""attributes":"#, r#""properties":"#),
    (r#""currentTxn":{"number":"#, r#""orders":{"id":"#),
    (r#""date":"#, r#""placed_at":"#),
    (r#""value":"#, r#""total":"#),
    (r#""points":"#, r#""awards":"#),
    (r#""lineItems":"#, r#""positions":"#),
    (r#""tenders":[{"code":"#, r#""payment":[{"mode":"#),
    (r#""customFields":"#, r#""own_fields":"#),
    (r#""extendedFields":"#, r#""additionals":"#),
    (r#""currentCustomer":"#, r#""buyer":"#),
    (r#""firstname":"#, r#""given_name":"#),
    (r#""lastname":"#, r#""familyname":"#),
    (r#""slabName":"#, r#""tier":"#),
    (r#""slabNumber":"#, r#""tier_level":"#),
    (r#""currentPoints":"#, r#""account_points":"#),
    (r#""lifetimePurchase":"#, r#""purchases_total":"#),
    (r#""numberOfVisits":"#, r#""visits_in_total":"#),
    (r#""joinDate":"#, r#""joined_on":"#),
    (r#""clusters":"#, r#""segments":"#),
    (r#""currentStore":"#, r#""shop_is_in":"#),
    (r#"{"code":"47"#, r#"{"sku":"47"#),
];

/// A bill of W7 in the other shape.
pub fn of(bill: &str) -> String {
    let mut other = bill.to_owned();
    for (key, instead) in KEYS {
        other = other.replace(key, instead);
    }
    // Of items the key stands before the attributes, of bills before the points.
    let parts: Vec<&str> = other.split(r#","discount":"#).collect();
    let mut written = String::from(parts[0]);
    for part in &parts[1..] {
        let of_item = part.split_once(',').is_some_and(|(_, rest)| rest.starts_with(r#""properties""#));
        written.push_str(if of_item { r#","rebated":"# } else { r#","rebate":"# });
        written.push_str(part);
    }
    written
}
