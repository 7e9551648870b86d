//! Every limit, with its unit in its name and its reason beside it.

/// Longest answer that is read from a platform, in bytes. Full search pages are about 2.5 MB; an order
/// of magnitude above that nothing honest is left.
pub const RESPONSE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How long one exchange with a platform may take, in milliseconds. The slowest recorded profile call
/// took 7.5 s at the 99th percentile.
pub const FETCH_MS_MAX: u32 = 20_000;

/// How long the exchange of id and secret for a token may take, in milliseconds. It precedes a call within the same
/// lease, and token endpoints answer in a fraction of a second.
pub const TOKEN_MS_MAX: u32 = 5_000;

/// Longest answer of a token endpoint that is read, in bytes. Honest ones have a few hundred.
pub const TOKEN_ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Longest token, in bytes: it stands in one header line, and servers commonly refuse lines of more than 8 KiB.
pub const TOKEN_BYTES_MAX: usize = 4_096;

/// How long a token lives that doesn't say so, in milliseconds: short, since asking again costs little.
pub const TOKEN_LIFE_MS_DEFAULT: u64 = 300_000;

/// The longest that a token is used, in milliseconds, however long it says that it lives.
pub const TOKEN_LIFE_MS_MAX: u64 = 86_400_000;

/// How long before its end a token is not used any more, in milliseconds: longer than any call takes and than clocks
/// commonly differ.
pub const TOKEN_MARGIN_MS: u64 = 60_000;

/// Longest cursor, in bytes: it is written with every page.
pub const CURSOR_BYTES_MAX: usize = 2_048;

/// Longest identity or handle, in bytes.
pub const IDENTITY_BYTES_MAX: usize = 256;

/// Creators on one page; more are refused.
pub const PAGE_CREATORS_MAX: usize = 1_000;

/// Creators in one row of a job, so that the rows of an ordinary page are far shorter than what a durable object
/// keeps in one. A hostile adapter can still fill longer ones; the Worker's store keeps those in pieces.
pub const ROW_CREATORS_MAX: usize = 50;

/// Longest text of a creator that is kept, in characters; longer ones are cut. The longest bios and
/// descriptions of the platforms have 5 000.
pub const TEXT_CHARS_MAX: usize = 5_000;

/// Longest name, URL or identifier that is kept, in characters; longer ones are dropped, because half a
/// URL leads elsewhere.
pub const FIELD_CHARS_MAX: usize = 2_048;

/// Links, hashtags and identifiers that are kept of one creator, of each kind.
pub const LIST_ITEMS_MAX: usize = 32;

/// Creators in one call of `plan-profiles`.
pub const PROFILE_CREATORS_MAX: usize = 100;

/// Largest component file, in bytes. Interpreted guests reach 19 MB.
pub const COMPONENT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Memory that one call of an adapter may have, in bytes.
pub const ADAPTER_MEMORY_BYTES_MAX: usize = 128 * 1024 * 1024;

/// How long one call of an adapter may compute, in milliseconds.
pub const ADAPTER_CALL_MS_MAX: u32 = 2_000;

/// What one call of an adapter may hand back, in bytes as the host holds it. A thousand creators with long
/// bios take about 4 MB; no honest reading is longer than the longest answer it was made from.
pub const ADAPTER_ANSWER_BYTES_MAX: usize = RESPONSE_BYTES_MAX;

/// How deep one call of an adapter may nest, in bytes of stack. Half of the smallest thread's stack of the
/// systems that the host runs on, so that an adapter's recursion never meets the host's own end.
pub const ADAPTER_STACK_BYTES_MAX: usize = 512 * 1024;

/// Entries in an adapter's function tables. An interpreter has about 20 000.
pub const ADAPTER_TABLE_ENTRIES_MAX: usize = 100_000;

/// Core instances in one component. Python guests have 38.
pub const ADAPTER_INSTANCES_MAX: u32 = 64;

/// Memories in one component; each reserves address space whether it is used or not.
pub const ADAPTER_MEMORIES_MAX: u32 = 4;

/// Hosts that one adapter may name: an API, its search, a token endpoint and one to spare.
pub const MANIFEST_ORIGINS_MAX: usize = 4;

/// Settings that one adapter may offer; more would be a configuration language.
pub const MANIFEST_SETTINGS_MAX: usize = 16;

/// Longest body of a search request, in bytes. 50 keywords of 100 characters fit several times.
pub const REQUEST_BYTES_MAX: usize = 64 * 1024;

/// Field errors that one refusal names; the rest is counted. A body of nothing but mistakes would
/// otherwise give an answer many times its own length.
pub const FIELD_ERRORS_MAX: usize = 100;

/// Keywords in one request, counted as given, before twins are merged.
pub const KEYWORDS_GIVEN_MAX: usize = 50;

/// Shortest keyword, in characters. One character finds everything and nothing.
pub const KEYWORD_CHARS_MIN: usize = 2;

/// Longest keyword, in characters; platforms cut off or refuse longer searches.
pub const KEYWORD_CHARS_MAX: usize = 100;

/// Most creators that one search may ask for: the results of the largest search are still one job's rows.
pub const TARGET_MAX: u32 = 5_000;

/// Least number of views where the platform reports views and the request says nothing.
pub const MIN_VIEWS_DEFAULT: u64 = 1_000;

/// Largest number of views that can be asked for: the largest whole number that JavaScript holds exactly.
pub const MIN_VIEWS_MAX: u64 = (1 << 53) - 1;

/// Oldest answer of the cache that a search can ask for, in seconds: a week. What is older comes only to whoever doesn't say.
pub const MAX_AGE_S_MAX: u32 = 604_800;

/// Largest cap on upstream calls, in calls. No job comes near it, so a larger number is a slip of the hand.
pub const UPSTREAM_CALLS_MAX: u32 = 1_000_000;

/// Keywords in a job's first round.
pub const KEYWORDS_FIRST_ROUND_MAX: u32 = 50;

/// Keywords in each further round.
pub const KEYWORDS_AGAIN_MAX: u32 = 30;

/// Creators expected of a keyword when the adapter has no hint.
pub const YIELD_DEFAULT: u32 = 25;

/// Keywords taken from one answer of a language model; a job has use for 100 at most.
pub const ANSWER_KEYWORDS_MAX: usize = 200;

/// Text of one profile field that is searched for e-mail addresses, in bytes. The longest real bios have 5 000.
pub const EMAIL_TEXT_BYTES_MAX: usize = 64 * 1024;

/// Links of one profile that are searched for e-mail addresses.
pub const EMAIL_LINKS_MAX: usize = 100;

/// E-mail addresses kept for one profile; whoever lists more is not one creator.
pub const EMAILS_MAX: usize = 20;

/// Longest e-mail address, in bytes (RFC 5321, section 4.5.3, and its erratum 1690).
pub const EMAIL_BYTES_MAX: usize = 254;

/// Longest part of an e-mail address before the `@`, in bytes (RFC 5321, section 4.5.3.1.1).
pub const EMAIL_LOCAL_BYTES_MAX: usize = 64;

/// Longest URL that is sent to a platform, in bytes. Servers commonly refuse more than 8 KiB.
pub const URL_BYTES_MAX: usize = 8 * 1024;

/// Headers that an adapter may add to a request.
pub const REQUEST_HEADERS_MAX: usize = 32;

/// Names and values of the headers that an adapter may add, in bytes together.
pub const REQUEST_HEADER_BYTES_MAX: usize = 8 * 1024;

/// Longest body that an adapter may send, in bytes. Queries are short; this is room for a long list of ids.
pub const REQUEST_BODY_BYTES_MAX: usize = 256 * 1024;

const _: () = assert!(KEYWORDS_GIVEN_MAX <= KEYWORDS_FIRST_ROUND_MAX as usize, "every given keyword belongs to the first round");
const _: () = assert!(ADAPTER_MEMORY_BYTES_MAX >= 4 * RESPONSE_BYTES_MAX, "a whole answer and what is made of it must fit");

/// Keywords of one job that are searched at the same time. Enough to hide an upstream's latency, few
/// enough that one job does not fill the queues.
pub const WINDOW_TASKS: usize = 16;

/// Pages read for one keyword; later ones repeat earlier creators more than they add.
pub const KEYWORD_PAGES_MAX: u32 = 5;

/// Creators in one enrichment message where the adapter has no batch of its own.
pub const ENRICH_BATCH_CREATORS: usize = 10;

/// Profile calls of one message that are under way at the same time: a Worker's invocation has six
/// connections.
pub const ENRICH_CALLS_AT_ONCE: usize = 6;

/// How often a task or profile is tried before it counts as failed.
pub const ATTEMPTS_MAX: u32 = 5;

/// The first wait before a further attempt, in milliseconds; it doubles each time.
pub const BACKOFF_MS_MIN: u64 = 1_000;

/// The longest wait that doubling leads to, in milliseconds.
pub const BACKOFF_MS_MAX: u64 = 60_000;

/// The longest wait that a platform may impose, in milliseconds. Longer ones are tried again earlier,
/// rather than holding a job for days on the word of one header.
pub const RETRY_AFTER_MS_MAX: u64 = 300_000;

/// How long a task is put off that finds no call left of the job's own, while others may give some back, in milliseconds.
pub const CALLS_AGAIN_MS: u64 = 1_000;

/// The shortest time that a task is put off for, in milliseconds, so that one that has to wait is not asked for in a
/// circle.
pub const DEFER_MS_MIN: u64 = 100;

/// How long a consumer may take for one page before its lease runs out, in milliseconds.
pub const PAGE_LEASE_MS: u64 = 30_000;

/// How long a consumer may take for one batch of profiles before its lease runs out, in milliseconds.
pub const PROFILES_LEASE_MS: u64 = 60_000;

/// How long a message may be under way before it is sent again, in milliseconds; it doubles each time,
/// so that a long queue is not made longer.
pub const RESEND_MS_MIN: u64 = 15_000;

/// The longest wait before a message is sent again, in milliseconds.
pub const RESEND_MS_MAX: u64 = 240_000;

/// Lanes that each queue has. Where one batch of a queue is worked on after another, an account with much to do keeps
/// waiting only the quarter of accounts whose lane it shares.
pub const LANES: u32 = 4;

/// Largest number of messages in one effect: what a queue takes in one call.
pub const SEND_MESSAGES_MAX: usize = 100;

/// How long a job may run, in milliseconds, before it ends with what it has.
pub const JOB_MS_MAX: u64 = 3_600_000;

/// How long a job may wait for others of its account, in milliseconds, before it ends with nothing.
pub const HELD_MS_MAX: u64 = 86_400_000;

/// How long after its dispatch a job can be created, in milliseconds. What was reserved for one that was not created by
/// then is free again a while later, and it must not begin after all.
pub const CREATE_MS_MAX: u64 = 60_000;

/// Rounds of keywords after the first.
pub const ROUNDS_MAX: u32 = 3;

/// Keywords of one job, in all rounds together.
pub const KEYWORDS_MAX: usize = 100;

/// New creators that a keyword of the last round must have given on average for another round to pay.
pub const ROUND_YIELD_MIN: u32 = 3;

/// How long the planning of a round may take before it is asked for again, in milliseconds: then rules answer at once,
/// so that no search waits longer than this for further keywords, whatever was lost.
pub const PLAN_MS_MAX: u64 = 10_000;

/// How long a language model may take to answer, in milliseconds; the rest of [`PLAN_MS_MAX`] is for the way to it and
/// back.
pub const EXPANDER_MS_MAX: u32 = 9_500;

/// Longest answer that is read from a language model, in bytes. 200 keywords of 100 characters of four bytes fit twice.
pub const EXPANDER_BYTES_MAX: usize = 256 * 1024;

/// Words of a keyword that a language model wrote; what is longer is a sentence and no search.
pub const EXPANDED_WORDS_MAX: usize = 8;

/// Longest bearer token, in bytes; a longer one is refused unread. Servers commonly refuse header lines of more than
/// 8 KiB, and no issuer of tokens goes as far.
pub const BEARER_BYTES_MAX: usize = 8 * 1024;

/// Longest id of an account, in bytes. The subjects of the identity providers have at most 255.
pub const ACCOUNT_BYTES_MAX: usize = 256;

/// How far the clocks of a token's issuer and of this runtime may differ unless something else is set, in seconds.
pub const TOLERANCE_S_DEFAULT: u32 = 60;

/// The most that clocks can be allowed to differ, in seconds: a token that ended longer ago is no matter of clocks.
pub const TOLERANCE_S_MAX: u32 = 300;

/// Shortest secret that signs tokens, in bytes: as long as the digest that it is for (RFC 7518, section 3.2).
pub const JWT_SECRET_BYTES_MIN: usize = 32;

/// Shortest token of an operator, in characters. 32 of base64 are 192 bits, which nobody guesses.
pub const OPERATOR_TOKEN_CHARS_MIN: usize = 32;

/// Longest set of an issuer's keys that is read, in bytes. A key with its certificates has about 4 KB.
pub const JWKS_BYTES_MAX: usize = 256 * 1024;

/// Keys in one set: an issuer has a few, the ones before and the ones to come.
pub const JWKS_KEYS_MAX: usize = 32;

/// How long an issuer's keys count as fresh, in milliseconds.
pub const JWKS_FRESH_MS: u64 = 600_000;

/// How long keys are used while the issuer gives none, in milliseconds: a day, in which somebody notices.
pub const JWKS_KEPT_MS_MAX: u64 = 86_400_000;

/// The least time between two askings for keys because a token names one that is not known, in milliseconds. Anybody can
/// write such a token.
pub const JWKS_UNKNOWN_MS_MIN: u64 = 60_000;

/// Fetches of an issuer's keys that are under way at the same time while there are none: tokens that come together need not
/// wait for each other, and whoever sends many makes no flood of them.
pub const JWKS_FETCHES_MAX: u32 = 4;

/// The least time between two askings for keys for any other reason, in milliseconds, so that an issuer that is down is
/// not asked by every request.
pub const JWKS_AGAIN_MS_MIN: u64 = 10_000;

/// How long the fetching of keys may take, in milliseconds. A caller waits meanwhile, and honest answers take a fraction
/// of a second.
pub const JWKS_MS_MAX: u32 = 5_000;

/// Shortest modulus of an RSA key, in bits (RFC 7518, section 3.3).
pub const RSA_BITS_MIN: usize = 2_048;

/// Longest modulus of an RSA key, in bits. The time of checking a signature grows with its square.
pub const RSA_BITS_MAX: usize = 4_096;

/// Longest name of an API key, in characters.
pub const KEY_NAME_CHARS_MAX: usize = 100;

/// API keys of one account that are in force at the same time. Listing asks for each when it was last used, and an
/// invocation has fifty questions.
pub const ACCOUNT_KEYS_MAX: usize = 25;

/// How often it is written at most that an API key was used, in milliseconds: a write costs more than the reading that
/// goes with every request.
pub const KEY_USED_MS_MIN: u64 = 60_000;

/// Length of a failure's detail, in characters: enough for a sentence, too little for an HTML page.
pub const DETAIL_CHARS_MAX: usize = 300;

/// Plans that there may be, the built-in ones included; more would be prices and no configuration.
pub const PLANS_MAX: usize = 50;

/// Longest name of a plan, in characters: it stands in answers and rows.
pub const PLAN_NAME_CHARS_MAX: usize = 32;

/// Most creators a month that a plan may allow; above it, a plan without a limit is meant.
pub const CREATORS_PER_MONTH_MAX: u32 = 100_000_000;

/// Most jobs of one account that may run at the same time: each is an object with consumers of its own.
pub const CONCURRENT_JOBS_MAX: u32 = 100;

/// Most requests a minute that a plan may allow: what one object answers with room to spare.
pub const REQUESTS_PER_MINUTE_MAX: u32 = 60_000;

/// Most searches in all that a plan may allow; above it, a plan without a limit is meant.
pub const PLAN_SEARCHES_MAX: u32 = 1_000_000;

/// Most days that a plan may last: a hundred years.
pub const PLAN_DAYS_MAX: u32 = 36_500;

/// Requests that an isolate of the Worker may let through before it compares notes with the account's object.
pub const REQUESTS_BUNDLE_MAX: u32 = 20;

/// How long an isolate may go without comparing notes, in milliseconds: a larger plan helps within that time.
pub const REQUESTS_SYNC_MS: u64 = 10_000;

/// Jobs of one account that may wait in its line; each holds a reservation, and nobody waits for the hundredth.
pub const WAITING_JOBS_MAX: usize = 100;

/// Jobs of one account that its list keeps, the newest; those that run or wait are always kept.
pub const JOBS_KEPT_MAX: usize = 1_000;

/// Keywords of a job that the list of jobs shows: enough to tell searches apart.
pub const JOB_KEYWORDS_KEPT_MAX: usize = 3;

/// Entries of an account's ledger in one row, so that one row is written for each charge and few are kept.
pub const LEDGER_ROW_ENTRIES: usize = 100;

/// Rows of an account's ledger; the entries of older ones are folded into the sums at the head of the next. 50 000
/// entries are some months of the largest plan with a limit.
pub const LEDGER_ROWS_MAX: u32 = 500;

/// After how long the account asks for a run of which it has heard nothing, in milliseconds. What has not begun by then
/// never will, and is released.
pub const RUN_UNHEARD_MS: u64 = 120_000;

/// The first wait before a run whose turn it is is told so again, in milliseconds; it doubles each time.
pub const START_AGAIN_MS_MIN: u64 = 2_000;

const _: () = assert!(TOKEN_MARGIN_MS > (TOKEN_MS_MAX + FETCH_MS_MAX) as u64, "a token must outlive the call that it is lent for");
const _: () = assert!(2 * TOKEN_MARGIN_MS < TOKEN_LIFE_MS_DEFAULT && TOKEN_LIFE_MS_DEFAULT < TOKEN_LIFE_MS_MAX);
const _: () = assert!(
    PAGE_LEASE_MS > (TOKEN_MS_MAX + FETCH_MS_MAX + 2 * ADAPTER_CALL_MS_MAX) as u64,
    "a slow page must fit into its lease, with the token that it takes"
);
const _: () = assert!(
    PROFILES_LEASE_MS
        > (ENRICH_BATCH_CREATORS.div_ceil(ENRICH_CALLS_AT_ONCE) as u64) * (TOKEN_MS_MAX + FETCH_MS_MAX + 2 * ADAPTER_CALL_MS_MAX) as u64,
    "a slow batch must fit into its lease"
);
const _: () = assert!(JOB_MS_MAX > RETRY_AFTER_MS_MAX + RESEND_MS_MAX, "one long wait must not use up a job");
const _: () = assert!(BACKOFF_MS_MIN < BACKOFF_MS_MAX && RESEND_MS_MIN < RESEND_MS_MAX);
const _: () =
    assert!(KEYWORDS_GIVEN_MAX <= KEYWORDS_MAX && KEYWORDS_FIRST_ROUND_MAX as usize <= KEYWORDS_MAX, "the first round must fit into a job");
const _: () = assert!(
    KEYWORDS_FIRST_ROUND_MAX as usize + (ROUNDS_MAX * KEYWORDS_AGAIN_MAX) as usize >= KEYWORDS_MAX,
    "rounds must be able to use the keywords that a job may have"
);
const _: () = assert!(WINDOW_TASKS <= SEND_MESSAGES_MAX, "what is released at once must go out at once");
const _: () = assert!(ENRICH_BATCH_CREATORS <= PROFILE_CREATORS_MAX, "a message's creators must fit into one plan");
const _: () = assert!(ROW_CREATORS_MAX <= PAGE_CREATORS_MAX, "a page is rows, never the other way round");
const _: () = assert!(ATTEMPTS_MAX >= 2, "what fails for now must be tried again at least once");
const _: () = assert!(
    ATTEMPTS_MAX as u64 * (BACKOFF_MS_MAX + FETCH_MS_MAX as u64) < JOB_MS_MAX,
    "a task that fails for now must come to its end before the job does"
);
const _: () = assert!(
    ATTEMPTS_MAX as u64 * (PROFILES_LEASE_MS + RESEND_MS_MIN) < JOB_MS_MAX,
    "a task whose consumers all die must come to its end before the job does"
);
const _: () = assert!(PLAN_MS_MAX > EXPANDER_MS_MAX as u64, "an answer that comes in time must not be asked for again");
const _: () = assert!(EXPANDER_BYTES_MAX > 2 * ANSWER_KEYWORDS_MAX * (KEYWORD_CHARS_MAX * 4), "every keyword that is taken must fit");
const _: () = assert!(DEFER_MS_MIN < RETRY_AFTER_MS_MAX, "what is put off has a time to wait");
const _: () = assert!(BACKOFF_MS_MAX <= RETRY_AFTER_MS_MAX, "a platform's word counts for more than a guess");
const _: () = assert!(RUN_UNHEARD_MS >= 2 * CREATE_MS_MAX, "clocks may differ by as much as a run has time to begin");
const _: () = assert!(START_AGAIN_MS_MIN < RESEND_MS_MAX && REQUESTS_BUNDLE_MAX >= 1);
const _: () = assert!(JOBS_KEPT_MAX > WAITING_JOBS_MAX + CONCURRENT_JOBS_MAX as usize, "the list is longer than what can be open");

/// Failures one after the other after which an upstream is not called for a while. Fewer happen by chance where one
/// call in ten fails.
pub const BREAKER_FAILURES: u32 = 5;

/// How often one after the other an upstream that fails is waited for: about half a minute in all. Then whoever asks is
/// refused, which counts as an attempt, so that jobs end with the reason and not after an hour.
pub const BREAKER_WAITS: u32 = 2;

/// How long an upstream that failed is not called at first, in milliseconds; it doubles each time that it still fails.
pub const BREAKER_MS_MIN: u64 = 10_000;

/// The longest that doubling leads to, in milliseconds: an upstream that works again is found out within minutes.
pub const BREAKER_MS_MAX: u64 = 300_000;

/// Calls at the same time to one upstream of which nobody says how many it allows.
pub const UPSTREAM_CONCURRENT_DEFAULT: u32 = 50;

/// Most calls at the same time that an operator may allow: each may be a permit, and all are written down with each.
pub const UPSTREAM_CONCURRENT_MAX: u32 = 1_000;

/// Most calls a second, or searches a minute, that an operator may allow. What is more is not a limit.
pub const UPSTREAM_RATE_MAX: u32 = 100_000;

/// How long a permit may be held before it ends by itself, in milliseconds: the calls of one batch fit, with all that
/// happens between them.
pub const PERMIT_MS: u64 = 90_000;

/// How many permits for searches a burst is at least divided into, where an upstream has a rate.
pub const SEARCH_BUNDLE_PART: u32 = 10;

/// The least that is waited for a permit, in milliseconds: asking again is a message and a lease.
pub const PERMIT_WAIT_MS_MIN: u64 = 250;

/// The longest, in milliseconds, but for an upstream that said how long: what is free may be found in time.
pub const PERMIT_WAIT_MS_MAX: u64 = 15_000;

/// How long who gives permits may be out of reach before it is asked again, in milliseconds.
pub const PERMIT_AGAIN_MS: u64 = 5_000;

/// How much later than told whoever waits for a permit may ask again and keep the place in line, in milliseconds: a
/// message may be as late as a full queue makes it.
pub const UPSTREAM_GRACE_MS: u64 = 15_000;

/// How long after the time to ask again somebody's slots are still kept, in milliseconds. Whoever comes later has the place
/// and takes what is free; many never come, because their job is over.
pub const UPSTREAM_PROMISE_MS: u64 = 2_000;

/// How long before whoever waits asks again nothing is given to those who come later, in milliseconds. For longer, slots
/// would lie idle; for less, nobody who waits would find one.
pub const UPSTREAM_NEAR_MS: u64 = 1_000;

/// Places in the line for one upstream: what can be gone through at every ask within a millisecond or so.
pub const UPSTREAM_WAITING_MAX: usize = 2_000;

/// How long calls are held back by an upstream that allows no more and does not say for how long, in milliseconds.
pub const UPSTREAM_PAUSE_MS: u64 = 1_000;

/// How slow an upstream's rate may become by its own word, as a part of what is allowed: one in so many.
pub const PACE_PART_MIN: u32 = 32;

/// Calls that have to be answered until a rate that was halved is whole again.
pub const PACE_CALLS: u32 = 64;

/// How much of an answer is looked through for what is left of the credit, in bytes: it stands in front, or nowhere.
pub const CREDIT_BYTES_MAX: usize = 1_024;

/// How old a page may be that is given again, in seconds, unless the operator says otherwise.
pub const CACHE_PAGES_S_DEFAULT: u32 = 900;

/// How old a profile may be that is given again, in seconds, unless the operator says otherwise.
pub const CACHE_PROFILES_S_DEFAULT: u32 = 86_400;

/// The oldest that an operator may allow, in seconds: creators ask to be forgotten.
pub const CACHE_S_MAX: u32 = 30 * 86_400;

/// How long it is remembered that there was nothing, in seconds: what is not there may come any time.
pub const CACHE_NOTHING_S: u32 = 300;

/// Longest value that is kept, in bytes of JSON. A row of an object's SQLite may have 2 MB, and characters may take more
/// bytes there than here.
pub const CACHE_VALUE_BYTES_MAX: usize = 1_000_000;

/// Values of one shard in bytes together, and with them what one object's storage takes.
pub const CACHE_SHARD_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Values of one shard: as many as an object reads the keys of without delay when it comes into memory.
pub const CACHE_SHARD_VALUES_MAX: usize = 20_000;

/// How long a page may be under way before somebody else calls for it, in milliseconds: a little longer than a call may
/// take.
pub const CLAIM_PAGE_MS: u64 = PAGE_LEASE_MS + 5_000;

/// The same for profiles, of which a batch takes several calls one after the other.
pub const CLAIM_PROFILE_MS: u64 = PROFILES_LEASE_MS + 5_000;

/// The least that is waited for a call of somebody else, in milliseconds.
pub const UNDERWAY_MS_MIN: u64 = 250;

/// The longest, in milliseconds: most calls are over by then.
pub const UNDERWAY_MS_MAX: u64 = 4_000;

const _: () = assert!(BREAKER_MS_MIN < BREAKER_MS_MAX && PERMIT_WAIT_MS_MIN < PERMIT_WAIT_MS_MAX && UNDERWAY_MS_MIN < UNDERWAY_MS_MAX);
const _: () = assert!(PERMIT_MS > PROFILES_LEASE_MS, "a permit must last as long as the lease that it is for");
const _: () = assert!(UPSTREAM_PROMISE_MS < UPSTREAM_GRACE_MS, "a place is kept for longer than slots are");
const _: () = assert!(PERMIT_WAIT_MS_MIN < UPSTREAM_NEAR_MS, "whoever is next must have a slot kept");
const _: () = assert!(CACHE_PAGES_S_DEFAULT <= CACHE_S_MAX && CACHE_PROFILES_S_DEFAULT <= CACHE_S_MAX);
const _: () = assert!(CACHE_SHARD_BYTES_MAX >= 16 * CACHE_VALUE_BYTES_MAX, "one value must not drive out all others");
const _: () = assert!(TOLERANCE_S_DEFAULT <= TOLERANCE_S_MAX);
const _: () = assert!(JWKS_AGAIN_MS_MIN > JWKS_MS_MAX as u64, "one asking for keys must be over before the next");
const _: () = assert!(JWKS_AGAIN_MS_MIN <= JWKS_UNKNOWN_MS_MIN && JWKS_UNKNOWN_MS_MIN < JWKS_FRESH_MS && JWKS_FRESH_MS < JWKS_KEPT_MS_MAX);
const _: () = assert!(RSA_BITS_MIN < RSA_BITS_MAX);
