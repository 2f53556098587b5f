//! The standard schema, read as any host could read it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use target_rules::Schema;

/// The names that rules may use.
#[derive(Debug, Deserialize)]
pub struct Catalog {
    /// By name, such as `currentTxn`.
    pub profiles: BTreeMap<String, Profile>,
    /// The methods that a value offers, by the name of its type.
    pub values: BTreeMap<String, BTreeMap<String, Method>>,
}

/// One profile.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The profile of which this is another name.
    #[serde(default)]
    pub alias_of: Option<String>,
    /// The list that rules naming it unroll over.
    #[serde(default)]
    pub each: Option<String>,
    /// By name.
    #[serde(default)]
    pub attributes: BTreeMap<String, Attribute>,
    /// Attributes that only the beginning of their name is known of.
    #[serde(default)]
    pub fields: Vec<Fields>,
    /// By name.
    #[serde(default)]
    pub methods: BTreeMap<String, Method>,
}

/// One attribute.
#[derive(Debug, Deserialize)]
pub struct Attribute {
    /// `number`, `string` and so on.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The constants of an enumeration.
    #[serde(default)]
    pub values: Vec<String>,
    /// Other spellings.
    #[serde(default)]
    pub variants: Vec<String>,
    /// How it follows from the line items.
    #[serde(default)]
    pub computed: Option<String>,
}

/// Attributes that are not listed one by one.
#[derive(Debug, Deserialize)]
pub struct Fields {
    /// How their names begin.
    pub prefix: String,
    /// Their type, or `unknown`.
    #[serde(rename = "type")]
    pub type_name: String,
}

/// One method.
#[derive(Debug, Clone, Deserialize)]
pub struct Method {
    /// Its parameters in order.
    #[serde(default)]
    pub params: Vec<Param>,
    /// The type of its result.
    pub returns: String,
    /// What decides it; none: the document answers.
    #[serde(default)]
    pub function: Option<String>,
    /// The item attribute that its pattern looks at.
    #[serde(default)]
    pub attribute: Option<String>,
}

/// One parameter.
#[derive(Debug, Clone, Deserialize)]
pub struct Param {
    /// `number`, `string` and so on.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Whether it may be left out.
    #[serde(default)]
    pub optional: bool,
    /// What it is used as.
    #[serde(default)]
    pub role: Option<String>,
    /// The values that are allowed.
    #[serde(default)]
    pub values: Vec<String>,
    /// The largest number that is allowed.
    #[serde(default)]
    pub maximum: Option<u32>,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let schema = serde_json::to_value(Schema::standard()).unwrap();
    serde_json::from_value(schema).unwrap()
});

/// The standard schema.
pub fn catalog() -> &'static Catalog {
    &CATALOG
}

impl Catalog {
    /// The profile that the values of this one are read from.
    pub fn section<'a>(&'a self, profile: &'a str) -> &'a str {
        self.profiles.get(profile).and_then(|found| found.alias_of.as_deref()).unwrap_or(profile)
    }

    /// A method of a profile.
    pub fn method(&self, profile: &str, name: &str) -> Option<&Method> {
        self.profiles.get(profile)?.methods.get(name)
    }

    /// The list that a profile unrolls over.
    pub fn each(&self, profile: &str) -> Option<&str> {
        self.profiles.get(profile)?.each.as_deref()
    }
}
