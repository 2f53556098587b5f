//! The words for the names of the standard schema.
//!
//! In every phrase `{o}` stands for whose value it is ("the customer") and
//! `{s}` for the same with a possessive ("the customer's", or "whose" of a line
//! item). `#` is where a number goes, with its comparison, `point(s)` is one
//! point or several, `{1}` the first argument of a method, and `[is|is not]` has
//! the words for true and those for false.

/// The words for one name.
pub(super) struct Wording {
    pub(super) name: &'static str,
    /// What the value is called: "{s} tier". A truth value has none.
    pub(super) noun: &'static str,
    /// A clause that says more than the noun with a verb: of a number with `#`,
    /// of a date up to where "on", "before" or "in" follows, of a truth value
    /// the whole. Empty where there is no such clause.
    pub(super) clause: &'static str,
}

/// The words for the names that some profiles share.
pub(super) struct Vocabulary {
    pub(super) profiles: &'static [&'static str],
    pub(super) words: &'static [Wording],
}

const fn word(name: &'static str, noun: &'static str, clause: &'static str) -> Wording {
    Wording { name, noun, clause }
}

/// The words for an attribute or an answered method of a profile.
pub(super) fn wording(profile: &str, name: &str) -> Option<&'static Wording> {
    let of = |vocabulary: &&Vocabulary| vocabulary.profiles.contains(&profile);
    ALL.iter().filter(of).flat_map(|vocabulary| vocabulary.words).find(|words| words.name == name)
}

const CUSTOMERS: &[&str] = &["currentCustomer", "groupPrimaryCustomer"];
const HOLDERS: &[&str] = &["currentCustomer", "groupPrimaryCustomer", "currentUserGroup"];
const TRACKERS: &[&str] = &["currentTracker", "currentTrackerCondition"];

const ALL: &[Vocabulary] = &[
    Vocabulary { profiles: &["currentTxn"], words: TRANSACTION },
    Vocabulary { profiles: &["returnBill"], words: RETURN },
    Vocabulary { profiles: CUSTOMERS, words: CUSTOMER },
    Vocabulary { profiles: HOLDERS, words: HOLDER },
    Vocabulary { profiles: &["currentUserGroup"], words: GROUP },
    Vocabulary { profiles: &["currentEvent"], words: OF_EVENT },
    Vocabulary { profiles: &["currentEvent"], words: CHANGE },
    Vocabulary { profiles: TRACKERS, words: TRACKER },
    Vocabulary { profiles: &["currentLineItem"], words: ITEM },
    Vocabulary { profiles: &["tenderProfile"], words: TENDER },
    Vocabulary { profiles: &["currentStore", "currentProduct"], words: CODED },
    Vocabulary { profiles: &["currentCustomerPartner"], words: PARTNER },
    Vocabulary { profiles: &["referrerCode"], words: REFERRAL },
];

const TRANSACTION: &[Wording] = &[
    word("value", "the transaction value", ""),
    word("discount", "the transaction discount", ""),
    word("date", "the transaction date", "the transaction took place"),
    word("number", "the transaction number", ""),
    word("notes", "the cashier's note", ""),
    word("totalQty", "the total quantity of the transaction", "the transaction has # piece(s)"),
    word(
        "points",
        "the number of regular points of the transaction",
        "the transaction earned # regular point(s)",
    ),
    word(
        "pointsForUser",
        "the number of regular points of the transaction for the customer alone",
        "the transaction earned # regular point(s) for the customer alone",
    ),
    word(
        "pointsForUserGroup",
        "the number of regular points of the transaction for the user group",
        "the transaction earned # regular point(s) for the user group",
    ),
    word(
        "promisedPoints",
        "the number of promised points of the transaction",
        "the transaction earned # promised point(s)",
    ),
    word(
        "promisedPointsForUser",
        "the number of promised points of the transaction for the customer alone",
        "the transaction earned # promised point(s) for the customer alone",
    ),
    word(
        "promisedPointsForUserGroup",
        "the number of promised points of the transaction for the user group",
        "the transaction earned # promised point(s) for the user group",
    ),
    word("basketSize", "the number of line items of the transaction", "the transaction has # line item(s)"),
    word("basketAmountSumNonDiscounted", "the value of all items before discounts", ""),
    word("grossAmount", "the gross amount of the transaction", ""),
    word(
        "tenderCombinationIncludes",
        "",
        "the transaction [was|was not] paid with the combination of payments {1}",
    ),
    word("currencyAwarded", "the amount of {1} that the transaction earned", "the transaction earned # {1}"),
    word(
        "currencyAwardedForUser",
        "the amount of {1} that the transaction earned for the customer alone",
        "the transaction earned # {1} for the customer alone",
    ),
];

const RETURN: &[Wording] = &[
    word(
        "basketSize",
        "the number of line items of the returned bill",
        "the returned bill has # line item(s)",
    ),
    word("date", "the date of the returned bill", "the returned bill was made"),
    word("discount", "the discount on the returned bill", ""),
    word("notes", "the cashier's note on the returned bill", ""),
    word("number", "the number of the returned bill", ""),
    word("points", "the number of points of the returned bill", "the returned bill had earned # point(s)"),
    word("totalQty", "the total quantity of the returned bill", "the returned bill has # piece(s)"),
];

/// What customers have alone.
const CUSTOMER: &[Wording] = &[
    word("name", "{s} full name", ""),
    word("firstname", "{s} first name", ""),
    word("lastname", "{s} last name", ""),
    word("email", "{s} e-mail address", ""),
    word("mobile", "{s} mobile number", ""),
    word(
        "avgBasketSize",
        "{s} average number of line items per transaction",
        "{o} averages # line item(s) per transaction",
    ),
    word("avgSpendPerVisit", "{s} average spend per visit", ""),
    word("joinDate", "{s} join date", "{o} joined"),
    word("isLoyal", "", "{o} [is|is not] registered in the loyalty program"),
    word("hasInstoreProfile", "", "{o} [has an|has no] InStore profile"),
    word("hasWeChatProfile", "", "{o} [has a|has no] WeChat profile"),
    word("doesProfileExists", "", "{s} profile [exists|does not exist]"),
    word("isControl", "", "{o} [is|is not] in the control group"),
    word("isTest", "", "{o} [is|is not] in the test group"),
    word("isPrimary", "", "{o} [is|is not] the primary member of the user group"),
    word("isSecondary", "", "{o} [is|is not] a secondary member of the user group"),
    word("isGroupMember", "{s} membership of a user group", ""),
    word(
        "pointsRedeemedToday",
        "the number of points that {o} redeemed today",
        "{o} has redeemed # point(s) today",
    ),
    word(
        "pointsRedeemedInCalendarWeek",
        "the number of points that {o} redeemed in the current calendar week",
        "{o} has redeemed # point(s) in the current calendar week",
    ),
    word(
        "pointsRedeemedInCalendarMonth",
        "the number of points that {o} redeemed in the current calendar month",
        "{o} has redeemed # point(s) in the current calendar month",
    ),
    word(
        "pointsRedeemedInPastDays",
        "the number of points that {o} redeemed in the past {n} days",
        "{o} has redeemed # point(s) in the past {n} days",
    ),
    word(
        "numberOfRedemptionsToday",
        "the number of redemptions by {o} today",
        "{o} has made # redemption(s) today",
    ),
    word(
        "numberOfRedemptionsInCalendarWeek",
        "the number of redemptions by {o} in the current calendar week",
        "{o} has made # redemption(s) in the current calendar week",
    ),
    word(
        "numberOfRedemptionsInCalendarMonth",
        "the number of redemptions by {o} in the current calendar month",
        "{o} has made # redemption(s) in the current calendar month",
    ),
    word(
        "numberOfRedemptionsInPastDays",
        "the number of redemptions by {o} in the past {n} days",
        "{o} has made # redemption(s) in the past {n} days",
    ),
    word(
        "countActiveCouponsInCouponSeries",
        "the number of active coupons of the series {1} that {o} has",
        "{o} has # active coupon(s) of the series {1}",
    ),
    word("includesLabelRegex", "", "the pattern {1} [is|is not] found in a label of {o}"),
    word("isRegisteredOn", "", "{o} [is|is not] registered on {1}"),
    word("trackerValueBeforeEvent", "the value of {s} tracker {1} in the case {2} before the event", ""),
    word("trackerValueCurrentEvent", "the value of {s} tracker {1} in the case {2} with the event", ""),
    word("customerStatus", "", "{o} [has|does not have] the status {1}"),
    word("customerStatusLabel", "", "{o} [has|does not have] the status {1} with the label {2}"),
    word("isSubscribedToChannel", "", "{o} [has|has not] opted in to the channel {1}"),
    word("avgTargetAchieved", "the average that {o} achieved of the target {1} per cycle", ""),
    word("targetAchievedInPeriod", "what {o} achieved of the target {1} in the cycle {2}", ""),
    word("targetAchievedInCurrentPeriod", "what {o} has achieved of the target {1} in the running cycle", ""),
    word(
        "targetsAchievedForUnified",
        "the number of targets of the unified group {1} that {o} achieved in the cycle {2}",
        "{o} achieved # target(s) of the unified group {1} in the cycle {2}",
    ),
    word(
        "targetsAchievedForUnifiedInCurrentPeriod",
        "the number of targets of the unified group {1} that {o} has achieved in the running cycle",
        "{o} has achieved # target(s) of the unified group {1} in the running cycle",
    ),
    word("isStreakAchieved", "", "{o} [has|has not] reached the streak level {1}"),
    word("streakCurrentValue", "the current value of {s} streak {1}", ""),
];

/// What customers and user groups have: points, tiers, visits.
const HOLDER: &[Wording] = &[
    word("externalId", "{s} external ID", ""),
    word("currentPoints", "{s} balance of redeemable points", "{o} has # redeemable point(s)"),
    word("currentNonRedeemablePoints", "{s} balance of promised points", "{o} has # promised point(s)"),
    word(
        "currentAllPoints",
        "{s} balance of redeemable and promised points",
        "{o} has # redeemable and promised point(s) together",
    ),
    word(
        "initialCurrentPoints",
        "{s} balance of redeemable points before the event",
        "{o} had # redeemable point(s) before the event",
    ),
    word(
        "initialCurrentAllPoints",
        "{s} balance of redeemable and promised points before the event",
        "{o} had # redeemable and promised point(s) together before the event",
    ),
    word(
        "initialLifetimePoints",
        "{s} lifetime total of redeemable points before the event",
        "{o} had earned # redeemable point(s) in total before the event",
    ),
    word(
        "lifetimePoints",
        "{s} lifetime total of redeemable points",
        "{o} has earned # redeemable point(s) in total",
    ),
    word(
        "lifetimeNonRedeemablePoints",
        "{s} lifetime total of promised points",
        "{o} has earned # promised point(s) in total",
    ),
    word(
        "lifetimeAllPoints",
        "{s} lifetime total of redeemable and promised points",
        "{o} has earned # redeemable and promised point(s) in total",
    ),
    word("lifetimePurchase", "{s} lifetime spend", ""),
    word("initialLifetimePurchase", "{s} lifetime spend before this transaction", ""),
    word("numberOfTxns", "{s} number of transactions", "{o} has made # transaction(s)"),
    word("numberOfTxnsToday", "{s} number of transactions today", "{o} has made # transaction(s) today"),
    word("numberOfVisits", "{s} number of visits", "{o} has made # visit(s)"),
    word("slabName", "{s} tier", ""),
    word("initialSlabName", "{s} tier before the event", ""),
    word("slabNumber", "{s} tier number", ""),
    word("initialSlabNumber", "{s} tier number before the event", ""),
    word("slabChangeDate", "the date of {s} last tier change", "{s} tier last changed"),
    word("slabExpiryDate", "the date when {s} tier expires", "{s} tier expires"),
];

const GROUP: &[Wording] = &[
    word("name", "{s} name", ""),
    word("createdDate", "the date when {o} was created", "{o} was created"),
    word("memberCount", "{s} number of members", "{o} has # member(s)"),
];

/// Events of targets, streaks and cards.
const OF_EVENT: &[Wording] = &[
    word("eventType", "{s} type", ""),
    word("targetName", "{s} target", ""),
    word("targetGroup", "{s} target group", ""),
    word("targetPeriod", "{s} target cycle", ""),
    word("targetMilestoneTrigger", "{s} sub-target", ""),
    word("milestoneValueDefined", "the value set for {s} sub-target", ""),
    word("isTargetAchievedEvent", "", "the event [tells|does not tell] that a target was achieved"),
    word(
        "isUnifiedTargetAchievedEvent",
        "",
        "the event [tells|does not tell] that a unified target was achieved",
    ),
    word("isStreakAchievedEvent", "", "the event [tells|does not tell] that a streak level was achieved"),
    word("isSubTargetAchievedEvent", "", "the event [tells|does not tell] that a sub-target was achieved"),
    word("streakName", "{s} streak level", ""),
    word("isUserGroupInfoPresent", "", "the event [carries|does not carry] a user group"),
    word("isGroupProgramRedemption", "", "the event [redeems|does not redeem] points of a group program"),
    word("promotion", "the scanned promotion", ""),
    word("targetAchieved", "what was achieved of the target {1} in {s} cycle", ""),
    word("targetDefined", "the value set as the target {1}", ""),
    word("targetExists", "", "a value [is|is not] set as the target {1}"),
    word("targetGaps", "the gap to the target {1}", ""),
    word("streakExists", "", "the event [is|is not] of the streak level {1}"),
    word("cardSeriesName", "", "{s} card [is|is not] of the series {1}"),
];

/// Events that change a customer's data.
const CHANGE: &[Wording] = &[
    word("previousMobile", "the mobile number before the update", ""),
    word("previousEmail", "the e-mail address before the update", ""),
    word("previousExternalID", "the external ID before the update", ""),
    word("previousName", "the full name before the update", ""),
    word("previousFirstName", "the first name before the update", ""),
    word("previousLastName", "the last name before the update", ""),
    word("currentMobile", "the mobile number after the update", ""),
    word("currentEmail", "the e-mail address after the update", ""),
    word("currentExternalID", "the external ID after the update", ""),
    word("currentName", "the full name after the update", ""),
    word("currentFirstName", "the first name after the update", ""),
    word("currentLastName", "the last name after the update", ""),
    word("previousLoyaltyType", "the loyalty type before the update", ""),
    word("currentLoyaltyType", "the loyalty type after the update", ""),
    word(
        "previousCustomFieldValue",
        "",
        "the custom field {1} [had|did not have] the value {2} before the update",
    ),
    word(
        "currentCustomFieldValue",
        "",
        "the custom field {1} [has|does not have] the value {2} after the update",
    ),
];

const TRACKER: &[Wording] = &[
    word("numberOfVisits", "{s} number of visits", "{o} counted # visit(s)"),
    word("trackedValue", "the value that {o} takes from the event", ""),
    word("trackerConditionName", "{s} condition", ""),
    word("trackerConditionPeriod", "the length of {s} period", ""),
    word("trackerCurrAggr", "{s} total of the period", ""),
    word("trackerInitialPrevAggr", "{s} initial total of the period before the event", ""),
    word("trackerPrevAggr", "{s} total of the period before the event", ""),
    word("trackerName", "{s} name", ""),
];

const ITEM: &[Wording] = &[
    word("code", "{s} code", ""),
    word("description", "{s} description", ""),
    word("discount", "{s} discount", ""),
    word("discountPercentage", "{s} discount in percent", ""),
    word("qty", "{s} quantity", ""),
    word("rate", "{s} unit price", ""),
    word("value", "{s} gross value", ""),
];

const TENDER: &[Wording] =
    &[word("amount", "{s} amount", ""), word("code", "{s} code", ""), word("notes", "{s} note", "")];

const CODED: &[Wording] = &[
    word("code", "{s} code", ""),
    word("name", "{s} name", ""),
    word("doesBrandRegexMatch", "", "the pattern {1} [is|is not] found in {s} brand"),
    word("doesCategoryRegexMatch", "", "the pattern {1} [is|is not] found in {s} category"),
];

const PARTNER: &[Wording] = &[
    word(
        "additionalBenefitsInMembershipCycle",
        "{s} number of additional benefits in the membership cycle",
        "{o} has # additional benefit(s) in the membership cycle",
    ),
    word(
        "benefitsAvailedInActiveMembership",
        "{s} number of benefits used in the active membership",
        "{o} has used # benefit(s) in the active membership",
    ),
    word(
        "benefitsAvailedInEventCycle",
        "{s} number of benefits used in the cycle of the event",
        "{o} has used # benefit(s) in the cycle of the event",
    ),
    word("benefitsLimit", "{s} limit on benefits", "{o} may use # benefit(s)"),
    word(
        "countBillsCurrentCycle",
        "{s} number of bills in the current cycle",
        "{o} has # bill(s) in the current cycle",
    ),
    word(
        "countPromotionPointsIssuedCurrentCycle",
        "{s} number of promotion points issued in the current cycle",
        "{o} was issued # promotion point(s) in the current cycle",
    ),
    word(
        "daysElapsedInCurrentCycle",
        "the number of days of {s} current cycle that have gone by",
        "# day(s) of {s} current cycle have gone by",
    ),
    word("isLinkedOnSpecificDate", "", "{o} [was|was not] linked on the date in question"),
    word("isLinkedTo", "", "{o} [is|is not] linked to a program"),
    word("sumPurchaseValueCurrentCycle", "{s} spend in the current cycle", ""),
];

const REFERRAL: &[Wording] = &[
    word(
        "refereeRegCount",
        "the number of customers who registered with {o}",
        "{o} was used for # registration(s)",
    ),
    word(
        "refereeTxnCount",
        "the number of transactions by customers who registered with {o}",
        "customers who registered with {o} have made # transaction(s)",
    ),
];

/// A profile as a description calls it, and its possessive.
pub(super) fn owner(profile: &str) -> Option<(&'static str, &'static str)> {
    let known = match profile {
        "currentTxn" => ("the transaction", "the transaction's"),
        "returnBill" => ("the returned bill", "the returned bill's"),
        "currentCustomer" => ("the customer", "the customer's"),
        "groupPrimaryCustomer" => ("the group's primary member", "the group's primary member's"),
        "currentUserGroup" => ("the user group", "the user group's"),
        "currentStore" => ("the store", "the store's"),
        "currentEvent" => ("the event", "the event's"),
        "currentTracker" | "currentTrackerCondition" => ("the tracker", "the tracker's"),
        "currentProduct" => ("the scanned product", "the scanned product's"),
        "currentCard" => ("the card", "the card's"),
        "currentCustomerPartner" => ("the partner-program customer", "the partner-program customer's"),
        "referrerCode" => ("the referral code", "the referral code's"),
        "organization" => ("the organisation", "the organisation's"),
        "program" => ("the loyalty program", "the loyalty program's"),
        _ => return None,
    };
    Some(known)
}
