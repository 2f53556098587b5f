//! A schema as a table for people, one section for each profile.

use std::borrow::Cow;
use std::fmt::{Display, Formatter, Result};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::diagnostic::visible;

use super::model::{Attribute, Method, Param, Profile, TypeName};
use super::{Definitions, Schema};

/// The most values of a list that are shown; the serialised schema has them
/// all.
const MOST_VALUES: usize = 40;

/// The widest name or unit that is shown whole: each row of a table is as wide as
/// its widest. The serialised schema has all of it.
const WIDEST: usize = 120;

/// What is left of one that is wider, before the sign that it goes on.
const BEFORE_DOTS: usize = WIDEST - 1;

/// One part of the table.
struct Section {
    title: String,
    /// Lines below the title.
    notes: Vec<String>,
    /// Groups of aligned rows, each with the heading of its names.
    groups: Vec<(&'static str, Vec<TableRow>)>,
}

struct TableRow {
    name: String,
    type_name: &'static str,
    unit: String,
    meaning: String,
    /// Known values, what the schema says of digits and changes, and other
    /// spellings.
    notes: Vec<String>,
}

impl Definitions {
    fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> =
            self.profiles.iter().map(|(name, profile)| Section::of_profile(name, profile)).collect();
        for (event, fields) in &self.events {
            let rows = fields.iter().map(|(name, field)| TableRow::of_attribute("currentEvent", name, field));
            sections.push(Section {
                title: format!("Event {event}"),
                notes: Vec::new(),
                groups: vec![("attribute", rows.collect())],
            });
        }
        if !self.inventory.is_empty() {
            let rows = self.inventory.iter().map(|(name, known)| TableRow {
                name: name.clone(),
                type_name: "string",
                unit: String::new(),
                meaning: String::new(),
                notes: values_note(&known.values, known.open).into_iter().collect(),
            });
            let groups = vec![("item attribute", rows.collect())];
            sections.push(Section {
                title: "Attributes of line items".to_owned(),
                notes: Vec::new(),
                groups,
            });
        }
        for (type_name, methods) in &self.values {
            let rows = methods.iter().map(|(name, method)| TableRow::of_method("", name, method));
            let (title, notes) = (format!("What a value of type {} offers", type_name.name()), Vec::new());
            sections.push(Section { title, notes, groups: vec![("method", rows.collect())] });
        }
        if !self.activities.is_empty() {
            let notes =
                self.activities.iter().map(|(name, profiles)| format!("{name}: {}", profiles.join(", ")));
            let title = "Activities and the profiles that their transactions carry".to_owned();
            sections.push(Section { title, notes: notes.collect(), groups: Vec::new() });
        }
        sections
    }
}

impl Section {
    fn of_profile(name: &str, profile: &Profile) -> Section {
        let mut attributes: Vec<TableRow> = profile
            .attributes
            .iter()
            .map(|(own, attribute)| TableRow::of_attribute(name, own, attribute))
            .collect();
        attributes.extend(profile.fields.iter().map(|fields| TableRow {
            name: format!("{name}.{}...", fields.prefix),
            type_name: type_of(fields.type_name),
            unit: String::new(),
            meaning: fields.meaning.clone(),
            notes: Vec::new(),
        }));
        let methods =
            profile.methods.iter().map(|(own, method)| TableRow::of_method(name, own, method)).collect();
        let mut notes: Vec<String> = vec![profile.meaning.clone()];
        notes.extend(spellings_note(&profile.variants));
        notes.retain(|note| !note.is_empty());
        let mut groups = vec![("attribute", attributes), ("method", methods)];
        groups.retain(|(_, rows)| !rows.is_empty());
        Section { title: name.to_owned(), notes, groups }
    }
}

impl TableRow {
    fn of_attribute(profile: &str, name: &str, attribute: &Attribute) -> TableRow {
        TableRow {
            name: format!("{profile}.{name}"),
            type_name: type_of(attribute.type_name),
            unit: attribute.unit.clone(),
            meaning: attribute.meaning.clone(),
            notes: values_note(&attribute.values, attribute.open)
                .into_iter()
                .chain(attribute.scale.map(scale_note))
                .chain(attribute.can_change.map(change_note))
                .chain(spellings_note(&attribute.variants))
                .collect(),
        }
    }

    fn of_method(profile: &str, name: &str, method: &Method) -> TableRow {
        // As rules write it: text in quotes, everything else without.
        let param = |param: &Param| {
            let quotes = if matches!(param.type_name, TypeName::String | TypeName::Enum) { "\"" } else { "" };
            let optional = if param.optional { "?" } else { "" };
            format!("{quotes}{}{quotes}{optional}", param.name)
        };
        let params: Vec<String> = method.params.iter().map(param).collect();
        let of_params = method
            .params
            .iter()
            .filter_map(|param| Some(format!("{}: {}", param.name, values_note(&param.values, param.open)?)));
        TableRow {
            name: format!("{profile}.{name}({})", params.join(", ")),
            type_name: type_of(method.returns),
            unit: method.unit.clone(),
            meaning: method.meaning.clone(),
            notes: values_note(&method.values, method.open)
                .into_iter()
                .chain(of_params)
                .chain(spellings_note(&method.variants))
                .collect(),
        }
    }

    fn cells(&self) -> [&str; 3] {
        [&self.name, self.type_name, &self.unit]
    }
}

fn type_of(name: TypeName) -> &'static str {
    match name {
        TypeName::Unknown => "by its use",
        known => known.name(),
    }
}

fn values_note(values: &[String], open: bool) -> Option<String> {
    if values.is_empty() {
        return None;
    }
    let open = if open { ", among others" } else { "" };
    Some(format!("one of {}{open}", listed(values)))
}

/// The first of a list, and how many more there are.
fn listed(texts: &[String]) -> String {
    let shown: Vec<&str> = texts.iter().take(MOST_VALUES).map(String::as_str).collect();
    let rest = texts.get(MOST_VALUES..).map_or(0, <[_]>::len);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}

fn scale_note(scale: u32) -> String {
    match scale {
        0 => "a whole number".to_owned(),
        1 => "1 digit after the point".to_owned(),
        more => format!("{more} digits after the point"),
    }
}

fn change_note(can_change: bool) -> String {
    let can = if can_change { "can" } else { "can't" };
    format!("a customer {can} bring about another value")
}

fn spellings_note(variants: &[String]) -> Option<String> {
    (!variants.is_empty()).then(|| format!("also written {}", listed(variants)))
}

/// The table: one section for each profile, attributes before methods, each
/// with type, unit and meaning; then the methods of values, and the activities.
impl Display for Schema {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        for (at, section) in self.definitions.sections().iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            writeln!(out, "{}", visible(&section.title))?;
            for note in &section.notes {
                writeln!(out, "  {}", visible(note))?;
            }
            for (what, rows) in &section.groups {
                writeln!(out)?;
                write_rows(out, what, rows)?;
            }
        }
        Ok(())
    }
}

fn write_rows(out: &mut Formatter<'_>, what: &str, rows: &[TableRow]) -> Result {
    let headings = [what, "type", "unit"];
    let mut widths = headings.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row.cells()) {
            *width = (*width).max(visible(cell).width().min(WIDEST));
        }
    }
    let line = |cells: [&str; 3], meaning: &str| -> String {
        let mut line = String::new();
        for (cell, width) in cells.into_iter().zip(widths) {
            line.push_str("  ");
            let cell = visible(cell);
            let cell = within_width(&cell);
            line.push_str(&cell);
            if let Some(gap) = width.checked_sub(cell.width()) {
                line.push_str(&" ".repeat(gap));
            }
        }
        line.push_str("  ");
        line.push_str(meaning);
        visible(line.trim_end())
    };
    writeln!(out, "{}", line(headings, "meaning"))?;
    for row in rows {
        writeln!(out, "{}", line(row.cells(), &row.meaning))?;
        for note in &row.notes {
            writeln!(out, "{}", line(["", "", ""], note))?;
        }
    }
    Ok(())
}

/// The beginning of a text that is wider than a cell.
fn within_width(text: &str) -> Cow<'_, str> {
    if text.width() <= WIDEST {
        return Cow::Borrowed(text);
    }
    let mut left = BEFORE_DOTS;
    let fits = |character: &char| {
        let rest = left.checked_sub(character.width().unwrap_or_default());
        rest.inspect(|rest| left = *rest).is_some()
    };
    // Some characters have no width.
    let mut start: String = text.chars().take(WIDEST).take_while(fits).collect();
    start.push('…');
    Cow::Owned(start)
}

#[cfg(test)]
impl Schema {
    /// The same table, as a page of the documentation.
    pub(super) fn page(&self) -> String {
        let escaped = |cell: &str| {
            let mut escaped = String::new();
            for character in cell.chars() {
                if "|<>[]_*".contains(character) {
                    escaped.push('\\');
                }
                escaped.push(character);
            }
            escaped
        };
        let mut page = String::new();
        for section in self.definitions.sections() {
            page.push_str(&format!("\n# {}\n", section.title));
            for note in &section.notes {
                page.push_str(&format!("\n{}\n", escaped(note)));
            }
            for (what, rows) in &section.groups {
                page.push_str(&format!("\n| {what} | type | unit | meaning |\n|---|---|---|---|\n"));
                for row in rows {
                    let notes: String =
                        row.notes.iter().map(|note| format!("<br>{}", escaped(note))).collect();
                    let [name, type_name, unit] = row.cells();
                    let meaning = escaped(&row.meaning);
                    page.push_str(&format!("| `{name}` | {type_name} | {unit} | {meaning}{notes} |\n"));
                }
            }
        }
        page
    }
}
