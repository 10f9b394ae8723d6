//! The life of a document, as tables.

use super::*;

const KEYS: Policy = Policy::KEYS;
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;

fn max_age(seconds: i64) -> Freshness {
    Freshness { lifetime: Some(seconds * SECOND) }
}

fn new(value: u32, fresh: Freshness) -> Landing<u32> {
    Landing::New { value, etag: None, fresh }
}

/// One that was fetched at 0 and is fresh for ten minutes.
fn fetched() -> (Remote<u32>, Arc<u32>) {
    let mut remote = Remote::new(KEYS);
    assert_eq!(remote.ask(0, Wish::Any), Step::Fetch);
    remote.landed(0, new(1, max_age(600)));
    let Step::Use(value) = remote.ask(0, Wish::Any) else { panic!("fresh") };
    (remote, value)
}

#[test]
fn one_fetches_and_the_others_wait() {
    let mut remote: Remote<u32> = Remote::new(KEYS);
    assert_eq!(remote.ask(0, Wish::Any), Step::Fetch);
    for at in [0, 1, KEYS.flight - 1] {
        assert_eq!(remote.ask(at, Wish::Any), Step::Wait);
    }
    // Whoever was told to fetch is gone, and never said what came.
    assert_eq!(remote.ask(KEYS.flight, Wish::Any), Step::Fetch);
}

#[test]
fn it_is_refreshed_ahead_and_once() {
    let (mut remote, value) = fetched();
    let ahead = 450 * SECOND;
    assert_eq!(remote.ask(ahead - 1, Wish::Any), Step::Use(value.clone()));
    assert_eq!(remote.ask(ahead, Wish::Any), Step::Refresh(value.clone()));
    assert_eq!(remote.ask(ahead + 1, Wish::Any), Step::Use(value));
    remote.landed(ahead + 2, new(2, max_age(600)));
    assert_eq!(remote.ask(ahead + 3, Wish::Any), Step::Use(Arc::new(2)));
}

/// RFC 9111 §4: what is stale is asked for before it is used, by whoever comes first after a long silence.
#[test]
fn what_is_stale_is_not_used_while_it_can_be_fetched() {
    let (mut remote, _) = fetched();
    assert_eq!(remote.ask(10 * MINUTE, Wish::Any), Step::Fetch);
    assert_eq!(remote.ask(10 * MINUTE, Wish::Any), Step::Wait);
}

/// RFC 5861 §4: used on while it cannot be fetched, and no longer than that.
#[test]
fn a_provider_that_is_away_is_done_without_for_a_while() {
    let (mut remote, value) = fetched();
    let mut fetches = 0;
    let mut at = 450 * SECOND;
    let end = 10 * MINUTE + KEYS.stale;
    while at < end {
        match remote.ask(at, Wish::Any) {
            Step::Use(held) => assert_eq!(held, value),
            Step::Refresh(held) => {
                assert_eq!(held, value);
                fetches += 1;
                remote.landed(at, Landing::Failed);
            }
            step => panic!("{step:?} at {at}"),
        }
        at += SECOND / 2;
    }
    // Pauses of 2, 4, 8, 16, 32 seconds, then of a minute.
    assert!((60..=75).contains(&fetches), "{fetches}");
    assert!(remote.is_failing());
    let step = remote.ask(end + KEYS.most_cool_down, Wish::Any);
    assert_eq!(step, Step::Fetch);
    remote.landed(end, Landing::Failed);
    assert_eq!(remote.ask(end, Wish::Any), Step::Refuse(Refusal::Failed));
    // It is back.
    let later = end + KEYS.most_cool_down;
    assert_eq!(remote.ask(later, Wish::Any), Step::Fetch);
    remote.landed(later, Landing::Same { fresh: max_age(600) });
    assert_eq!(remote.ask(later, Wish::Any), Step::Use(value));
    assert!(!remote.is_failing());
}

#[test]
fn a_flood_of_unknown_names_fetches_once_in_a_cool_down() {
    let (mut remote, value) = fetched();
    let mut fetches = Vec::new();
    for at in 0..100_000 {
        let name = format!("k{at}");
        match remote.ask(at, Wish::Newer { than: &value, missing: Some(&name) }) {
            Step::Fetch => {
                fetches.push(at);
                remote.landed(at, Landing::Same { fresh: max_age(600) });
            }
            Step::Refuse(Refusal::CoolingDown) => {}
            step => panic!("{step:?} at {at}"),
        }
    }
    assert_eq!(fetches, (0..10).map(|n| n * KEYS.cool_down).collect::<Vec<_>>());
}

#[test]
fn a_name_that_was_not_there_is_not_looked_for_again() {
    let (mut remote, value) = fetched();
    remote.not_there(0, "k");
    let wish = Wish::Newer { than: &value, missing: Some("k") };
    assert_eq!(remote.ask(KEYS.absent - 1, wish), Step::Refuse(Refusal::Absent));
    assert_eq!(remote.ask(KEYS.absent, wish), Step::Fetch);
    // What is remembered is bounded: the oldest goes.
    let (mut remote, value) = fetched();
    for n in 0..1000 {
        remote.not_there(0, &format!("k{n}"));
    }
    assert_eq!(remote.ask(1, Wish::Newer { than: &value, missing: Some("k999") }), Step::Refuse(Refusal::Absent));
    assert_eq!(remote.ask(1, Wish::Newer { than: &value, missing: Some("k0") }), Step::Fetch);
    // Of a very long name its beginning counts, wherever its letters end.
    remote.not_there(0, &"ä".repeat(10_000));
}

#[test]
fn whoever_looked_at_an_older_one_is_given_the_newer() {
    let (mut remote, old) = fetched();
    assert_eq!(remote.ask(1, Wish::Newer { than: &old, missing: None }), Step::Fetch);
    remote.landed(2, new(2, max_age(600)));
    let Step::Use(newer) = remote.ask(3, Wish::Newer { than: &old, missing: None }) else { panic!("newer") };
    assert_eq!(*newer, 2);
    assert_eq!(remote.ask(4, Wish::Newer { than: &newer, missing: None }), Step::Refuse(Refusal::CoolingDown));
}

#[test]
fn after_a_failure_nobody_asks_for_a_while() {
    let (mut remote, value) = fetched();
    assert_eq!(remote.ask(1, Wish::Newer { than: &value, missing: Some("k") }), Step::Fetch);
    remote.landed(2, Landing::Failed);
    let later = KEYS.cool_down + 1;
    for (at, step) in [(3, Step::Refuse(Refusal::CoolingDown)), (later, Step::Fetch)] {
        assert_eq!(remote.ask(at, Wish::Newer { than: &value, missing: Some("other") }), step, "{at}");
    }
    // What is at hand is used on all the while.
    assert_eq!(remote.ask(later, Wish::Any), Step::Use(value));
}

/// RFC 9111 §4.2.
#[test]
fn freshness_is_what_the_headers_say() {
    let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
    for (cache_control, age, expires, seconds) in [
        (&["max-age=600"][..], None, None, Some(600)),
        (&["public", "MAX-AGE=\"60\""], None, None, Some(60)),
        (&["max-age=600, s-maxage=10"], None, None, Some(600)),
        (&["max-age=600, max-age=10"], None, None, Some(600)),
        (&["max-age=soon"], None, None, Some(0)),
        (&["max-age=-1"], None, None, Some(0)),
        (&["max-age=600"], Some("599"), None, Some(1)),
        (&["max-age=600"], Some("601"), None, Some(0)),
        (&["max-age=600"], Some("?"), None, Some(600)),
        (&["max-age=600", "no-store"], None, None, Some(0)),
        (&["no-cache"], None, Some("Sun, 06 Nov 1994 08:50:37 GMT"), Some(0)),
        (&["max-age=99999999999999999999"], None, None, Some(100 * 366 * 86_400)),
        (&[], None, Some("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60)),
        (&[], Some("10"), Some("Sun, 06 Nov 1994 08:50:37 GMT"), Some(50)),
        (&[], None, Some("Sun, 06 Nov 1994 08:40:37 GMT"), Some(0)),
        (&[], None, Some("0"), Some(0)),
        (&["max-age=5"], None, Some("0"), Some(5)),
        (&["private"], None, None, None),
    ] {
        let fresh = Freshness::of(cache_control, age, expires, date);
        assert_eq!(fresh.lifetime, seconds.map(|seconds| seconds * SECOND), "{cache_control:?} {age:?} {expires:?}");
    }
    // Nobody can tell how far an hour is away from no date.
    let alone = Freshness::of(&[], None, Some("Sun, 06 Nov 1994 08:50:37 GMT"), None);
    assert_eq!(alone.lifetime, Some(0));
}

#[test]
fn a_servers_word_has_bounds() {
    for (said, fresh) in [
        (max_age(0), KEYS.least_fresh),
        (max_age(365 * 86_400), KEYS.most_fresh),
        (Freshness::default(), KEYS.usually_fresh),
    ] {
        assert_eq!(KEYS.times(7, said).1, 7 + fresh, "{said:?}");
    }
}

#[test]
fn what_is_no_date() {
    for text in
        ["", "GMT", "Sun, 31 Feb 2020 00:00:00 GMT", "Sun, 06 Nov 1994 25:00:00 GMT", "Sun, 06 Nov 1994 08:49 GMT"]
    {
        assert_eq!(http_date(text), None, "{text}");
    }
}
