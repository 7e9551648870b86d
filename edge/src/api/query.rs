//! The queries of status requests and of lists. Everything that is wrong with it is said at once.

use std::str::FromStr;

use crate::problem::{Mistake, Problem};

/// Creators on one page unless something else is asked for.
pub(crate) const PAGE_CREATORS_DEFAULT: u32 = 200;

/// Most creators on one page: about a megabyte of JSON.
pub(crate) const PAGE_CREATORS_MAX: u32 = 500;

/// Which page of which job is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatusQuery {
    /// What should be a job's id.
    pub(crate) job: String,
    /// The place of the first creator.
    pub(crate) offset: u32,
    /// How many creators at most.
    pub(crate) limit: u32,
}

const NAMES: [&str; 4] = ["jobId", "limit", "offset", "cursor"];

/// Jobs, accounts or entries of a ledger on one page unless something else is asked for.
const LIST_ITEMS_DEFAULT: u32 = 50;

/// Most of them on one page.
const LIST_ITEMS_MAX: u32 = 200;

/// Which page of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListQuery<T> {
    /// Where it begins; `None` for the first.
    pub(crate) cursor: Option<T>,
    /// How many items at most, 1 or more.
    pub(crate) limit: u32,
}

/// Reads the parameters of a list.
///
/// # Errors
/// 422 with every mistake.
pub(crate) fn list_query<T: FromStr>(pairs: &[(String, String)]) -> Result<ListQuery<T>, Problem> {
    let mut mistakes = unknown_and_repeated(pairs, &["limit", "cursor"]);
    let value = |name: &str| pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    let limit = whole("limit", value("limit"), LIST_ITEMS_DEFAULT, LIST_ITEMS_MAX).map_err(|mistake| mistakes.push(mistake));
    let cursor = value("cursor").map(|text| {
        let hint = "give nextCursor of an earlier answer";
        text.parse().map_err(|_| mistakes.push(mistake("cursor", "not_a_cursor", "it is not a cursor", hint)))
    });
    match (mistakes.is_empty(), limit, cursor.transpose()) {
        // A page of nothing would lead to itself for ever.
        (true, Ok(limit), Ok(cursor)) => Ok(ListQuery { cursor, limit: limit.max(1) }),
        _ => Err(refused(mistakes)),
    }
}

/// Reads the parameters, decoded, in their order.
///
/// # Errors
/// 422 with every mistake.
pub(crate) fn status_query(pairs: &[(String, String)]) -> Result<StatusQuery, Problem> {
    let mut mistakes = unknown_and_repeated(pairs, &NAMES);
    let value = |name: &str| pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    let mut keep = |read: Result<u32, Mistake>| read.map_err(|mistake| mistakes.push(mistake)).unwrap_or_default();
    let limit = keep(whole("limit", value("limit"), PAGE_CREATORS_DEFAULT, PAGE_CREATORS_MAX));
    let offset = keep(whole("offset", value("offset"), 0, u32::MAX));
    // A cursor is a place too, but callers are not to know.
    let cursor = keep(cursor(value("cursor")));
    let job = job_id(value("jobId")).map_err(|mistake| mistakes.insert(0, mistake)).unwrap_or_default();
    if value("offset").is_some() && value("cursor").is_some() {
        mistakes.push(mistake("cursor", "conflict", "offset and cursor were both given", "give one of them"));
    }
    match mistakes.is_empty() {
        true => Ok(StatusQuery { job, offset: offset.max(cursor), limit }),
        false => Err(refused(mistakes)),
    }
}

/// Refuses parameters where there are none.
///
/// # Errors
/// 422 with every mistake.
pub(crate) fn no_query(pairs: &[(String, String)]) -> Result<(), Problem> {
    let unknown = |(name, _): &(String, String)| mistake(name, "unknown_parameter", "this path has no parameters", "leave it out");
    match pairs {
        [] => Ok(()),
        pairs => Err(refused(pairs.iter().map(unknown).collect())),
    }
}

fn refused(mistakes: Vec<Mistake>) -> Problem {
    let detail = match mistakes.len() {
        1 => "a parameter of the query is wrong".to_owned(),
        many => format!("{many} parameters of the query are wrong"),
    };
    Problem::new(422, "invalid_query", detail, "correct every parameter that is named, then send the request again").with_mistakes(mistakes)
}

fn unknown_and_repeated(pairs: &[(String, String)], names: &[&str]) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for (place, (name, _)) in pairs.iter().enumerate() {
        if !names.contains(&name.as_str()) {
            let hint = format!("leave it out; there are {}", names.join(", "));
            mistakes.push(mistake(name, "unknown_parameter", "there is no parameter of this name", hint));
        } else if pairs[..place].iter().any(|(earlier, _)| earlier == name) {
            mistakes.push(mistake(name, "duplicate_parameter", "the parameter was given more than once", "give it once"));
        }
    }
    mistakes
}

fn job_id(value: Option<&str>) -> Result<String, Mistake> {
    let hint = "give the jobId that POST /api/v2/dispatch answered with";
    value.map(str::to_owned).ok_or_else(|| mistake("jobId", "missing", "the parameter is missing", hint))
}

fn whole(name: &str, value: Option<&str>, default: u32, most: u32) -> Result<u32, Mistake> {
    let Some(text) = value else { return Ok(default) };
    let hint = format!("give a whole number from 0 to {most}");
    match digits(text) {
        Some(number) if number <= u64::from(most) => Ok(u32::try_from(number).unwrap_or(most)),
        Some(_) => Err(mistake(name, "too_large", "it is more than allowed", hint)),
        None => Err(mistake(name, "not_whole", "it is not a whole number", hint)),
    }
}

fn cursor(value: Option<&str>) -> Result<u32, Mistake> {
    let Some(text) = value else { return Ok(0) };
    let place = digits(text).and_then(|number| u32::try_from(number).ok());
    place.ok_or_else(|| mistake("cursor", "not_a_cursor", "it is not a cursor", "give pagination.nextCursor of an earlier answer"))
}

/// Digits and nothing else; more than any number holds count as the largest one.
fn digits(text: &str) -> Option<u64> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().unwrap_or(u64::MAX))
}

fn mistake(name: &str, code: &'static str, detail: impl Into<String>, hint: impl Into<String>) -> Mistake {
    // Callers' own names are repeated no further than anyone would read.
    let name: String = name.chars().take(60).collect();
    let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
    Mistake::Parameter { pointer, code, detail: detail.into(), hint: hint.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";

    fn query(pairs: &[(&str, &str)]) -> Result<StatusQuery, Vec<(String, String)>> {
        let pairs: Vec<(String, String)> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        status_query(&pairs).map_err(|problem| {
            assert_eq!(problem.status, 422);
            let json: serde_json::Value = serde_json::from_str(&problem.json()).unwrap();
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            json["errors"].as_array().unwrap().iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
        })
    }

    fn wrong(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        query(pairs).unwrap_err()
    }

    fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
        vec![(pointer.to_owned(), code.to_owned())]
    }

    #[test]
    fn a_list_begins_at_its_beginning_with_50_and_has_at_most_200_on_a_page() {
        let list = |pairs: &[(&str, &str)]| {
            let pairs: Vec<(String, String)> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            list_query::<u32>(&pairs).map_err(|problem| problem.status)
        };
        assert_eq!(list(&[]), Ok(ListQuery { cursor: None, limit: 50 }));
        assert_eq!(list(&[("limit", "200"), ("cursor", "7")]), Ok(ListQuery { cursor: Some(7), limit: 200 }));
        assert_eq!(list(&[("limit", "0")]), Ok(ListQuery { cursor: None, limit: 1 }));
        for wrong in [[("limit", "201")], [("cursor", "x")], [("cursor", "")], [("cursor", "-1")], [("offset", "1")]] {
            assert_eq!(list(&wrong), Err(422), "{wrong:?}");
        }
    }

    #[test]
    fn without_more_than_the_id_the_first_200_are_asked_for() {
        assert_eq!(query(&[("jobId", ID)]), Ok(StatusQuery { job: ID.into(), offset: 0, limit: 200 }));
    }

    #[test]
    fn a_limit_may_be_0_to_500() {
        assert_eq!(query(&[("jobId", ID), ("limit", "0")]).unwrap().limit, 0);
        assert_eq!(query(&[("jobId", ID), ("limit", "500")]).unwrap().limit, 500);
        assert_eq!(wrong(&[("jobId", ID), ("limit", "501")]), one("/limit", "too_large"));
        assert_eq!(wrong(&[("jobId", ID), ("limit", "99999999999999999999999")]), one("/limit", "too_large"));
        for text in ["-1", "1.5", "", " 1", "+1", "0x1", "١"] {
            assert_eq!(wrong(&[("jobId", ID), ("limit", text)]), one("/limit", "not_whole"), "{text}");
        }
    }

    #[test]
    fn a_cursor_is_the_place_that_an_earlier_answer_named() {
        assert_eq!(query(&[("jobId", ID), ("cursor", "40")]).unwrap().offset, 40);
        assert_eq!(wrong(&[("jobId", ID), ("cursor", "there")]), one("/cursor", "not_a_cursor"));
        assert_eq!(wrong(&[("jobId", ID), ("cursor", "4294967296")]), one("/cursor", "not_a_cursor"));
    }

    #[test]
    fn an_offset_and_a_cursor_together_are_refused() {
        assert_eq!(wrong(&[("jobId", ID), ("cursor", "1"), ("offset", "1")]), one("/cursor", "conflict"));
    }

    #[test]
    fn an_id_must_be_there() {
        assert_eq!(wrong(&[]), one("/jobId", "missing"));
        assert_eq!(query(&[("jobId", "1")]).unwrap().job, "1", "whether there is such a job is another question");
    }

    #[test]
    fn all_mistakes_are_named_at_once() {
        let found = wrong(&[("limit", "x"), ("limit", "1"), ("offset", "x"), ("page/2", "1")]);
        let expected = [
            ("/jobId", "missing"),
            ("/limit", "duplicate_parameter"),
            ("/page~12", "unknown_parameter"),
            ("/limit", "not_whole"),
            ("/offset", "not_whole"),
        ];
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    }

    #[test]
    fn a_path_without_parameters_refuses_any() {
        assert!(no_query(&[]).is_ok());
        assert_eq!(no_query(&[("a".into(), "b".into())]).unwrap_err().status, 422);
    }
}
