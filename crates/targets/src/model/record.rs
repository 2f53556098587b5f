//! Objects of payloads as types that lose nothing.

use crate::json::{Node, ReadJson, ShapeFault};

/// What a field of a record holds.
pub(crate) trait Field: Sized {
    type Inner;

    /// Reads the value of the field; `None` for a `null` that is kept aside.
    fn read(value: Node<'_>) -> Result<Option<Self::Inner>, ShapeFault>;

    /// What the record holds in the end.
    fn settle(read: Option<Self::Inner>, record: Node<'_>, key: &'static str) -> Result<Self, ShapeFault>;

    fn inner(&self) -> Option<&Self::Inner>;
}

impl<T: ReadJson> Field for Option<T> {
    type Inner = T;

    fn read(value: Node<'_>) -> Result<Option<T>, ShapeFault> {
        if value.kind() == target_rules::json::Kind::Null { Ok(None) } else { T::read(value).map(Some) }
    }

    fn settle(read: Option<T>, _: Node<'_>, _: &'static str) -> Result<Option<T>, ShapeFault> {
        Ok(read)
    }

    fn inner(&self) -> Option<&T> {
        self.as_ref()
    }
}

macro_rules! required {
    ($($type:ty $(where $parameter:ident: $bound:path)?;)*) => {$(
        impl $(<$parameter: $bound>)? Field for $type {
            type Inner = $type;

            fn read(value: Node<'_>) -> Result<Option<$type>, ShapeFault> {
                ReadJson::read(value).map(Some)
            }

            fn settle(
                read: Option<$type>,
                record: Node<'_>,
                key: &'static str,
            ) -> Result<$type, ShapeFault> {
                read.ok_or_else(|| ShapeFault::missing(record, key))
            }

            fn inner(&self) -> Option<&$type> {
                Some(self)
            }
        }
    )*};
}

required! {
    i64;
    String;
    Vec<T> where T: ReadJson;
    super::written::Word<K> where K: super::written::Vocabulary;
}

/// Defines an object of a payload: its fields, each with the key that it
/// stands under. Fields of other names, and which fields are written as
/// `null`, are kept in `other` and written back.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident, $what:literal {
            $( $(#[$field_meta:meta])* $field:ident $key:literal: $type:ty, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $visibility struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
            /// Whatever else it says, as it is written.
            pub other: $crate::model::written::Unlisted,
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                use $crate::model::record::Field;
                let mut map = serializer.serialize_map(None)?;
                $( if let Some(value) = Field::inner(&self.$field) {
                    map.serialize_entry($key, value)?;
                } )*
                self.other.write(&mut map, |key| match key {
                    $( $key => Field::inner(&self.$field).is_some(), )*
                    _ => false,
                })?;
                map.end()
            }
        }

        impl $crate::json::ReadJson for $name {
            fn read(record: $crate::json::Node<'_>) -> Result<$name, $crate::json::ShapeFault> {
                if record.kind() != target_rules::json::Kind::Object {
                    return Err($crate::json::ShapeFault::of_type(record, $what));
                }
                $name::of_members(record, record.members(), &mut Err)
            }
        }

        impl $name {
            /// The keys that it knows, in the order in which they are written.
            #[allow(dead_code, unreachable_pub, reason = "some records are not public, nor asked for their keys")]
            pub const KEYS: &'static [&'static str] = &[$($key),*];

            /// Reads the record from some members of an object. `refuse` says
            /// whether a member of another shape fails the record; else it is
            /// as if it were not there.
            pub(crate) fn of_members<'d>(
                record: $crate::json::Node<'d>,
                members: impl Iterator<Item = $crate::json::Node<'d>>,
                refuse: &mut dyn FnMut(
                    $crate::json::ShapeFault,
                ) -> Result<(), $crate::json::ShapeFault>,
            ) -> Result<$name, $crate::json::ShapeFault> {
                use $crate::json::ShapeFault;
                use $crate::model::record::Field;
                $( let mut $field: Option<<$type as Field>::Inner> = None; )*
                let mut other = $crate::model::written::Unlisted::default();
                for member in members {
                    let key = member.key();
                    match key.as_ref() {
                        $( $key => {
                            if $field.is_some() || other.contains($key) {
                                refuse(ShapeFault::duplicate(member))?;
                                continue;
                            }
                            match <$type as Field>::read(member) {
                                Ok(None) => other.keep(key.into_owned(), member),
                                Ok(read) => $field = read,
                                Err(fault) => {
                                    let step = target_rules::json::PathSegment::Key(key.into_owned());
                                    refuse(fault.within(step))?;
                                }
                            }
                        } )*
                        unlisted if other.contains(unlisted) => refuse(ShapeFault::duplicate(member))?,
                        _ => other.keep(key.into_owned(), member),
                    }
                }
                Ok($name { $( $field: Field::settle($field, record, $key)?, )* other })
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                $crate::json::from_serde(deserializer)
            }
        }
    };
}

pub(crate) use record;
