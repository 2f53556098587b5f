//! Attributes and methods of a schema file: what each may contain, and how it
//! is merged with the known one of the same name.
//!
//! A part that the file leaves out stays as it is known. Values and variants
//! are added to the known ones; a meaning or a unit replaces the known one;
//! everything else that is given must equal what is known.

use std::collections::HashSet;
use std::sync::Arc;

use crate::diagnostic::{Repair, Span, excerpt};
use crate::json::{Entries, Kind, Located};

use super::model::{Attribute, Computed, Function, Method, Param, Role, TypeName};
use super::read::{Author, Object, SchemaReader, Word, instead};

/// No number has more digits after the point.
const MOST_DIGITS: u32 = 28;

/// The profile or event whose attribute or method is read.
pub(super) struct Owner<'o> {
    /// Its name, for messages.
    pub(super) of: &'o str,
    pub(super) name: &'o Word,
}

impl Owner<'_> {
    fn title(&self) -> String {
        format!("`{}` of {}", excerpt(&self.name.text), self.of)
    }
}

impl SchemaReader<'_> {
    /// Reads an attribute, and the variants of its name that the file gives;
    /// `None` where errors in the file leave no attribute.
    pub(super) fn attribute(
        &mut self,
        owner: Owner,
        value: Located,
        known: Option<&Arc<Attribute>>,
    ) -> Option<(Arc<Attribute>, Vec<Span>)> {
        if known.is_none() && !self.is_name(owner.name) {
            return None;
        }
        let what = owner.title();
        let object = self.object(value, &what, Attribute::KEYS)?;
        let type_name = self.type_name(&object, "type", &what)?;
        let mut attribute =
            known.map_or_else(|| Attribute::plain(type_name), |known| Attribute::clone(known));
        if !self.same_type(object.place("type"), &what, attribute.type_name, type_name) {
            return None;
        }
        attribute.type_name = type_name;
        self.unit(&object, type_name, &mut attribute.unit);
        self.replace(&object, "meaning", &mut attribute.meaning);
        (attribute.values, attribute.open) = self.values(&object, &attribute.values, attribute.open);
        self.fit_values(&object, &what, type_name, false);
        self.scale(&object, &what, &mut attribute);
        if let Some(can_change) = self.flag(&object, "canChange") {
            attribute.can_change = Some(can_change);
        }
        if object.get("computed").is_some() {
            let computed: Option<Computed> = self.choice(&object, "computed");
            self.settle(&mut attribute.computed, computed, object.place("computed"), "computed");
        }
        let variants = self.variants(&object, &owner.name.text, &mut attribute.variants);
        Some((self.plain.attribute(attribute), variants))
    }

    /// Reads a method, and the variants of its name that the file gives.
    pub(super) fn method(
        &mut self,
        owner: Owner,
        value: Located,
        known: Option<&Arc<Method>>,
    ) -> Option<(Arc<Method>, Vec<Span>)> {
        if known.is_none() && !self.is_name(owner.name) {
            return None;
        }
        let what = owner.title();
        let object = self.object(value, &what, Method::KEYS)?;
        let returns = self.type_name(&object, "returns", &what)?;
        let mut method = known.map_or_else(|| Method::plain(returns), |known| Method::clone(known));
        let place = object.place("returns");
        if !self.same_type(place, &what, method.returns, returns) {
            return None;
        }
        if returns == TypeName::Unknown {
            // Without a known type the checker could not tell what the answer
            // is.
            self.wrong_entry(place, format!("{what} answers with a known type"), "say which type it returns");
        }
        method.returns = returns;
        self.unit(&object, returns, &mut method.unit);
        self.replace(&object, "meaning", &mut method.meaning);
        (method.values, method.open) = self.values(&object, &method.values, method.open);
        self.fit_values(&object, &what, returns, false);
        if object.get("function").is_some() {
            let function: Option<Function> = self.choice(&object, "function");
            let mut settled = Some(method.function).filter(|known| *known != Function::Answered);
            let function = function.filter(|given| *given != Function::Answered);
            self.settle(&mut settled, function, object.place("function"), "function");
            method.function = settled.unwrap_or_default();
        }
        if let Some(value) = object.get("attribute")
            && let Some(word) = self.word(value, "`attribute`")
        {
            self.settle(&mut method.attribute, Some(word.text), word.span, "attribute");
        }
        if let Some(value) = object.get("params") {
            method.params = self.params(value, &what, known.map(|known| known.params.as_slice()));
        }
        let variants = self.variants(&object, &owner.name.text, &mut method.variants);
        Some((self.plain.method(method), variants))
    }

    fn params(&mut self, value: Located, what: &str, known: Option<&[Param]>) -> Vec<Param> {
        let entries = self.list(value, &format!("`params` of {what}"));
        if let Some(known) = known
            && known.len() != entries.len()
        {
            let names: Vec<&str> = known.iter().map(|param| param.name.as_str()).collect();
            let takes = match names.as_slice() {
                [] => "no argument".to_owned(),
                names => format!("`{}`", names.join("`, `")),
            };
            let given = entries.len();
            let arguments = if given == 1 { "argument" } else { "arguments" };
            let message = format!("{what} takes {takes}, not {given} {arguments}");
            self.conflict(value.head(), message, "leave `params` away, or list the same");
            return known.to_vec();
        }
        let mut params: Vec<Param> = Vec::new();
        let mut names: HashSet<String> = HashSet::new();
        for (at, entry) in entries.into_iter().enumerate() {
            let before = known.and_then(|known| known.get(at));
            let Some((param, place)) = self.param(entry, what, before) else { continue };
            if !names.insert(param.name.clone()) {
                let message = format!("two parameters of {what} are called `{}`", excerpt(&param.name));
                self.wrong_entry(place, message, "give one of them another name");
            }
            if !param.optional && params.last().is_some_and(|last| last.optional) {
                let message = format!("`{}` follows a parameter that may be left away", excerpt(&param.name));
                self.wrong_entry(place, message, "put the optional parameters last");
            }
            params.push(param);
        }
        params
    }

    /// Reads a parameter, and the place of its name.
    fn param(&mut self, value: Located, what: &str, known: Option<&Param>) -> Option<(Param, Span)> {
        let object = self.object(value, &format!("a parameter of {what}"), Param::KEYS)?;
        let Some(name) = object.get("name") else {
            let message = format!("a parameter of {what} lacks its `name`");
            self.wrong_entry(object.head, message, "give it a name, as messages are to call it");
            return None;
        };
        let name = self.word(name, "`name`")?;
        if !self.is_name(&name) {
            return None;
        }
        let title = format!("the parameter `{}`", excerpt(&name.text));
        let type_name = self.type_name(&object, "type", &title)?;
        let mut param = known.cloned().unwrap_or(Param {
            name: name.text.clone(),
            type_name,
            optional: false,
            role: Role::Literal,
            values: Arc::from([]),
            open: false,
            minimum: None,
            maximum: None,
        });
        if param.name != name.text {
            let message = format!("this parameter of {what} is called `{}`", param.name);
            let renamed = Repair::from(format!("write `{}`", param.name));
            self.conflict(name.span, message, renamed.by([instead(name.span, &param.name)]));
            return None;
        }
        if !self.same_type(object.place("type"), &title, param.type_name, type_name) {
            return None;
        }
        param.type_name = type_name;
        let is_new = known.is_none();
        if let Some(optional) = self.flag(&object, "optional") {
            self.agreed(is_new, &mut param.optional, optional, object.place("optional"), "optional");
        }
        self.role(&object, &title, is_new, &mut param);
        (param.values, param.open) = self.values(&object, &param.values, param.open);
        self.fit_values(&object, &title, type_name, true);
        self.bounds(&object, &title, is_new, &mut param);
        Some((param, name.span))
    }

    /// The role of an argument. In a file of an organisation it is a literal or
    /// a regular expression.
    fn role(&mut self, object: &Object, title: &str, is_new: bool, param: &mut Param) {
        if object.get("role").is_some()
            && let Some(role) = self.choice::<Role>(object, "role")
        {
            let place = object.place("role");
            self.agreed(is_new, &mut param.role, role, place, "role");
            let ours = self.author == Author::Ours || !is_new;
            if !ours && !matches!(role, Role::Literal | Role::Regex) {
                let help = "leave `role` away, or write `regex` for a regular expression";
                self.wrong_entry(place, "the document cannot answer for an argument of this role", help);
            } else if role != Role::Literal
                && param.type_name != (if role == Role::Time { TypeName::Date } else { TypeName::String })
            {
                let message =
                    format!("{title} is {}, which its `role` does not fit", param.type_name.with_article());
                self.wrong_entry(
                    place,
                    message,
                    "leave `role` away, or give the parameter the type `string`",
                );
            }
        }
    }

    /// The smallest and the largest number that a parameter accepts.
    fn bounds(&mut self, object: &Object, title: &str, is_new: bool, param: &mut Param) {
        let type_name = param.type_name;
        for (key, bound) in [("minimum", &mut param.minimum), ("maximum", &mut param.maximum)] {
            let Some(given) = self.whole_number(object, key) else { continue };
            let place = object.place(key);
            let mut agreed = bound.unwrap_or(given);
            self.agreed(is_new, &mut agreed, given, place, key);
            if !is_new && bound.is_none() {
                self.conflict(place, format!("{title} has no `{key}`"), format!("leave `{key}` away"));
            }
            *bound = Some(agreed);
            if type_name != TypeName::Number {
                let message =
                    format!("`{key}` goes with a number, and {title} is {}", type_name.with_article());
                self.wrong_entry(place, message, format!("leave `{key}` away"));
            }
        }
        if let (Some(minimum), Some(maximum)) = (param.minimum, param.maximum)
            && minimum > maximum
        {
            let message = format!("{title} is at least {minimum} and at most {maximum}, which no number is");
            self.wrong_entry(object.place("minimum"), message, "swap them");
        }
    }

    /// The known values, with those of the file added, and whether other values
    /// are allowed.
    pub(super) fn values(
        &mut self,
        object: &Object,
        known: &Arc<[String]>,
        open: bool,
    ) -> (Arc<[String]>, bool) {
        let given = object.get("values").map(|value| self.words(value, "`values`")).unwrap_or_default();
        let others = self.flag(object, "open").unwrap_or(false);
        if given.is_empty() {
            return (known.clone(), open || others);
        }
        let mut seen: HashSet<&str> = known.iter().map(String::as_str).collect();
        let is_new: Vec<bool> = given.iter().map(|word| seen.insert(&word.text)).collect();
        drop(seen);
        let new = given.into_iter().zip(is_new).filter(|(_, is_new)| *is_new);
        let values: Vec<String> = known.iter().cloned().chain(new.map(|(word, _)| word.text)).collect();
        (values.into(), open || others)
    }

    /// Checks that values fit the type. Only an enum or a string has values.
    /// Those of an enum are closed; those of a string are open, except for an
    /// argument, which the author of the rule writes.
    fn fit_values(&mut self, object: &Object, what: &str, type_name: TypeName, may_be_closed: bool) {
        let open = object.get("open").map(|open| open.kind);
        let values = object.get("values");
        let is_list = values.is_none_or(|values| values.kind == Kind::Array);
        let has_values = values.is_some_and(|values| Entries::of(self.text, values).next().is_some());
        let may_be_open = matches!(open, None | Some(Kind::Boolean(_)));
        match type_name {
            TypeName::Enum if is_list && !has_values => {
                let place = object.place("values");
                self.wrong_entry(place, format!("{what} is an enum without `values`"), "list its values");
            }
            TypeName::Enum if open == Some(Kind::Boolean(true)) => {
                let message = format!("{what} is an enum, and an enum has no other values");
                self.wrong_entry(
                    object.place("open"),
                    message,
                    "leave `open` away, or give it the type `string`",
                );
            }
            TypeName::String
                if has_values && may_be_open && open != Some(Kind::Boolean(true)) && !may_be_closed =>
            {
                let help = "add `\"open\": true`; where no other value can come, it is an `enum`";
                let message = format!("the known values of {what} are not `open`");
                self.wrong_entry(object.place("values"), message, help);
            }
            TypeName::Enum | TypeName::String => {}
            _ => {
                for key in ["values", "open"] {
                    if object.get(key).is_some() {
                        let message = format!(
                            "`{key}` goes with an enum or a string, and {what} is {}",
                            type_name.with_article()
                        );
                        self.wrong_entry(object.place(key), message, format!("leave `{key}` away"));
                    }
                }
            }
        }
    }

    /// The digits after the point of a number, which replace the known ones.
    fn scale(&mut self, object: &Object, what: &str, attribute: &mut Attribute) {
        let Some(given) = self.whole_number(object, "scale") else { return };
        let place = object.place("scale");
        if attribute.type_name != TypeName::Number {
            let message =
                format!("`scale` goes with a number, and {what} is {}", attribute.type_name.with_article());
            self.wrong_entry(place, message, "leave `scale` away");
        }
        match u32::try_from(given) {
            Ok(scale) if scale <= MOST_DIGITS => attribute.scale = Some(scale),
            _ => {
                let message = format!("`scale` is the number of digits after the point, not {given}");
                self.wrong_entry(place, message, "write a whole number from 0 to 28");
            }
        }
    }

    fn unit(&mut self, object: &Object, type_name: TypeName, unit: &mut String) {
        self.replace(object, "unit", unit);
        if object.get("unit").is_some() && type_name != TypeName::Number {
            let message = format!("`unit` goes with a number, and this is {}", type_name.with_article());
            self.wrong_entry(object.place("unit"), message, "leave `unit` away");
        }
    }

    /// Replaces the known line of text, if the file gives one.
    pub(super) fn replace(&mut self, object: &Object, key: &str, known: &mut String) {
        let line = self.line(object, key);
        if !line.is_empty() {
            *known = line;
        }
    }

    /// Adds other spellings of a name; returns those that the file gives.
    pub(super) fn variants(&mut self, object: &Object, name: &str, known: &mut Vec<String>) -> Vec<Span> {
        let given = object.get("variants").map(|value| self.words(value, "`variants`")).unwrap_or_default();
        let mut named = Vec::with_capacity(given.len());
        let mut new = Vec::with_capacity(given.len());
        let mut seen: HashSet<&str> = HashSet::new();
        if !given.is_empty() {
            seen.extend(known.iter().map(String::as_str));
        }
        for word in &given {
            let is_variant = self.is_name(word) && word.text != name;
            if is_variant {
                named.push(word.span);
            }
            new.push(is_variant && seen.insert(&word.text));
        }
        drop(seen);
        let new = given.into_iter().zip(new).filter(|(_, is_new)| *is_new);
        known.extend(new.map(|(word, _)| word.text));
        named
    }

    /// Whether a type equals the known one; reports where it does not.
    pub(super) fn same_type(&mut self, place: Span, what: &str, known: TypeName, given: TypeName) -> bool {
        // Where the type was unknown, a file may give it.
        if known == given || known == TypeName::Unknown {
            return true;
        }
        let message =
            format!("{what} is {}, and cannot become {}", known.with_article(), given.with_article());
        let retyped = Repair::from(format!("write `{}`", known.name()));
        self.conflict(place, message, retyped.by([instead(place, known.name())]));
        false
    }

    /// A part that a file of an organisation may repeat, but neither add nor
    /// change.
    pub(super) fn settle<T: PartialEq>(
        &mut self,
        known: &mut Option<T>,
        given: Option<T>,
        place: Span,
        key: &str,
    ) {
        if self.author == Author::Ours {
            *known = given;
        } else if given.is_some() && *known != given {
            let (message, why) = match known {
                Some(_) => (format!("`{key}` is another one here"), ""),
                None if matches!(key, "each" | "aliasOf") => {
                    (format!("a schema file cannot add `{key}`"), "")
                }
                None => {
                    let why = ": the transaction document carries what is new";
                    (format!("a schema file cannot add `{key}`"), why)
                }
            };
            self.conflict(place, message, format!("leave `{key}` away{why}"));
        }
    }

    /// A part of a parameter: any value if the parameter is new, else it must
    /// equal the known one.
    fn agreed<T: PartialEq>(&mut self, is_new: bool, known: &mut T, given: T, place: Span, key: &str) {
        if is_new || *known == given {
            *known = given;
        } else {
            self.conflict(
                place,
                format!("`{key}` is another one for this parameter"),
                format!("leave `{key}` away"),
            );
        }
    }
}
