//! One field of a form.

use toolbox::definition::{Choice, Presence, Secrecy, Standing};
use toolbox::{Action, Field, Kind, describe};

use super::Frame;

/// A field as a form shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldView<'a> {
    frame: Frame<'a>,
    action: &'static Action,
    field: &'static Field,
}

impl<'a> FieldView<'a> {
    pub(super) fn new(frame: Frame<'a>, action: &'static Action, field: &'static Field) -> Self {
        Self { frame, action, field }
    }

    pub(super) fn id(&self) -> String {
        let action = if self.action.name.is_empty() { "only" } else { self.action.name };
        format!("{action}-{}", self.field.name)
    }

    pub(super) fn name(&self) -> &'static str {
        self.field.name
    }

    pub(super) fn label(&self) -> &'static str {
        self.field.label
    }

    /// Nothing where it would only say the label again.
    pub(super) fn help(&self) -> &'static str {
        let help = self.field.help;
        let again = help.strip_prefix("The ").or(help.strip_prefix("A "));
        if again.is_some_and(|rest| rest.eq_ignore_ascii_case(self.field.label)) { "" } else { help }
    }

    pub(super) fn example(&self) -> &'static str {
        self.field.example
    }

    pub(super) fn kind(&self) -> &'static str {
        describe::kind(self.field.kind)
    }

    pub(super) fn is_required(&self) -> bool {
        matches!(self.field.presence, Presence::Required | Presence::StandardInput)
    }

    /// Another time than now, and by how much clocks may differ: who needs them knows.
    pub(super) fn is_rarely_needed(&self) -> bool {
        matches!(self.field.kind, Kind::Time) || ["leeway", "tolerance"].contains(&self.field.name)
    }

    pub(super) fn is_secret(&self) -> bool {
        self.field.secrecy == Secrecy::Secret
    }

    pub(super) fn is_private(&self) -> bool {
        self.field.secrecy == Secrecy::Private
    }

    /// Whether it may be fed piece by piece. Such a field may be empty; one that may be left out would then seem given.
    pub(super) fn is_streamed(&self) -> bool {
        self.is_required() && self.action.streamed().is_some_and(|field| field.name == self.field.name)
    }

    pub(super) fn default(&self) -> &'static str {
        match self.field.presence {
            Presence::Default(value) => value,
            _ => "",
        }
    }

    pub(super) fn choices(&self) -> &'static [Choice] {
        match self.field.kind {
            Kind::Choice(choices) => choices,
            _ => &[],
        }
    }

    /// A choice that may be left out begins with nothing.
    pub(super) fn may_be_nothing(&self) -> bool {
        self.field.presence == Presence::Optional
    }

    pub(super) fn is_legacy(&self, choice: &Choice) -> bool {
        choice.standing == Standing::Legacy
    }

    pub(super) fn is_default(&self, choice: &Choice) -> bool {
        choice.value == self.default()
    }

    pub(super) fn bounds(&self) -> (u64, u64) {
        match self.field.kind {
            Kind::Number(least, most) => (least, most),
            _ => (0, u64::MAX),
        }
    }

    /// How the field is shown.
    pub(super) fn shape(&self) -> Shape {
        match self.field.kind {
            Kind::Flag => Shape::Flag,
            Kind::Choice(_) => Shape::Choice,
            Kind::Number(..) => Shape::Number,
            Kind::Bytes { .. } => Shape::Bytes,
            Kind::Lines | Kind::Repeated | Kind::Json => Shape::Lines,
            Kind::Key | Kind::Source => Shape::Document,
            Kind::Text | Kind::Address | Kind::Duration | Kind::Time => Shape::Line,
        }
    }

    /// The page's language: what a definition says is English.
    pub(super) fn language(&self) -> &'static str {
        self.frame.locale().tag()
    }

    pub(super) fn say(&self, key: &str) -> String {
        self.frame.say(key)
    }
}

/// How a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A box to tick.
    Flag,
    /// A list to choose from.
    Choice,
    /// A number.
    Number,
    /// Text with an encoding, or a file.
    Bytes,
    /// Several lines.
    Lines,
    /// Several lines, or a file that holds them.
    Document,
    /// One line.
    Line,
}
