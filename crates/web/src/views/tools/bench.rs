//! What stands on a page: the forms of one tool, or those of several that serve one purpose.

use toolbox::{Action, Kind, TOOLS, Tool};

use super::{FieldView, Frame};

/// A page's name, its texts and its forms.
#[derive(Clone, Debug)]
pub(crate) struct Bench {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) summary: &'static str,
    pub(super) panels: Vec<Panel>,
}

/// The form of an action.
#[derive(Clone, Debug)]
pub(super) struct Panel {
    pub(super) tool: &'static str,
    pub(super) action: &'static Action,
    pub(super) title: &'static str,
    pub(super) summary: &'static str,
    open: &'static [&'static str],
    folded: &'static [&'static str],
}

/// An action among others of a page.
struct Part {
    tool: &'static str,
    action: &'static str,
    title: &'static str,
    summary: &'static str,
    /// The fields that stand open, in their order on the page.
    open: &'static [&'static str],
    /// The fields that are folded away; all others are left out.
    folded: &'static [&'static str],
}

impl Bench {
    /// The page of this name, if there is one.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if name == DEBUGGER {
            return Some(debugger());
        }
        TOOLS.iter().find(|tool| tool.name == name).map(|tool| Self::of(tool))
    }

    /// A page for each purpose, and for each tool whose work is done there too.
    pub(crate) fn all() -> (Vec<Self>, Vec<Self>) {
        let (parts, whole): (Vec<&Tool>, Vec<&Tool>) =
            TOOLS.iter().partition(|tool| IN_THE_DEBUGGER.contains(&tool.name));
        let of = |tools: Vec<&'static Tool>| tools.into_iter().map(Self::of);
        (std::iter::once(debugger()).chain(of(whole)).collect(), of(parts).collect())
    }

    /// The names of all pages.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        std::iter::once(DEBUGGER).chain(TOOLS.iter().map(|tool| tool.name))
    }

    fn of(tool: &'static Tool) -> Self {
        // A page requests nothing.
        let actions = tool.actions.iter().filter(|action| action.works_offline());
        let panel = |action: &'static Action| Panel {
            tool: tool.name,
            action,
            title: action.title,
            summary: action.summary,
            open: &[],
            folded: &[],
        };
        Self { name: tool.name, title: tool.title, summary: tool.summary, panels: actions.map(panel).collect() }
    }
}

impl Panel {
    /// What stands open.
    pub(super) fn open<'a>(&self, frame: Frame<'a>) -> Vec<FieldView<'a>> {
        if self.open.is_empty() {
            return self.all(frame).filter(|field| !field.is_rarely_needed()).collect();
        }
        self.picked(frame, self.open)
    }

    /// What is folded away.
    pub(super) fn folded<'a>(&self, frame: Frame<'a>) -> Vec<FieldView<'a>> {
        if self.open.is_empty() {
            return self.all(frame).filter(FieldView::is_rarely_needed).collect();
        }
        self.picked(frame, self.folded)
    }

    /// Whether a result may be made anew at each keystroke; the others wait for their button.
    pub(super) fn is_live(&self) -> bool {
        !SLOW.contains(&(self.tool, self.action.name))
    }

    fn all<'a>(&self, frame: Frame<'a>) -> impl Iterator<Item = FieldView<'a>> {
        let action = self.action;
        let offline = action.fields.iter().filter(|field| !matches!(field.kind, Kind::Address));
        offline.map(move |field| FieldView::new(frame, action, field))
    }

    fn picked<'a>(&self, frame: Frame<'a>, names: &[&str]) -> Vec<FieldView<'a>> {
        let view = |name: &&str| self.action.field(name).map(|field| FieldView::new(frame, self.action, field));
        names.iter().filter_map(view).collect()
    }
}

fn debugger() -> Bench {
    let panel = |part: &Part| {
        let action = toolbox::find(part.tool, part.action)?;
        Some(Panel {
            tool: part.tool,
            action,
            title: part.title,
            summary: part.summary,
            open: part.open,
            folded: part.folded,
        })
    };
    Bench {
        name: DEBUGGER,
        title: "JWT and JWE debugger",
        summary: "Takes whatever you paste: reads tokens and explains them, verifies, opens what is encrypted, signs again",
        panels: PARTS.iter().filter_map(panel).collect(),
    }
}

const DEBUGGER: &str = "token";

const PARTS: &[Part] = &[
    Part {
        tool: "jwt",
        action: "verify",
        title: "Read and verify",
        summary: "Token, key, set, certificate or header: it is seen for what it is. A key verifies or opens it",
        open: &["token", "key", "secret"],
        folded: &["password", "iss", "aud", "typ", "alg", "at", "leeway", "allow-short-secret"],
    },
    Part {
        tool: "jwt",
        action: "sign",
        title: "Write and sign",
        summary: "Signs claims again and again while they are written",
        open: &["header", "claims", "key", "secret", "expires-in"],
        folded: &["alg", "password", "at"],
    },
    Part {
        tool: "jwe",
        action: "encrypt",
        title: "Encrypt",
        summary: "Encrypts a token or any text for a key, a secret or a password",
        open: &["message", "to", "secret", "alg", "enc"],
        folded: &["password", "header", "format", "zip"],
    },
    Part {
        tool: "jwt",
        action: "compare",
        title: "JWT beside JWE",
        summary: "The same claims signed, encrypted, and both, by keys that are made for it and forgotten",
        open: &["claims", "alg", "enc"],
        folded: &[],
    },
];

/// Tools that the debugger has in it; their own pages have every option.
const IN_THE_DEBUGGER: &[&str] = &["jwt", "jws", "jwe", "sd-jwt", "recognise"];

/// What takes a while, or makes something that must not change under one's hands.
const SLOW: &[(&str, &str)] = &[("jwk", "generate"), ("jwks", "rotate"), ("password-hash", "")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_here_is_there() {
        for part in PARTS {
            let action = toolbox::find(part.tool, part.action).unwrap();
            for name in part.open.iter().chain(part.folded) {
                assert!(action.field(name).is_some(), "{} {} has no {name}", part.tool, part.action);
            }
            let required = action.fields.iter().filter(|field| {
                !matches!(
                    field.presence,
                    toolbox::definition::Presence::Optional | toolbox::definition::Presence::Default(_)
                )
            });
            for field in required {
                assert!(part.open.contains(&field.name), "{} {} lacks {}", part.tool, part.action, field.name);
            }
        }
        for (tool, action) in SLOW {
            assert!(toolbox::find(tool, action).is_some(), "{tool} {action}");
        }
        for name in IN_THE_DEBUGGER {
            assert!(Bench::named(name).is_some(), "{name}");
        }
    }

    #[test]
    fn no_page_has_what_must_be_fetched() {
        let (first, second) = Bench::all();
        assert_eq!(first.len() + second.len(), Bench::names().count());
        for panel in first.iter().chain(&second).flat_map(|bench| &bench.panels) {
            assert!(panel.action.works_offline());
        }
        assert!(Bench::named("jwks").unwrap().panels.iter().all(|panel| panel.action.name != "fetch"));
    }
}
