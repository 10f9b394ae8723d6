//! What a tool is: its names, its fields and its work, as plain data.

use crate::encoding::Encoding;
use crate::input::Input;
use crate::need::Halt;
use crate::output::Output;
use crate::run::{Env, Stream};

/// A tool: a command of the binary and a page.
#[derive(Debug)]
pub struct Tool {
    /// The command and the last part of the page's path.
    pub name: &'static str,
    /// The page's heading.
    pub title: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// What can be done with it. One whose only action has no name is a command without sub-commands.
    pub actions: &'static [Action],
}

/// One thing that a tool does: a sub-command and a tab of the page.
#[derive(Debug)]
pub struct Action {
    /// The sub-command; empty where the tool has no other action.
    pub name: &'static str,
    /// The tab's name and the button's.
    pub title: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// A command that can be typed as it stands.
    pub example: &'static str,
    /// What it takes.
    pub fields: &'static [Field],
    /// What of its output a terminal sees.
    pub prints: Prints,
    /// How it is done.
    pub work: Work,
}

/// What of an output is printed on the command line, without `--json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prints {
    /// [`Output::value`] alone, so that it can be used further; notes go to standard error.
    Value,
    /// The same, byte for byte, without a line end behind it.
    Bytes,
    /// The blocks and notes, for a person.
    Report,
}

/// An action that is done by one call.
pub type Once = fn(&Env<'_>, &Input) -> Result<Output, Halt>;

/// What makes the stream of an action.
pub type Begin = fn(&Env<'_>, &Input) -> Result<Box<dyn Stream>, Halt>;

/// How an action is done.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// By one call.
    Once(Once),
    /// By a stream that takes in the field of this name piece by piece.
    Stream {
        /// The field.
        field: &'static str,
        /// Makes the stream.
        begin: Begin,
    },
}

/// One thing that an action takes.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The option without its dashes, and the member of the JSON input.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// The label of the form.
    pub label: &'static str,
    /// What it is for, in one sentence without a full stop.
    pub help: &'static str,
    /// Whether it must be there.
    pub presence: Presence,
    /// How often it may be given.
    pub count: Count,
    /// Where it stands on the command line.
    pub place: Place,
    /// Whether a form hides what is typed and nothing keeps it.
    pub secrecy: Secrecy,
    /// What a form shows while it is empty.
    pub example: &'static str,
}

/// What a field takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A line of text.
    Text,
    /// Lines of text, such as a token or a request; `-` is standard input.
    Lines,
    /// An address on the network that is fetched. Pages, which request nothing, leave it out.
    Address,
    /// Any number of lines of text, each given by one more option.
    Repeated,
    /// Bytes, as text or encoded, or a file. `file` is the option that names the file.
    Bytes {
        /// The option for a file.
        file: &'static str,
    },
    /// A key: PEM, JWK, JWK set or certificate; on the command line a file.
    Key,
    /// A document as text; on the command line a URL or a file.
    Source,
    /// A JSON object; on the command line also a file.
    Json,
    /// One of several.
    Choice(&'static [Choice]),
    /// Yes or no.
    Flag,
    /// A whole number between these.
    Number(u64, u64),
    /// A span such as `5m`.
    Duration,
    /// A moment: RFC 3339, or seconds since 1970.
    Time,
}

/// One of several values.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The value.
    pub value: &'static str,
    /// What a form shows.
    pub label: &'static str,
    /// Whether it is there only for what exists already.
    pub standing: Standing,
}

/// Whether something should still be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Yes.
    Current,
    /// Only to deal with what is there.
    Legacy,
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It may be left out.
    Optional,
    /// It must be there.
    Required,
    /// On the command line it comes from standard input if nothing else says it; elsewhere it must be there.
    StandardInput,
    /// Left out, it is this.
    Default(&'static str),
}

/// How often a field may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Once.
    Once,
    /// Any number of times, each by one more option.
    Often,
}

/// Where a field stands on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind its option.
    Option,
    /// By its place among the arguments.
    Argument,
}

/// Whether what is in a field must stay hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// No.
    Open,
    /// A form shows it, and no link carries it.
    Private,
    /// Yes.
    Secret,
}

/// One option of the command line that gives a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The option without dashes.
    pub option: String,
    /// How its value is taken.
    pub form: Form,
}

/// How an option's value is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it stands.
    Text,
    /// Encoded.
    Encoded(Encoding),
    /// The name of a file; `-` is standard input.
    File,
    /// The name of a file or a URL.
    Source,
    /// JSON, or the name of a file.
    Json,
    /// There is none.
    Flag,
}

impl Tool {
    /// The action of this name.
    pub fn action(&self, name: &str) -> Option<&'static Action> {
        self.actions.iter().find(|action| action.name == name)
    }
}

impl Action {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether it can be done without the network: nothing that it must have is an address.
    pub fn works_offline(&self) -> bool {
        let needed = |field: &Field| matches!(field.presence, Presence::Required | Presence::StandardInput);
        !self.fields.iter().any(|field| matches!(field.kind, Kind::Address) && needed(field))
    }

    /// The field that may come piece by piece.
    pub fn streamed(&self) -> Option<&'static Field> {
        match self.work {
            Work::Stream { field, .. } => self.field(field),
            Work::Once(_) => None,
        }
    }
}

impl Field {
    /// An optional field behind an option.
    pub const fn new(name: &'static str, kind: Kind, label: &'static str, help: &'static str) -> Self {
        Self {
            name,
            kind,
            label,
            help,
            presence: Presence::Optional,
            count: if matches!(kind, Kind::Repeated) { Count::Often } else { Count::Once },
            place: Place::Option,
            secrecy: Secrecy::Open,
            example: "",
        }
    }

    /// It must be there.
    pub const fn required(mut self) -> Self {
        self.presence = Presence::Required;
        self
    }

    /// Standard input stands in for it.
    pub const fn or_stdin(mut self) -> Self {
        self.presence = Presence::StandardInput;
        self
    }

    /// What it is when it is left out.
    pub const fn default(mut self, value: &'static str) -> Self {
        self.presence = Presence::Default(value);
        self
    }

    /// It may be given again.
    pub const fn often(mut self) -> Self {
        self.count = Count::Often;
        self
    }

    /// It stands by its place.
    pub const fn argument(mut self) -> Self {
        self.place = Place::Argument;
        self
    }

    /// It is shown, and goes nowhere.
    pub const fn private(mut self) -> Self {
        self.secrecy = Secrecy::Private;
        self
    }

    /// It is a secret.
    pub const fn secret(mut self) -> Self {
        self.secrecy = Secrecy::Secret;
        self
    }

    /// What a form shows while it is empty.
    pub const fn example(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    /// The options that give it, the plainest first.
    pub fn spellings(&self) -> Vec<Spelling> {
        let one = |form| vec![Spelling { option: self.name.into(), form }];
        match self.kind {
            Kind::Bytes { file } => {
                let encoded = |encoding: Encoding| Spelling {
                    option: format!("{}-{}", self.name, encoding.as_str()),
                    form: Form::Encoded(encoding),
                };
                let mut all = one(Form::Text);
                all.extend([encoded(Encoding::Hex), encoded(Encoding::Base64)]);
                all.push(Spelling { option: file.into(), form: Form::File });
                all
            }
            Kind::Key => one(Form::File),
            Kind::Source => one(Form::Source),
            Kind::Json => one(Form::Json),
            Kind::Flag => one(Form::Flag),
            _ => one(Form::Text),
        }
    }
}

impl Choice {
    /// One that may be chosen.
    pub const fn new(value: &'static str, label: &'static str) -> Self {
        Self { value, label, standing: Standing::Current }
    }

    /// One that is there for what exists already.
    pub const fn legacy(value: &'static str, label: &'static str) -> Self {
        Self { value, label, standing: Standing::Legacy }
    }
}
