"""Which names rules may use: the attributes, methods and spellings of every profile."""

# Attributes by profile and type, as documented for the platform.
ATTRIBUTES = {
    "currentCustomer": {
        "string": "name firstname lastname email mobile externalId slabName initialSlabName",
        "number": (
            "avgBasketSize avgSpendPerVisit currentPoints currentNonRedeemablePoints currentAllPoints "
            "initialCurrentPoints initialLifetimePoints lifetimePoints lifetimeNonRedeemablePoints "
            "lifetimeAllPoints lifetimePurchase initialLifetimePurchase numberOfTxns numberOfTxnsToday "
            "numberOfVisits slabNumber initialSlabNumber pointsRedeemedToday pointsRedeemedInCalendarWeek "
            "pointsRedeemedInCalendarMonth"
        ),
        "date": "slabExpiryDate joinDate slabChangeDate",
        "boolean": (
            "isLoyal hasInstoreProfile hasWeChatProfile doesProfileExists isControl isPrimary isSecondary isTest"
        ),
        "enum": "isGroupMember",
    },
    "currentTxn": {
        "number": (
            "value discount totalQty points pointsForUser pointsForUserGroup promisedPoints "
            "promisedPointsForUser promisedPointsForUserGroup basketSize basketAmountSumNonDiscounted "
            "grossAmount"
        ),
        "date": "date",
        "string": "number notes",
    },
    "currentLineItem": {
        "string": "code description",
        "number": "discount discountPercentage qty rate value",
    },
    "tenderProfile": {
        "number": "amount",
        "string": "code notes",
    },
    "currentEvent": {
        "string": (
            "eventType previousMobile previousEmail previousExternalID previousName previousFirstName "
            "previousLastName currentMobile currentEmail currentExternalID currentName currentFirstName "
            "currentLastName targetName targetGroup targetPeriod targetMilestoneTrigger streakName"
        ),
        "enum": "previousLoyaltyType currentLoyaltyType",
        "number": "milestoneValueDefined",
        "boolean": (
            "isTargetAchievedEvent isUnifiedTargetAchievedEvent isStreakAchievedEvent "
            "isSubTargetAchievedEvent isUserGroupInfoPresent isGroupProgramRedemption"
        ),
        "unknown": "promotion",
    },
    "currentProduct": {
        "string": "code",
    },
    "currentStore": {
        "string": "code name",
    },
    "currentTrackerCondition": {
        "number": (
            "numberOfVisits trackedValue trackerConditionPeriod trackerCurrAggr trackerInitialPrevAggr trackerPrevAggr"
        ),
        "string": "trackerConditionName trackerName",
    },
    "currentTracker": {
        "number": (
            "numberOfVisits trackedValue trackerConditionPeriod trackerCurrAggr trackerInitialPrevAggr trackerPrevAggr"
        ),
        "string": "trackerConditionName trackerName",
    },
    "currentCard": {},
    "currentUserGroup": {
        "string": "name externalId slabName initialSlabName",
        "date": "createdDate slabChangeDate slabExpiryDate",
        "number": (
            "memberCount currentPoints initialCurrentPoints currentAllPoints initialCurrentAllPoints "
            "currentNonRedeemablePoints lifetimePoints lifetimeAllPoints lifetimeNonRedeemablePoints "
            "initialLifetimePoints numberOfTxns numberOfTxnsToday numberOfVisits lifetimePurchase "
            "initialLifetimePurchase slabNumber initialSlabNumber"
        ),
    },
    "groupPrimaryCustomer": {
        "number": (
            "avgBasketSize avgSpendPerVisit currentAllPoints currentNonRedeemablePoints currentPoints "
            "initialCurrentAllPoints initialCurrentPoints initialLifetimePoints initialLifetimePurchase "
            "lifetimeAllPoints lifetimeNonRedeemablePoints lifetimePoints lifetimePurchase slabNumber "
            "initialSlabNumber numberOfRedemptionsInCalendarMonth numberOfRedemptionsInCalendarWeek "
            "numberOfRedemptionsToday numberOfTxns numberOfTxnsToday numberOfVisits "
            "pointsRedeemedInCalendarMonth pointsRedeemedInCalendarWeek pointsRedeemedToday"
        ),
        "boolean": (
            "doesProfileExists hasInstoreProfile hasWeChatProfile isControl isLoyal isPrimary isSecondary isTest"
        ),
        "string": "email externalId firstname lastname mobile name slabName initialSlabName",
        "enum": "isGroupMember",
        "date": "joinDate slabChangeDate slabExpiryDate",
    },
    "returnBill": {
        "number": "basketSize discount points totalQty",
        "date": "date",
        "string": "notes number",
    },
    "currentCustomerPartner": {
        "number": (
            "additionalBenefitsInMembershipCycle benefitsAvailedInActiveMembership "
            "benefitsAvailedInEventCycle benefitsLimit countBillsCurrentCycle "
            "countPromotionPointsIssuedCurrentCycle daysElapsedInCurrentCycle "
            "sumPurchaseValueCurrentCycle"
        ),
        "boolean": "isLinkedOnSpecificDate isLinkedTo",
    },
    "referrerCode": {
        "number": "refereeRegCount refereeTxnCount",
    },
    "organization": {},
    "program": {},
}

# The constants of enum attributes.
ENUMS = {
    ("currentCustomer", "isGroupMember"): ["Yes", "No"],
    ("currentEvent", "previousLoyaltyType"): ["LOYALTY", "NON_LOYALTY"],
    ("currentEvent", "currentLoyaltyType"): ["LOYALTY", "NON_LOYALTY"],
    ("groupPrimaryCustomer", "isGroupMember"): ["Yes", "No"],
}

# The name of a profile in an expression tree, where it is documented.
TAGS = {
    "currentCustomer": "customer:object:primitive",
    "currentTxn": "tx:object:primitive",
    "currentLineItem": "tx.item:object:primitive",
    "tenderProfile": "tender:object:primitive",
    "currentEvent": "customer.targetCompletedEvent:object:primitive",
    "currentProduct": "product:object:primitive",
    "currentStore": "store:object:primitive",
    "currentTrackerCondition": "tracker.condition:object:primitive",
    "currentTracker": "tracker:object:primitive",
    "currentCard": "card:object:primitive",
    "currentUserGroup": "userGroup:object:primitive",
    "groupPrimaryCustomer": "customer:object:primitive",
    "returnBill": "returnBill:object:primitive",
    "currentCustomerPartner": "customerPartner:object:primitive",
    "referrerCode": "referrerCode:object:primitive",
    "organization": "organization:object:primitive",
    "program": "program:object:primitive",
}

# Other spellings, to the listed one.
PROFILE_VARIANTS = {
    "currentCustomer": ["currentcustomer", "customerCustomer", "Customer"],
    "currentTxn": ["currentTxns", "customerTxn"],
    "currentLineItem": ["currentLineitem", "CurrentLineItem"],
    "currentUserGroup": ["currentusergroup"],
    "groupPrimaryCustomer": ["groupProfileCustomer", "currentgroupprimary"],
}

ATTRIBUTE_VARIANTS = {
    ("currentCustomer", "firstname"): ["firstName"],
    ("currentCustomer", "lastname"): ["lastName"],
    ("currentCustomer", "externalId"): ["externalID"],
    ("currentCustomer", "initialLifetimePoints"): ["initiallifetimePoints", "intiallifetimePoints"],
    ("currentCustomer", "lifetimePoints"): ["LifetimePoints"],
    ("currentCustomer", "lifetimeNonRedeemablePoints"): ["LifetimeNonRedeemablePoints"],
    ("currentCustomer", "lifetimeAllPoints"): ["LifetimeAllPoints"],
    ("currentCustomer", "lifetimePurchase"): ["lifetimePurchases", "lifetimepurchase"],
    ("currentCustomer", "initialLifetimePurchase"): ["InitialLifetimePurchase"],
    ("currentCustomer", "numberOfTxns"): ["NumberOfTxns", "numberOfTrnx"],
    ("currentCustomer", "numberOfTxnsToday"): ["numberofTxnsToday", "numberOfTxnToday", "NumberOfTxnsToday"],
    ("currentCustomer", "numberOfVisits"): ["NumberOfVisits"],
    ("currentCustomer", "slabName"): ["SlabName"],
    ("currentCustomer", "slabNumber"): ["SlabNumber"],
    ("currentCustomer", "hasInstoreProfile"): ["hasinstoreProfile"],
    ("currentTxn", "notes"): ["note"],
    ("currentLineItem", "discountPercentage"): ["discPercentage"],
    ("currentLineItem", "qty"): ["Qty"],
    ("currentEvent", "previousLoyaltyType"): ["previousLoyaltytype"],
    ("currentEvent", "currentLoyaltyType"): ["currentLoyaltytype"],
    ("currentEvent", "isTargetAchievedEvent"): ["isTargetAchieved"],
    ("currentEvent", "isUnifiedTargetAchievedEvent"): ["isUnifiedTargetAchievement"],
    ("currentEvent", "streakName"): ["StreakName"],
    ("currentEvent", "isUserGroupInfoPresent"): ["IsUserGroupInfopresent"],
    ("currentTrackerCondition", "trackerConditionName"): ["tackerConditionName"],
    ("currentTracker", "trackerConditionName"): ["tackerConditionName"],
    ("groupPrimaryCustomer", "email"): ["emai"],
    ("groupPrimaryCustomer", "hasInstoreProfile"): ["hasinstoreProfile"],
    ("groupPrimaryCustomer", "initialLifetimePoints"): ["initiallifetimePoints"],
    ("groupPrimaryCustomer", "lifetimeNonRedeemablePoints"): ["LifetimeNonRedeemablePoints"],
    ("groupPrimaryCustomer", "lifetimePoints"): ["LifetimePoints"],
}

METHOD_VARIANTS = {
    ("currentTxn", "basketCount"): ["basketcount"],
    ("currentTxn", "basketCountRegex"): ["basketcountRegex"],
    ("currentTxn", "basketSumRegexGross"): ["basketSumGrossRegex"],
    ("currentTxn", "basketCountIf"): ["basketCountf"],
}

# Methods by profile: the kinds of their parameters, and what they return.
METHODS = {
    "currentCustomer": {
        "clusterValueIncludes": ("string string", "boolean"),
        "clusterValueExcludes": ("string string", "boolean"),
        "customFieldValueIncludes": ("string string", "boolean"),
        "customFieldValueExcludes": ("string string", "boolean"),
        "customFieldValueExists": ("string", "boolean"),
        "pointsRedeemedInPastDays": ("number", "number"),
        "trackerValueBeforeEvent": ("string string", "number"),
        "trackerValueCurrentEvent": ("string string", "number"),
        "customerStatus": ("string", "boolean"),
        "customerStatusLabel": ("string string", "boolean"),
        "isSubscribedToChannel": ("channel", "boolean"),
        "avgTargetAchieved": ("string", "number"),
        "targetAchievedInPeriod": ("string string", "number"),
        "targetAchievedInCurrentPeriod": ("string", "number"),
        "targetsAchievedForUnified": ("string string", "number"),
        "targetsAchievedForUnifiedInCurrentPeriod": ("string", "number"),
        "isStreakAchieved": ("string", "boolean"),
        "streakCurrentValue": ("string", "number"),
    },
    "currentTxn": {
        "basketSum": ("item_attribute item_value", "number"),
        "basketSumRegex": ("item_attribute regex", "number"),
        "basketQty": ("item_attribute item_value", "number"),
        "basketQtyRegex": ("item_attribute regex", "number"),
        "basketCount": ("item_attribute item_value", "number"),
        "basketCountRegex": ("item_attribute regex", "number"),
        "basketIncludes": ("item_attribute item_value", "boolean"),
        "basketExcludes": ("item_attribute item_value", "boolean"),
        "basketIncludesRegex": ("item_attribute regex", "boolean"),
        "basketExcludesRegex": ("item_attribute regex", "boolean"),
        "basketIncludesRegexCategory": ("regex", "boolean"),
        "basketSumGross": ("item_attribute item_value", "number"),
        "basketSumRegexGross": ("item_attribute regex", "number"),
        "basketSumRegexBrandGross": ("regex", "number"),
        "basketSumRegexCategoryGross": ("regex", "number"),
        "basketSumIf": ("if_field if_operator if_number", "number"),
        "basketCountIf": ("if_field if_operator if_number", "number"),
        "basketQtyIf": ("if_field if_operator if_number", "number"),
        "customFieldValueIncludes": ("string string", "boolean"),
        "customFieldValueExcludes": ("string string", "boolean"),
        "tenderCombinationIncludes": ("string", "boolean"),
        "currencyAwarded": ("string", "number"),
        "currencyAwardedForUser": ("string", "number"),
        "basketIncludesRegexBrand": ("regex", "boolean"),
    },
    "currentLineItem": {
        "doesItemMatch": ("item_attribute item_value", "boolean"),
        "doesCategoryRegexMatch": ("regex", "boolean"),
    },
    "currentEvent": {
        "previousCustomFieldValue": ("string string", "boolean"),
        "currentCustomFieldValue": ("string string", "boolean"),
        "targetAchieved": ("string", "number"),
        "targetDefined": ("string", "number"),
        "targetExists": ("string", "boolean"),
        "targetGaps": ("string", "number"),
        "streakExists": ("string", "boolean"),
        "cardSeriesName": ("string", "boolean"),
    },
    "currentProduct": {
        "doesBrandRegexMatch": ("regex", "boolean"),
        "doesCategoryRegexMatch": ("regex", "boolean"),
    },
    "currentCard": {
        "customFieldValueIncludes": ("string string", "boolean"),
        "customFieldValueExcludes": ("string string", "boolean"),
    },
    "groupPrimaryCustomer": {
        "clusterValueIncludes": ("string string", "boolean"),
        "clusterValueExcludes": ("string string", "boolean"),
        "countActiveCouponsInCouponSeries": ("string", "number"),
        "customFieldValueIncludes": ("string string", "boolean"),
        "customFieldValueExcludes": ("string string", "boolean"),
        "customFieldValueExists": ("string", "boolean"),
        "includesLabelRegex": ("regex", "boolean"),
        "isRegisteredOn": ("string", "boolean"),
        "numberOfRedemptionsInPastDays": ("number", "number"),
        "pointsRedeemedInPastDays": ("number", "number"),
        "trackerValueBeforeEvent": ("string string", "number"),
    },
    "returnBill": {
        "basketCount": ("item_attribute item_value", "number"),
        "basketCountRegex": ("item_attribute regex", "number"),
        "basketCountRegexBrand": ("string regex", "number"),
        "basketCountRegexCategory": ("string regex", "number"),
        "basketExcludes": ("item_attribute item_value", "boolean"),
        "basketIncludes": ("item_attribute item_value", "boolean"),
        "basketExcludesRegex": ("item_attribute regex", "boolean"),
        "basketIncludesRegex": ("item_attribute regex", "boolean"),
        "basketIncludesRegexBrand": ("regex", "boolean"),
        "basketIncludesRegexCategory": ("regex", "boolean"),
        "basketQty": ("item_attribute item_value", "number"),
        "basketQtyRegex": ("item_attribute regex", "number"),
        "basketQtyRegexBrand": ("string regex", "number"),
        "basketQtyRegexCategory": ("string regex", "number"),
        "basketSum": ("item_attribute item_value", "number"),
        "basketSumRegex": ("item_attribute regex", "number"),
        "customFieldValueExcludes": ("string string", "boolean"),
        "customFieldValueIncludes": ("string string", "boolean"),
    },
}


def profile_of(name):
    """The listed spelling of a profile: exactly, as a variant, or in other case."""
    return look_up(ATTRIBUTES, lambda listed: PROFILE_VARIANTS.get(listed, []), name)


def attributes_of(profile):
    """The attributes of a profile with their types."""
    return {name: kind for kind, names in ATTRIBUTES[profile].items() for name in names.split()}


def attribute_of(profile, name):
    return look_up(attributes_of(profile), lambda listed: ATTRIBUTE_VARIANTS.get((profile, listed), []), name)


def method_of(profile, name):
    methods = METHODS.get(profile, {})
    return look_up(methods, lambda listed: METHOD_VARIANTS.get((profile, listed), []), name)


def type_of(profile, attribute):
    # The pattern of cards types their extended fields.
    if profile == "currentCard" and attribute.startswith("extField_"):
        return "string"
    return attributes_of(profile).get(attribute)


def look_up(listed, variants, name):
    if name in listed:
        return name
    for found in (
        [entry for entry in listed if name in variants(entry)],
        [entry for entry in listed if any(name.lower() == spelling.lower() for spelling in [entry, *variants(entry)])],
    ):
        if found:
            assert len(found) == 1, f"{name} could be {found}"
            return found[0]
    return None
