//! What other systems call the values of a transaction, the usual names first. They
//! are written without marks and in lower case; `customer/id` is a key in an object.

use crate::read::Wanted;

/// An attribute that is looked for.
pub(super) struct Known {
    pub(super) profile: &'static str,
    pub(super) name: &'static str,
    pub(super) wanted: Wanted,
    pub(super) called: &'static [&'static str],
}

const fn known(
    profile: &'static str,
    name: &'static str,
    wanted: Wanted,
    called: &'static [&'static str],
) -> Known {
    Known { profile, name, wanted, called }
}

const BILL: &str = "currentTxn";
const CUSTOMER: &str = "currentCustomer";
const STORE: &str = "currentStore";

pub(super) const ATTRIBUTES: &[Known] = &[
    known(
        BILL,
        "number",
        Wanted::Text,
        &[
            "billnumber",
            "ordernumber",
            "transactionnumber",
            "invoicenumber",
            "receiptnumber",
            "billno",
            "orderno",
            "invoiceno",
            "receiptno",
            "orderid",
            "transactionid",
            "billid",
            "receiptid",
            "invoiceid",
            "number",
            "belegnummer",
            "belegnr",
            "bestellnummer",
            "name",
            "reference",
            "id",
        ],
    ),
    known(
        BILL,
        "value",
        Wanted::Number,
        &[
            "billamount",
            "totalprice",
            "grandtotal",
            "ordertotal",
            "totalamount",
            "nettotal",
            "netamount",
            "totalcents",
            "amountcents",
            "totalincents",
            "amountincents",
            "totalminor",
            "amountminor",
            "total",
            "amount",
            "value",
            "summe",
            "betrag",
            "gesamtbetrag",
        ],
    ),
    known(
        BILL,
        "grossAmount",
        Wanted::Number,
        &["grossamount", "grosstotal", "totallineitemsprice", "grossvalue"],
    ),
    known(
        BILL,
        "discount",
        Wanted::Number,
        &["totaldiscounts", "discounttotal", "totaldiscount", "discountamount", "discount", "rabatt"],
    ),
    known(
        BILL,
        "date",
        Wanted::Date,
        &[
            "billingdate",
            "createdat",
            "datecreatedgmt",
            "datecreated",
            "orderdate",
            "transactiondate",
            "purchasedate",
            "purchasedat",
            "placedat",
            "placed",
            "orderedat",
            "billdate",
            "billedat",
            "soldat",
            "timestamp",
            "datetime",
            "date",
            "created",
            "datum",
            "bestelldatum",
            "time",
        ],
    ),
    known(BILL, "notes", Wanted::Text, &["notes", "note", "customernote", "comment", "remark"]),
    known(
        CUSTOMER,
        "id",
        Wanted::Number,
        &[
            "customer/id",
            "customerid",
            "buyer/id",
            "buyerid",
            "user/id",
            "userid",
            "member/id",
            "memberid",
            "client/id",
            "clientid",
            "loyalty/memberid",
            "kundennummer",
            "kundennr",
            "kunde/id",
            "customerno",
            "customernumber",
            "cardnumber",
        ],
    ),
    known(
        CUSTOMER,
        "email",
        Wanted::Text,
        &["customer/email", "billing/email", "buyer/email", "customeremail", "email"],
    ),
    known(
        CUSTOMER,
        "mobile",
        Wanted::Text,
        &[
            "customer/mobile",
            "customer/phone",
            "billing/phone",
            "buyer/phone",
            "mobile",
            "mobilenumber",
            "customerphone",
            "phone",
            "phonenumber",
        ],
    ),
    known(
        CUSTOMER,
        "firstname",
        Wanted::Text,
        &["customer/firstname", "billing/firstname", "buyer/firstname", "firstname", "vorname"],
    ),
    known(
        CUSTOMER,
        "lastname",
        Wanted::Text,
        &["customer/lastname", "billing/lastname", "buyer/lastname", "lastname", "nachname"],
    ),
    known(CUSTOMER, "name", Wanted::Text, &["customer/name", "buyer/name", "customername"]),
    known(
        CUSTOMER,
        "slabName",
        Wanted::Text,
        &[
            "customer/tier",
            "buyer/tier",
            "member/tier",
            "customertier",
            "loyaltytier",
            "tiername",
            "tier",
            "slabname",
            "slab",
        ],
    ),
    known(
        STORE,
        "code",
        Wanted::Text,
        &["store/code", "storecode", "outletcode", "branchcode", "shopcode", "filiale", "store"],
    ),
    known(
        STORE,
        "id",
        Wanted::Number,
        &["store/id", "storeid", "locationid", "outletid", "branchid", "shopid"],
    ),
    known(STORE, "name", Wanted::Text, &["store/name", "storename", "outletname", "branchname"]),
];

/// A list of a bill.
pub(super) struct KnownList {
    pub(super) key: &'static str,
    pub(super) called: &'static [&'static str],
    pub(super) fields: &'static [(&'static str, Wanted, &'static [&'static str])],
    /// What rules select items by.
    pub(super) attributes: &'static [(&'static str, &'static [&'static str])],
}

pub(super) const LISTS: &[KnownList] = &[
    KnownList {
        key: "lineItems",
        called: &[
            "lineitemsv2",
            "lineitems",
            "orderlines",
            "orderitems",
            "items",
            "lines",
            "products",
            "positions",
            "positionen",
            "basket",
            "cart",
            "articles",
            "artikel",
        ],
        fields: &[
            (
                "code",
                Wanted::Text,
                &[
                    "sku",
                    "itemcode",
                    "productcode",
                    "articlenumber",
                    "code",
                    "ean",
                    "barcode",
                    "artikelnummer",
                    "productid",
                ],
            ),
            (
                "description",
                Wanted::Text,
                &["title", "productname", "itemname", "description", "name", "bezeichnung"],
            ),
            ("qty", Wanted::Number, &["qty", "quantity", "count", "units", "menge", "anzahl", "pieces"]),
            (
                "rate",
                Wanted::Number,
                &["rate", "unitprice", "priceperunit", "priceeach", "price", "einzelpreis", "preis"],
            ),
            ("value", Wanted::Number, &["value", "subtotal", "gross", "grossamount"]),
            (
                "amount",
                Wanted::Number,
                &["amount", "linetotal", "netamount", "lineamount", "total", "betrag"],
            ),
            ("discount", Wanted::Number, &["discount", "totaldiscount", "discountamount", "rabatt"]),
        ],
        attributes: &[
            ("brand", &["brand", "vendor", "manufacturer", "maker", "marke"]),
            (
                "category",
                &["category", "producttype", "department", "productgroup", "kategorie", "warengruppe"],
            ),
            ("size", &["size"]),
            ("color", &["color", "colour"]),
        ],
    },
    KnownList {
        key: "tenders",
        called: &["paymentmodes", "tenders", "payments", "paymentmethods", "zahlungen"],
        fields: &[
            ("code", Wanted::Text, &["mode", "method", "code", "type", "gateway", "paymentmethod"]),
            ("amount", Wanted::Number, &["amount", "value", "betrag"]),
            ("notes", Wanted::Text, &["notes", "note"]),
        ],
        attributes: &[],
    },
];

/// Lists of names and values that an organisation defines, and objects of them.
pub(super) const CUSTOM_FIELDS: &[&str] =
    &["customfields", "noteattributes", "metadata", "customattributes", "additionalproperties", "meta"];
pub(super) const EXTENDED_FIELDS: &[&str] = &["extendedfields", "extensions", "extra"];

/// A pointer as names are compared: without marks, in lower case.
pub(super) fn plain(pointer: &str) -> String {
    let kept = pointer.chars().filter(|character| character.is_alphanumeric() || *character == '/');
    kept.flat_map(char::to_lowercase).collect()
}
