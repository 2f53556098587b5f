//! Objects of payloads as serde types that lose nothing.
//!
//! serde's own `flatten` would keep unknown fields too, but reads them through
//! a buffer in which numbers are `f64`.

use serde::Deserialize;
use serde::de::{Error, MapAccess};

/// What a field of a record holds.
pub(crate) trait Member: Sized {
    type Inner;

    /// Reads the value of the field; `None` for a `null` that is kept aside.
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Self::Inner>, A::Error>
    where
        Self::Inner: Deserialize<'de>;

    /// What the record holds in the end.
    fn settle<E: Error>(read: Option<Self::Inner>, key: &'static str) -> Result<Self, E>;

    fn inner(&self) -> Option<&Self::Inner>;
}

impl<T> Member for Option<T> {
    type Inner = T;

    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<T>, A::Error>
    where
        T: Deserialize<'de>,
    {
        map.next_value()
    }

    fn settle<E: Error>(read: Option<T>, _: &'static str) -> Result<Option<T>, E> {
        Ok(read)
    }

    fn inner(&self) -> Option<&T> {
        self.as_ref()
    }
}

macro_rules! required {
    ($($type:ty $(where $parameter:ident)?;)*) => {$(
        impl $(<$parameter>)? Member for $type {
            type Inner = $type;

            fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<$type>, A::Error>
            where
                $type: Deserialize<'de>,
            {
                map.next_value().map(Some)
            }

            fn settle<E: Error>(read: Option<$type>, key: &'static str) -> Result<$type, E> {
                read.ok_or_else(|| E::missing_field(key))
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
    Vec<T> where T;
    super::written::Word<K> where K;
}

/// Defines an object of a payload: its fields, each with the key that it
/// stands under. Fields of other names, and which fields are written as
/// `null`, are kept in `other` and written back.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident, $what:literal {
            $( $(#[$field_meta:meta])* $field:ident $key:literal: $type:ty, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
            /// Whatever else it says, as it is written.
            pub other: $crate::model::written::Unlisted,
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                use $crate::model::record::Member;
                let mut map = serializer.serialize_map(None)?;
                $( if let Some(value) = Member::inner(&self.$field) {
                    map.serialize_entry($key, value)?;
                } )*
                self.other.write(&mut map, |key| match key {
                    $( $key => Member::inner(&self.$field).is_some(), )*
                    _ => false,
                })?;
                map.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                struct Fields;

                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str($what)
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        use serde::de::Error;
                        use $crate::model::record::Member;
                        $( let mut $field: Option<<$type as Member>::Inner> = None; )*
                        let mut other = $crate::model::written::Unlisted::default();
                        while let Some(key) = map.next_key::<String>()? {
                            match key.as_str() {
                                $( $key => {
                                    if $field.is_some() || other.contains($key) {
                                        return Err(A::Error::duplicate_field($key));
                                    }
                                    $field = <$type as Member>::read(&mut map)?;
                                    if $field.is_none() {
                                        other.null(key);
                                    }
                                } )*
                                _ => other.read(key, &mut map)?,
                            }
                        }
                        Ok($name { $( $field: Member::settle($field, $key)?, )* other })
                    }
                }

                deserializer.deserialize_map(Fields)
            }
        }
    };
}

pub(crate) use record;
