//! How values of the contract are written as scalars, and read back whatever a newer app wrote.

use automerge::ScalarValue;
use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;
use serde::de::DeserializeOwned;
use trellis_api_types::checkin::{Halt, Medication, Mood, Use};
use trellis_api_types::circle::MonthWeek;
use trellis_api_types::coach::{ContactRole, Outcome, SupervisionKind};
use trellis_api_types::plan::{Dimension, GoalState, StepState};
use trellis_api_types::safety::{SafetyKind, SafetyPart};
use trellis_api_types::settings::{Aim, Pathway};

/// A value that is one scalar.
pub trait Field: Sized + PartialEq {
    /// None where the scalar is nothing this version knows.
    fn read(scalar: &ScalarValue) -> Option<Self>;
    /// As it is stored.
    fn write(&self) -> ScalarValue;
}

impl Field for String {
    fn read(scalar: &ScalarValue) -> Option<Self> {
        scalar.as_str().map(str::to_owned)
    }

    fn write(&self) -> ScalarValue {
        self.as_str().into()
    }
}

impl Field for bool {
    fn read(scalar: &ScalarValue) -> Option<Self> {
        scalar.as_bool()
    }

    fn write(&self) -> ScalarValue {
        ScalarValue::Boolean(*self)
    }
}

impl Field for i64 {
    fn read(scalar: &ScalarValue) -> Option<Self> {
        scalar.as_i64()
    }

    fn write(&self) -> ScalarValue {
        ScalarValue::Int(*self)
    }
}

/// Small numbers.
macro_rules! small {
    ($($kind:ty),*) => {$(
        impl Field for $kind {
            fn read(scalar: &ScalarValue) -> Option<Self> {
                scalar.as_i64()?.try_into().ok()
            }

            fn write(&self) -> ScalarValue {
                ScalarValue::Int((*self).into())
            }
        }
    )*};
}
small!(u8, u32);

impl<T: Field> Field for Option<T> {
    fn read(scalar: &ScalarValue) -> Option<Self> {
        if scalar.is_null() { Some(None) } else { T::read(scalar).map(Some) }
    }

    fn write(&self) -> ScalarValue {
        self.as_ref().map_or(ScalarValue::Null, Field::write)
    }
}

/// Dates, times and choices are stored by their name in the contract.
macro_rules! named {
    ($($kind:ty),*) => {$(
        impl Field for $kind {
            fn read(scalar: &ScalarValue) -> Option<Self> {
                serde_json::from_value(scalar.as_str()?.into()).ok()
            }

            fn write(&self) -> ScalarValue {
                match serde_json::to_value(self) {
                    Ok(serde_json::Value::String(name)) => name.into(),
                    _ => ScalarValue::Null,
                }
            }
        }
    )*};
}
named!(
    NaiveDate,
    NaiveTime,
    Mood,
    Use,
    Medication,
    Dimension,
    GoalState,
    StepState,
    SafetyKind,
    SafetyPart,
    Pathway,
    Outcome,
    ContactRole,
    SupervisionKind,
    MonthWeek
);

/// A short list is one scalar, as JSON; what this version does not know in it reads as an empty list.
impl Field for Vec<String> {
    fn read(scalar: &ScalarValue) -> Option<Self> {
        from_json(scalar)
    }

    fn write(&self) -> ScalarValue {
        to_json(self)
    }
}

impl Field for Vec<Aim> {
    fn read(scalar: &ScalarValue) -> Option<Self> {
        from_json(scalar)
    }

    fn write(&self) -> ScalarValue {
        to_json(self)
    }
}

impl Field for Vec<Halt> {
    fn read(scalar: &ScalarValue) -> Option<Self> {
        from_json(scalar)
    }

    fn write(&self) -> ScalarValue {
        to_json(self)
    }
}

fn from_json<T: DeserializeOwned>(scalar: &ScalarValue) -> Option<T> {
    serde_json::from_str(scalar.as_str()?).ok()
}

fn to_json<T: Serialize>(value: &T) -> ScalarValue {
    serde_json::to_string(value).map_or(ScalarValue::Null, Into::into)
}
