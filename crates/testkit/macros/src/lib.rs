//! The test attribute: one test function, run on each database.
//!
//! Owns only the rewriting of a test function; how a database is made fresh is the business of
//! the function's argument, whose type has `async fn sqlite()`, `postgres()` and `partitioned()`.
//! Must never depend on a parser crate: every test build waits for this one.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// Runs an `async fn name(fixture: T)` as `name::sqlite` and `name::postgres`, each with a fresh
/// `T::sqlite().await` or `T::postgres().await`.
///
/// ```ignore
/// #[both_databases]
/// async fn signs_in(db: TestDb) { … }
/// ```
#[proc_macro_attribute]
pub fn both_databases(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(item, &["sqlite", "postgres"])
}

/// As [`both_databases`], and a third time on PostgreSQL with every table partitioned by its home
/// key: `name::partitioned`.
#[proc_macro_attribute]
pub fn every_layout(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(item, &["sqlite", "postgres", "partitioned"])
}

fn expand(item: TokenStream, databases: &[&str]) -> TokenStream {
    match TestFn::parse(item.clone()) {
        Ok(test) => {
            let mut out = test.function.clone();
            out.extend(test.module(databases));
            out
        }
        Err(message) => {
            let mut out: TokenStream = parse(&format!("::core::compile_error!({message:?});"));
            out.extend(item);
            out
        }
    }
}

struct TestFn {
    /// The function without the attributes that belong to its tests.
    function: TokenStream,
    /// `#[ignore]` and `#[should_panic]`.
    attributes: TokenStream,
    name: Ident,
    /// The type of its only argument.
    fixture: TokenStream,
}

impl TestFn {
    fn parse(item: TokenStream) -> Result<Self, &'static str> {
        let tokens: Vec<TokenTree> = item.into_iter().collect();
        let at = tokens.iter().position(|token| is_ident(token, "fn"));
        let at = at.ok_or("this attribute stands on an async fn")?;
        if at == 0 || !is_ident(&tokens[at - 1], "async") {
            return Err("the test must be an async fn");
        }
        let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(arguments))) =
            (tokens.get(at + 1), tokens.get(at + 2))
        else {
            return Err("the test takes one argument and no type parameters");
        };
        let (attributes, function) = split_attributes(&tokens, at);
        Ok(Self { function, attributes, name: name.clone(), fixture: fixture(arguments)? })
    }

    fn module(&self, databases: &[&str]) -> TokenStream {
        let mut tests = parse("use super::*;");
        for database in databases {
            tests.extend(parse("#[::tokio::test(flavor = \"multi_thread\", worker_threads = 2)]"));
            tests.extend(self.attributes.clone());
            tests.extend(parse(&format!("async fn {database}()")));
            let mut call = parse(&format!("super::{}", self.name));
            let mut made = parse("<");
            made.extend(self.fixture.clone());
            made.extend(parse(&format!(">::{database}().await")));
            call.extend([TokenTree::from(Group::new(Delimiter::Parenthesis, made))]);
            call.extend(parse(".await;"));
            tests.extend([TokenTree::from(Group::new(Delimiter::Brace, call))]);
        }
        let mut module = parse("#[cfg(test)] mod");
        let name = Ident::new(&self.name.to_string(), Span::call_site());
        module.extend([TokenTree::from(name), TokenTree::from(Group::new(Delimiter::Brace, tests))]);
        module
    }
}

/// Takes `#[ignore …]` and `#[should_panic …]`, which belong to the tests, from the function.
fn split_attributes(tokens: &[TokenTree], before: usize) -> (TokenStream, TokenStream) {
    let (mut taken, mut kept) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let ours = at + 1 < before
            && matches!(&tokens[at], TokenTree::Punct(punct) if punct.as_char() == '#')
            && matches!(&tokens[at + 1], TokenTree::Group(group) if for_tests(group));
        if ours {
            taken.extend_from_slice(&tokens[at..at + 2]);
            at += 2;
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    (taken.into_iter().collect(), kept.into_iter().collect())
}

fn for_tests(attribute: &Group) -> bool {
    attribute
        .stream()
        .into_iter()
        .next()
        .is_some_and(|token| is_ident(&token, "ignore") || is_ident(&token, "should_panic"))
}

/// The type in `(name: Type)`.
fn fixture(arguments: &Group) -> Result<TokenStream, &'static str> {
    let tokens: Vec<TokenTree> = arguments.stream().into_iter().collect();
    let colon = tokens
        .iter()
        .position(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':'))
        .ok_or("the test takes one argument: the fixture")?;
    Ok(tokens[colon + 1..]
        .iter()
        .filter(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
        .cloned()
        .collect())
}

fn is_ident(token: &TokenTree, text: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident.to_string() == text)
}

/// Parses a text of this file's own.
fn parse(text: &str) -> TokenStream {
    text.parse().expect("the text is Rust: it stands in this file")
}
