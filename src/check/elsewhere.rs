//! Attributes by the names that other systems give them, and what rules ask
//! otherwise than by an attribute.

use crate::diagnostic::Confidence::Guess;
use crate::diagnostic::{Offset, Repair, Span, Suggestion, repair, shortened};
use crate::schema::model::Profile;
use crate::schema::{EXTENDED, ITEM_ATTRIBUTES, ListName, nearest_member};
use crate::syntax::ast::Name;
use crate::syntax::quoted;

use super::checker::Checker;
use super::listed_fields::{ListedFields, comes_each_year, plain};

/// Names, without regard to case and `_`, and the attributes that are meant by
/// them: the first that the profile has.
const SAME: [(&str, &[&str]); 34] = [
    (
        "amount total totalamount netamount net sum spend spent purchase purchaseamount purchasevalue amt subtotal \
      grandtotal netvalue totalvalue totalprice paid paidamount",
        &["value", "amount", "trackedValue"],
    ),
    ("price unitprice mrp itemprice sellingprice cost", &["rate", "value", "amount"]),
    ("gross grossvalue grossamt grosstotal", &["grossAmount", "value"]),
    ("quantity qty count pieces units totalquantity", &["qty", "totalQty", "memberCount"]),
    (
        "items itemcount numberofitems lineitemcount linecount lines noofitems size basketcount",
        &["basketSize", "memberCount"],
    ),
    ("members numberofmembers groupsize", &["memberCount"]),
    (
        "id billnumber billno bill invoice invoicenumber invoiceno txnnumber txnid transactionid transactionnumber \
      orderid orderno ordernumber receipt receiptnumber no",
        &["number"],
    ),
    (
        "time timestamp datetime txndate billdate billingdate billingtime createdat createdon transactiondate \
      orderdate purchasedate transactiontime",
        &["date"],
    ),
    ("comment comments remark remarks memo", &["notes"]),
    ("discountamount totaldiscount disc billdiscount", &["discount"]),
    ("discountpercent discpercent discountpct percentage discountrate", &["discountPercentage"]),
    ("sku skucode itemcode productcode ean barcode upc storecode storenumber shopcode", &["code"]),
    ("title productname itemname label desc", &["description"]),
    (
        "tier tiername level levelname loyaltytier membershiptier membershiplevel slab grade tierlevel rank",
        &["slabName"],
    ),
    ("tiernumber levelnumber slabno slabindex tierno tierrank", &["slabNumber"]),
    ("initialtier previoustier oldtier previousslab previousslabname", &["initialSlabName"]),
    ("tierexpiry tierexpirydate slabexpiry expirydate tierexpireson", &["slabExpiryDate"]),
    ("tierchangedate tierdate slabdate lasttierchange tierchangedon", &["slabChangeDate"]),
    (
        "points pointsbalance balance availablepoints loyaltypoints redeemablepoints pointbalance currentbalance",
        &["currentPoints", "points"],
    ),
    ("totalpoints allpoints", &["currentAllPoints", "points"]),
    ("pointsearned earnedpoints totalpointsearned", &["lifetimePoints", "points"]),
    (
        "phone phonenumber mobilenumber mobileno contact contactnumber cell cellphone telephone msisdn",
        &["mobile", "currentMobile"],
    ),
    ("mail emailid emailaddress", &["email", "currentEmail"]),
    ("fullname customername username storename", &["name", "currentName"]),
    ("fname givenname", &["firstname", "currentFirstName"]),
    ("lname surname familyname", &["lastname", "currentLastName"]),
    (
        "registrationdate registeredon registered enrolledon enrolmentdate enrollmentdate createddate createdon \
      signupdate membersince joiningdate joined joinedon",
        &["joinDate", "createdDate"],
    ),
    ("visits visitcount noofvisits totalvisits", &["numberOfVisits"]),
    (
        "transactions txns txncount transactioncount numberoftransactions orders ordercount nooftxns purchases bills \
      billcount totaltransactions",
        &["numberOfTxns"],
    ),
    (
        "lifetimevalue ltv clv totalspend totalspent totalpurchase totalpurchases lifetimespend lifetimespends \
      lifetimeamount",
        &["lifetimePurchase"],
    ),
    ("averagebasket averagebasketsize", &["avgBasketSize"]),
    ("averagespend avgspend aov averageordervalue", &["avgSpendPerVisit"]),
    ("ismember member loyal isloyalty isregistered loyaltymember", &["isLoyal"]),
    ("aggregate currentvalue tracked", &["trackedValue", "trackerCurrAggr"]),
];

/// The same for names that mean something else in another profile.
const SAME_HERE: [(&str, &str, &str); 7] = [
    ("tenderProfile", "value", "amount"),
    (
        "tenderProfile",
        "type mode method tender tendername tendertype paymentmode paymentmethod paymenttype name \
      payment",
        "code",
    ),
    ("currentTrackerCondition", "name", "trackerName"),
    ("currentTrackerCondition", "condition conditionname", "trackerConditionName"),
    ("currentTrackerCondition", "period", "trackerConditionPeriod"),
    ("currentTrackerCondition", "value", "trackedValue"),
    ("currentStore", "title label", "name"),
];

/// Names for what a person is, where the organisation adds a field for it.
const OF_PERSONS: &str = " gender sex age language occupation maritalstatus dob birthday birthdate dateofbirth \
    birth bday dobdate birthdaydate anniversary anniversarydate wedding weddingdate weddinganniversary ";

/// The same for where a person lives; a store or a bill may have these too.
const OF_HOMES: &str = " city state country pincode zipcode address ";

/// The profile of the customer whose activity is decided.
const CUSTOMER: &str = "currentCustomer";

/// What is asked otherwise: the profiles, the names, and what to write. `{}` is
/// the profile.
const OTHERWISE: [(&str, &str, &str); 20] = [
    (
        "returnBill",
        "amount value total gross grossamount",
        "a return has no amount of its own; ask its items, such as `{}.basketSum(\"brand\",\"Puma\")`",
    ),
    (
        "currentCard",
        "number cardnumber series type status",
        "no rule reads it; of a card a rule has extended fields and `{}.customFieldValueIncludes(\"field\",\"value\")`",
    ),
    ("currentProduct", "category", "ask with `{}.doesCategoryRegexMatch(\"^category$\")`"),
    (
        "currentStore",
        "id storeid zone zones zoneid zoneids concept concepts conceptid conceptids till tillid",
        "filters of a target read it; a rule has `currentStore.code` and `currentStore.name`",
    ),
    (
        "currentCustomer groupPrimaryCustomer",
        "id customerid userid",
        "no rule reads it; a rule has `{}.externalId`, the identifier in another system",
    ),
    (
        "currentCustomer groupPrimaryCustomer",
        "segment segments cluster clusters audience",
        "ask with `{}.clusterValueIncludes(\"segment\",\"value\")`",
    ),
    ("currentCustomer", "status customerstate", "ask with `{}.customerStatus(\"status\")`"),
    ("groupPrimaryCustomer", "label labels", "ask with `{}.includesLabelRegex(\"label\")`"),
    (
        "currentCustomer",
        "subscribed subscription optin optedin",
        "ask with `{}.isSubscribedToChannel(\"EMAIL\")`",
    ),
    (
        "currentCustomer groupPrimaryCustomer currentTxn currentCard",
        "customfield customfields",
        "ask with `{}.customFieldValueIncludes(\"field\",\"value\")`",
    ),
    (
        "currentTxn returnBill",
        "lineitems lineitem products product cart basket entries",
        "ask the basket, such as `{}.basketIncludes(\"brand\",\"Puma\")`; `{}.basketSize` is the number of items",
    ),
    (
        "currentTxn",
        "paymentmode payment payments paymentmethod paymenttype tender tenders tendercode",
        "ask the payment at hand: `tenderProfile.code`",
    ),
    ("currentTxn returnBill", "store storeid storecode outlet shop", "ask the store: `currentStore.code`"),
    ("currentTxn", "storename", "ask the store: `currentStore.name`"),
    ("currentTxn", "customer customerid user", "ask the customer, such as `currentCustomer.externalId`"),
    ("currentTxn returnBill", "day weekday dayofweek", "ask the date: `{}.date.day()`"),
    ("currentTxn returnBill", "month", "ask the date: `{}.date.month()`"),
    ("currentTxn returnBill", "year", "ask the date: `{}.date.year()`"),
    ("currentTxn returnBill", "hour hourofday", "ask the date, such as `{}.date.isHourBetween(9,17)`"),
    ("currentProduct", "brand", "ask with `{}.doesBrandRegexMatch(\"^brand$\")`"),
];

/// Names beside [`ITEM_ATTRIBUTES`] that are taken for attributes of items where
/// a profile has no such name.
const OF_ITEMS: &str = " brand category subcategory color colour size style department division material \
    gender season class section model collection family group supplier vendor ";

/// Whether a name is one for what a person is.
fn is_of_persons(name: &str) -> bool {
    comes_each_year(name) || lists(OF_PERSONS, &plain(name))
}

/// Whether a row of a table has a name.
pub(super) fn lists(names: &str, name: &str) -> bool {
    names.split_ascii_whitespace().any(|known| known == name)
}

impl Checker<'_> {
    /// What to write for a name that other systems use and this profile has not.
    pub(super) fn known_elsewhere(
        &self,
        profile_name: &str,
        profile: &Profile,
        name: &Name,
    ) -> Option<Repair> {
        const LONGEST: usize = 40;
        if name.text.len() > LONGEST {
            return None;
        }
        let whole = plain(&name.text);
        // `billAmount` of a transaction is its `amount`.
        let part = [
            "current",
            "customer",
            "user",
            "member",
            "txn",
            "transaction",
            "bill",
            "order",
            "item",
            "lineitem",
            "product",
            "tender",
            "tracker",
            "return",
        ]
        .into_iter()
        .find_map(|owner| whole.strip_prefix(owner).filter(|part| part.len() >= 4 || *part == "id"));
        [Some(whole.as_str()), part].into_iter().flatten().find_map(|word| {
            self.asked_otherwise(profile_name, profile, name, word)
                .or_else(|| self.same_attribute(profile_name, profile, name, word))
                .or_else(|| self.of_items(profile_name, profile, name, word))
        })
    }

    /// The extended field that is meant by a name without its prefix, where the
    /// schema lists it.
    pub(super) fn listed_field(&self, profile: &Profile, name: &str) -> Option<String> {
        let mut listed = self.listed_fields.borrow_mut();
        let of_profile = listed.entry(std::ptr::from_ref(profile).addr());
        let by_prefix = of_profile.or_insert_with(|| ListedFields::of_each_prefix(profile));
        by_prefix.iter().find_map(|fields| {
            let same = fields.by_plain_name.get(&plain(name));
            // Birthdays have many names.
            same.or_else(|| fields.each_year.as_ref().filter(|_| comes_each_year(name))).cloned()
        })
    }

    /// A field that an organisation adds to what it knows of its customers.
    fn of_organisation(&self, profile_name: &str, profile: &Profile, name: &Name) -> Option<Repair> {
        let prefix = profile.fields.iter().map(|fields| &fields.prefix).find(|prefix| !prefix.is_empty())?;
        let field = format!("{prefix}{}", name.text);
        let said = format!(
            "an organisation adds such fields: write `{profile_name}.{field}` where it is an extended one, ask \
             with `{profile_name}.customFieldValueIncludes(\"field\",\"value\")` where it is a custom one"
        );
        Some(Repair::from(said).by([self.editor().name(name.span, &field, Guess)]))
    }

    /// What is known of the customer where another profile is asked for it.
    pub(super) fn of_customer(&self, profile_name: &str, name: &Name) -> Option<Repair> {
        let customer = self.schema.profiles.get(CUSTOMER).filter(|_| profile_name != CUSTOMER)?;
        let rest = name.text.get("customer".len()..).filter(|rest| rest.len() >= 3);
        let rest = rest.filter(|_| name.text.to_ascii_lowercase().starts_with("customer"));
        let short = rest.map_or(name.text.clone(), |rest| {
            let mut letters = rest.trim_start_matches('_').chars();
            letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
        });
        let word = plain(&short);
        let instead = if is_of_persons(&word) {
            self.field_of_customer(profile_name, &short)?
        } else {
            let mut meant =
                SAME.into_iter().filter(|(names, _)| lists(names, &word)).flat_map(|(_, meant)| meant);
            format!("{CUSTOMER}.{}", meant.find(|meant| customer.attributes.contains_key(**meant))?)
        };
        let said = format!("the customer has it: did you mean `{}`?", repair(&instead));
        let whole = self.with_profile(profile_name, name);
        Some(Repair::from(said).by(whole.and_then(|whole| self.editor().in_text(whole, instead, Guess))))
    }

    /// The field of the customer that is meant by a name for what a person is, where
    /// another profile is asked for it.
    pub(super) fn field_of_customer(&self, profile_name: &str, name: &str) -> Option<String> {
        let bare = name.strip_prefix(EXTENDED);
        // Of what a person is, a day of birth is nothing else's.
        let is_theirs = match bare {
            Some(bare) => comes_each_year(bare),
            None => is_of_persons(name),
        };
        if !is_theirs || [CUSTOMER, "groupPrimaryCustomer"].contains(&profile_name) {
            return None;
        }
        let customer = self.schema.profiles.get(CUSTOMER)?;
        let prefix = customer.fields.iter().map(|fields| &fields.prefix).find(|prefix| !prefix.is_empty())?;
        let bare = bare.unwrap_or(name);
        let field = self.listed_field(customer, bare).unwrap_or_else(|| format!("{prefix}{bare}"));
        Some(format!("{CUSTOMER}.{field}"))
    }

    /// The place of a name together with its profile, as it is written.
    fn with_profile(&self, profile_name: &str, name: &Name) -> Option<Span> {
        let dot = self.editor().before_name(name.span)?;
        let before = self.editor().slice(Span::new(Offset::START, dot))?.strip_suffix(profile_name)?;
        Some(Span::new(before.len(), name.span.end()))
    }

    fn same_attribute(
        &self,
        profile_name: &str,
        profile: &Profile,
        name: &Name,
        word: &str,
    ) -> Option<Repair> {
        let owner = profile.alias_of.as_deref().unwrap_or(profile_name);
        let here =
            SAME_HERE.into_iter().filter(|(profile, names, _)| *profile == owner && lists(names, word));
        let anywhere = SAME.into_iter().filter(|(names, _)| lists(names, word)).flat_map(|(_, meant)| meant);
        let meant = here
            .map(|(_, _, meant)| meant)
            .chain(anywhere.copied())
            .find(|meant| profile.attributes.contains_key(*meant))?;
        Some(Repair::did_you_mean(meant, [self.editor().name(name.span, meant, Guess)]))
    }

    fn asked_otherwise(
        &self,
        profile_name: &str,
        profile: &Profile,
        name: &Name,
        word: &str,
    ) -> Option<Repair> {
        let of_item = profile.each == Some(ListName::LineItems);
        if of_item && ["amount", "netamount", "net", "netvalue"].contains(&word) {
            let net = format!("({profile_name}.value-{profile_name}.discount)");
            let said = format!("the net amount of an item is `{net}`");
            let written = self.with_profile(profile_name, name);
            let instead = written.and_then(|whole| self.editor().in_text(whole, net, Guess));
            return Some(Repair::from(said).by(instead));
        }
        let of_customer = [CUSTOMER, "groupPrimaryCustomer"].contains(&profile_name);
        if of_customer && (is_of_persons(word) || lists(OF_HOMES, word)) {
            return self.of_organisation(profile_name, profile, name);
        }
        let listed = OTHERWISE
            .into_iter()
            .find(|(profiles, names, _)| lists(profiles, profile_name) && lists(names, word));
        if let Some((_, _, said)) = listed {
            return Some(said.replace("{}", profile_name).into());
        }
        None
    }

    /// An attribute of items, which methods ask for.
    fn of_items(&self, profile_name: &str, profile: &Profile, name: &Name, word: &str) -> Option<Repair> {
        let of_item = profile.each == Some(ListName::LineItems);
        let listed = ITEM_ATTRIBUTES.contains(&name.text.as_str())
            || self.schema.inventory.contains_key(&name.text)
            || lists(OF_ITEMS, word);
        let method = match of_item {
            true if profile.methods.contains_key("doesItemMatch") => "doesItemMatch",
            _ if listed && profile.methods.contains_key("basketIncludes") => "basketIncludes",
            _ => return None,
        };
        // What is nearly an attribute of the item is that one.
        if !listed && nearest_member(self.schema, profile, &name.text).is_some() {
            return None;
        }
        let call = |value: &str| format!("{profile_name}.{method}({},{value})", quoted(&name.text));
        let compared = self.beside_text.as_ref();
        let value = compared.and_then(|compared| self.editor().slice(compared.literal));
        let instead: Option<Suggestion> = compared.zip(value).and_then(|(compared, value)| {
            let negated = if compared.negated { "==false" } else { "" };
            self.editor().in_text(compared.whole, format!("{}{negated}", call(value)), Guess)
        });
        let negated = if compared.is_some_and(|compared| compared.negated) { "==false" } else { "" };
        let written = format!("{}{negated}", call(&shortened(value.unwrap_or("\"...\""))));
        Some(Repair::from(format!("items are asked for their attributes: `{written}`")).by(instead))
    }
}
