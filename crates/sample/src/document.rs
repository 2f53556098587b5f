//! Transactions as documents, profile by profile.

use crate::bill::{Bill, Item, Shop, Sums};
use crate::calendar::away;
use crate::history::{History, Tier};
use crate::json::{Json, key};
use crate::shop::{Household, Person};

/// A customer with what she had before a transaction, and has after it.
pub(crate) struct Known {
    pub(crate) number: u32,
    pub(crate) person: Person,
    pub(crate) before: History,
    pub(crate) after: History,
    pub(crate) household: Option<Together>,
    /// Bills of those who registered with the same code, where she did with one.
    pub(crate) referred: Option<u32>,
}

/// Her household, with what its members have together.
pub(crate) struct Together {
    pub(crate) household: Household,
    pub(crate) before: Shared,
    pub(crate) after: Shared,
    pub(crate) primary: Person,
    pub(crate) of_primary: History,
    pub(crate) of_primary_before: History,
}

/// What several customers have together.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shared {
    purchase: i64,
    current: i64,
    earned: i64,
    promised: i64,
    bills: i64,
    today: i64,
}

impl Shared {
    /// The same with one more.
    pub(crate) fn with(self, history: &History, day: u32) -> Shared {
        Shared {
            purchase: self.purchase + history.purchase,
            current: self.current + history.current_points(),
            earned: self.earned + history.earned,
            promised: self.promised + history.promised,
            bills: self.bills + i64::from(history.bills),
            today: self.today + i64::from(history.bills_on(day)),
        }
    }
}

/// A way of paying, and how much is paid by it.
pub(crate) type Tender = (&'static str, i64);

/// What a bill earns, and how it is paid.
pub(crate) struct Paid {
    pub(crate) points: i64,
    pub(crate) promised: i64,
    pub(crate) tenders: Vec<Tender>,
}

/// Writes a bill.
pub(crate) fn bill(shop: &Shop, bill: &Bill, paid: &Paid, known: Option<&Known>, json: &mut Json) {
    let sums = Sums::of(&bill.items);
    json.document(|json| {
        json.within(key!("currentTxn"), |json| {
            json.numbered(key!("number"), "B", bill.line + 1);
            json.time(key!("date"), shop.calendar.date(bill.moment.day), bill.moment.second);
            json.hundredths(key!("value"), sums.amount());
            json.hundredths(key!("discount"), sums.discount);
            json.hundredths(key!("grossAmount"), sums.value);
            json.whole(key!("totalQty"), sums.qty.into());
            json.whole(key!("basketSize"), sums.items.into());
            json.whole(key!("points"), paid.points);
            json.whole(key!("promisedPoints"), paid.promised);
            if known.is_some_and(|known| known.household.is_some()) {
                json.whole(key!("pointsForUser"), paid.points);
                json.whole(key!("pointsForUserGroup"), paid.points);
                json.whole(key!("promisedPointsForUser"), paid.promised);
            }
            if let Some(notes) = bill.till.notes {
                json.string(key!("notes"), notes);
            }
            json.list(key!("lineItems"), &bill.items, item);
            json.list(key!("tenders"), &paid.tenders, |json, (code, amount)| {
                json.string(key!("code"), code);
                json.hundredths(key!("amount"), *amount);
            });
            at_the_till(bill, known, json);
        });
        beside(bill, "TransactionAdd", known, json);
    });
}

/// What the till adds to a bill.
fn at_the_till(bill: &Bill, known: Option<&Known>, json: &mut Json) {
    let yes = |is: bool| if is { "Yes" } else { "No" };
    json.may_have(key!("customFields"), |json| {
        if let ("CARD", Some(known)) = (bill.till.tender, known) {
            json.string(key!("bank"), known.person.bank);
        }
        if bill.till.tender == "WALLET" {
            json.string(key!("wallet"), "PayFast");
        }
    });
    json.may_have(key!("extendedFields"), |json| {
        json.string(key!("order_channel"), bill.store.channel);
        json.string(key!("gift_wrapped"), yes(bill.till.is_gift));
        json.string(key!("member_card_swiped"), yes(bill.till.swiped));
        json.whole(key!("till"), bill.till.cashier.into());
    });
    // One bank gives miles: one for fifty rupees.
    if let ("CARD", Some("SBI")) = (bill.till.tender, known.map(|known| known.person.bank)) {
        let miles = Sums::of(&bill.items).amount() / 5_000;
        json.may_have(key!("currencyAwarded"), |json| json.whole(key!("miles"), miles));
    }
}

/// Writes the return of some items of an earlier bill. `bill` says who brings them
/// back, where and when.
pub(crate) fn give_back(
    shop: &Shop,
    bill: &Bill,
    (earlier, items, points): (&Bill, &[Item], i64),
    known: &Known,
    json: &mut Json,
) {
    let sums = Sums::of(items);
    json.document(|json| {
        json.within(key!("currentTxn"), |json| {
            json.numbered(key!("number"), "R", bill.line + 1);
            json.time(key!("date"), shop.calendar.date(bill.moment.day), bill.moment.second);
        });
        json.within(key!("returnBill"), |json| {
            json.numbered(key!("number"), "B", earlier.line + 1);
            json.time(key!("date"), shop.calendar.date(earlier.moment.day), earlier.moment.second);
            json.hundredths(key!("value"), sums.amount());
            json.hundredths(key!("discount"), sums.discount);
            json.hundredths(key!("grossAmount"), sums.value);
            json.whole(key!("totalQty"), sums.qty.into());
            json.whole(key!("basketSize"), sums.items.into());
            json.whole(key!("points"), points);
            json.list(key!("lineItems"), items, item);
        });
        beside(bill, "ReturnTransaction", Some(known), json);
    });
}

fn item(json: &mut Json, item: &Item) {
    let article = item.article;
    json.name(key!("code"), &article.code);
    json.string(key!("description"), &article.description);
    json.whole(key!("qty"), item.qty.into());
    json.hundredths(key!("rate"), article.rate);
    json.hundredths(key!("value"), item.value());
    json.hundredths(key!("discount"), item.discount);
    json.hundredths(key!("amount"), item.amount());
    json.may_have(key!("attributes"), |json| {
        json.string(key!("brand"), article.brand);
        json.string(key!("category"), article.category);
        json.string(key!("product"), article.product);
        json.string(key!("division"), article.division);
    });
}

/// What is beside the bill: customer, group, store and event.
fn beside(bill: &Bill, event: &str, known: Option<&Known>, json: &mut Json) {
    if let Some(known) = known {
        customer(known, bill.moment.day, json);
    }
    json.within(key!("currentStore"), |json| {
        json.whole(key!("id"), bill.store.id.into());
        json.string(key!("code"), bill.store.code);
        json.string(key!("name"), bill.store.name);
        json.ids(key!("zoneIds"), Some(bill.store.zone));
        json.ids(key!("conceptIds"), bill.store.concept);
    });
    json.within(key!("currentEvent"), |json| {
        json.string(key!("eventType"), event);
        json.flag(key!("isUserGroupInfoPresent"), known.is_some_and(|known| known.household.is_some()));
    });
}

fn customer(known: &Known, day: u32, json: &mut Json) {
    let Known { person, before, after, .. } = known;
    json.within(key!("currentCustomer"), |json| {
        json.id(key!("id"), 100_001 + u64::from(known.number));
        names(person, known.number, json);
        json.day(key!("joinDate"), away(i64::from(after.first_day) - i64::from(person.registered)));
        json.flag(key!("isLoyal"), true);
        json.string(key!("isGroupMember"), if known.household.is_some() { "Yes" } else { "No" });
        figures(before, after, day, json);
        fields(person, json);
        json.may_have(key!("isSubscribedToChannel"), |json| {
            json.flag(key!("EMAIL"), person.wants_mail);
            json.flag(key!("IOS"), person.has_app);
        });
    });
    if let Some(bills) = known.referred {
        json.may_have(key!("referrerCode"), |json| {
            json.whole(key!("refereeRegCount"), i64::from(person.taste % 6 + 1));
            json.whole(key!("refereeTxnCount"), bills.into());
        });
    }
    if let Some(together) = &known.household {
        group(together, day, json);
    }
}

/// How a customer is called, and what she is known by elsewhere.
fn names(person: &Person, number: u32, json: &mut Json) {
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(130_000 + number);
    json.string(key!("firstname"), person.first);
    json.string(key!("lastname"), person.last);
    json.parts(key!("name"), &[person.first, " ", person.last]);
    json.parts(key!("email"), &[person.first, ".", person.last, digits, "@", person.host]);
    json.parts(key!("mobile"), &["9198", digits, "0"]);
    json.parts(key!("externalId"), &["TRN", digits]);
    json.flag(key!("hasInstoreProfile"), true);
    json.flag(key!("hasWeChatProfile"), person.has_we_chat);
}

/// What a customer has, before the transaction and after it.
fn figures(before: &History, after: &History, day: u32, json: &mut Json) {
    let quotient = |whole: i64, by: u32| whole / i64::from(by.max(1));
    json.string(key!("slabName"), after.tier.name());
    json.whole(key!("slabNumber"), after.tier.number());
    json.string(key!("initialSlabName"), before.tier.name());
    json.whole(key!("initialSlabNumber"), before.tier.number());
    if after.tier.number() > 1 {
        json.day(key!("slabChangeDate"), away(after.tier_day.into()));
        json.day(key!("slabExpiryDate"), away(i64::from(after.tier_day) + 365));
    }
    json.whole(key!("currentPoints"), after.current_points());
    json.whole(key!("initialCurrentPoints"), before.current_points());
    json.whole(key!("currentAllPoints"), after.current_points() + after.promised);
    json.whole(key!("lifetimePoints"), after.earned);
    json.whole(key!("initialLifetimePoints"), before.earned);
    json.whole(key!("lifetimeNonRedeemablePoints"), after.promised);
    json.whole(key!("lifetimeAllPoints"), after.earned + after.promised);
    json.hundredths(key!("lifetimePurchase"), after.purchase);
    json.hundredths(key!("initialLifetimePurchase"), before.purchase);
    json.whole(key!("numberOfTxns"), after.bills.into());
    json.whole(key!("numberOfTxnsToday"), after.bills_on(day).into());
    json.whole(key!("numberOfVisits"), after.visits.into());
    json.hundredths(key!("avgSpendPerVisit"), quotient(after.purchase, after.visits));
    json.hundredths(key!("avgBasketSize"), quotient(i64::from(after.line_items) * 100, after.bills));
}

/// What an organisation keeps of its customers.
fn fields(person: &Person, json: &mut Json) {
    let (year, month, day) = person.birth;
    json.may_have(key!("customFields"), |json| {
        json.string(key!("gender"), person.gender);
        json.string(key!("preferredlanguage"), person.language);
        json.string(key!("cities"), person.city);
        json.string(key!("issuer_bank"), person.bank);
        json.string(key!("card_status"), if person.taste.is_multiple_of(9) { "blocked" } else { "active" });
    });
    json.may_have(key!("clusters"), |json| json.string(key!("Behavioral Segment"), person.style));
    json.may_have(key!("extendedFields"), |json| {
        let date = jiff::civil::Date::new(
            i16::try_from(year).unwrap_or(1980),
            i8::try_from(month).unwrap_or(1),
            i8::try_from(day).unwrap_or(1),
        );
        json.day(key!("dob_date"), date.unwrap_or(jiff::civil::Date::constant(1980, 1, 1)));
    });
}

/// The household of a customer, and its first member.
fn group(together: &Together, day: u32, json: &mut Json) {
    let Together { household, before, after, primary, .. } = together;
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(household.number + 1);
    let tier = |shared: &Shared| Tier::of(shared.purchase);
    json.may_have(key!("currentUserGroup"), |json| {
        let (kind, code) = if household.is_company { ("Corporate ", "ENT") } else { ("family ", "FAM") };
        json.parts(key!("name"), &[kind, primary.last, " ", digits]);
        json.parts(key!("externalId"), &[code, "_", digits]);
        json.day(key!("createdDate"), away(-i64::from(household.age)));
        json.whole(key!("memberCount"), household.members.into());
        json.string(key!("slabName"), tier(after).name());
        json.whole(key!("slabNumber"), tier(after).number());
        json.string(key!("initialSlabName"), tier(before).name());
        json.whole(key!("initialSlabNumber"), tier(before).number());
        json.whole(key!("currentPoints"), after.current);
        json.whole(key!("initialCurrentPoints"), before.current);
        json.whole(key!("currentNonRedeemablePoints"), after.promised);
        json.whole(key!("currentAllPoints"), after.current + after.promised);
        json.whole(key!("initialCurrentAllPoints"), before.current + before.promised);
        json.whole(key!("lifetimePoints"), after.earned);
        json.whole(key!("initialLifetimePoints"), before.earned);
        json.whole(key!("lifetimeNonRedeemablePoints"), after.promised);
        json.whole(key!("lifetimeAllPoints"), after.earned + after.promised);
        json.hundredths(key!("lifetimePurchase"), after.purchase);
        json.hundredths(key!("initialLifetimePurchase"), before.purchase);
        json.whole(key!("numberOfTxns"), after.bills);
        json.whole(key!("numberOfTxnsToday"), after.today);
    });
    json.may_have(key!("groupPrimaryCustomer"), |json| {
        names(primary, household.first, json);
        figures(&together.of_primary_before, &together.of_primary, day, json);
    });
}
