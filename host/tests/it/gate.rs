//! Components that are not let in: each is refused with every reason that can be told.

use scout_host::engine::{Anatomy, Engine, Kind, Limits, Options, Refusal};

use crate::guest::{Guest, contract, good, of_platform};

fn refused_within(limits: Limits, bytes: &[u8]) -> Refusal {
    let engine = Engine::new(Options { limits, cache: None }).unwrap();
    let refusal = engine.load(bytes).err().expect("it must be refused");
    assert!(engine.load(&good().component()).is_ok(), "a good adapter is still let in");
    refusal
}

fn refused(bytes: &[u8]) -> Vec<String> {
    refused_within(Limits::default(), bytes).reasons
}

/// A good adapter that also wants to know the time.
fn importing() -> Guest {
    let world = "package guest:curious@0.1.0;
        world curious {
            import clock: interface { now: func() -> u64; }
            export scout:adapter/adapter@1.0.0;
        }";
    Guest { imports: "(import \"clock\" \"now\" (func $now (result i64)))".into(), world: world.into(), ..good() }
}

#[test]
fn an_import_is_refused_by_its_name() {
    assert_eq!(refused(&importing().component()), ["it imports clock, and an adapter may import nothing"]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let component = "(component (import \"wasi:io/poll@0.2.0\" (instance)) (import \"wasi:cli/stdout@0.2.0\" (instance)))";
    let reasons = refused(&wat::parse_str(component).unwrap());
    insta::assert_snapshot!(reasons.join("\n"), @"
    it imports wasi:io/poll@0.2.0, and an adapter may import nothing
    it imports wasi:cli/stdout@0.2.0, and an adapter may import nothing
    it does not export scout:adapter/adapter@1.0.0; it exports nothing
    hint: export the world `platform` of scout:adapter
    ");
}

#[test]
fn a_core_module_is_not_a_component() {
    assert!(refused(&good().module())[0].starts_with("it is a core module, not a component"));
}

#[test]
fn bytes_that_are_not_webassembly_are_refused() {
    for bytes in [&b""[..], b"\0", b"\0asm", b"{\"ok\": true}", b"\x7fELF\x02\x01\x01\0"] {
        assert!(refused(bytes)[0].starts_with("it is not WebAssembly"), "{bytes:?}");
    }
}

#[test]
fn a_component_cut_off_anywhere_is_refused() {
    let component = good().component();
    for length in (8..component.len()).step_by(component.len() / 40) {
        let reasons = refused(&component[..length]);
        assert_eq!(reasons.len(), 1, "{length}: {reasons:?}");
    }
}

#[test]
fn a_component_with_a_flipped_byte_is_refused_or_runs_without_harm() {
    let component = good().component();
    let engine = Engine::new(Options::default()).unwrap();
    for place in (8..component.len()).step_by(component.len() / 60) {
        let mut damaged = component.clone();
        damaged[place] ^= 0x55;
        // Whatever it is now, the host is still there afterwards.
        drop(engine.load(&damaged));
    }
    assert!(engine.load(&component).is_ok());
}

#[test]
fn a_component_may_have_just_as_many_bytes_as_allowed() {
    let component = of_platform("padded").component();
    let limits = |component_bytes| Limits { component_bytes, ..Limits::default() };
    let engine = Engine::new(Options { limits: limits(component.len()), cache: None }).unwrap();
    assert!(engine.load(&component).is_ok());
    let engine = Engine::new(Options { limits: limits(component.len() - 1), cache: None }).unwrap();
    assert!(engine.load(&component).err().unwrap().reasons[0].contains("and a component may have"));
}

#[test]
fn an_export_of_another_name_is_not_the_contract() {
    let reasons = refused(&wat::parse_str("(component)").unwrap());
    assert!(reasons[0].starts_with("it does not export scout:adapter/adapter@1.0.0; it exports nothing"), "{reasons:?}");
}

#[test]
fn another_major_version_of_the_contract_is_refused() {
    let text = "(component (instance $i) (export \"scout:adapter/adapter@2.0.0\" (instance $i)))";
    let reasons = refused(&wat::parse_str(text).unwrap());
    assert!(reasons[0].contains("it exports scout:adapter/adapter@2.0.0"), "{reasons:?}");
}

#[test]
fn the_right_name_with_other_types_is_not_the_contract() {
    // In what `describe` gives, deep in what `read-profiles` gives, and in what `read-search` takes.
    for (ours, theirs) in [("reports-views: bool", "reports-views: u8"), ("private,", "secret,"), ("status: u16", "status: u32")] {
        let reasons = refused(&Guest { wit: contract().replace(ours, theirs), ..good() }.component());
        assert_eq!(reasons.len(), 1);
        assert!(reasons[0].starts_with("it does not keep to the contract scout:adapter@1.0.0: "), "{reasons:?}");
    }
}

#[test]
fn four_gigabytes_at_the_start_are_refused_before_anything_runs() {
    let reasons = refused(&Guest { pages: 65_535, ..good() }.component());
    assert_eq!(reasons, ["it wants 4095.9 MiB of memory at the start, and may have 128 MiB"]);
}

#[test]
fn memory_at_the_start_may_be_all_that_is_allowed() {
    let engine =
        |pages: usize| Engine::new(Options { limits: Limits { memory_bytes: pages * 65_536, ..Limits::default() }, cache: None }).unwrap();
    let component = Guest { pages: 4, ..good() }.component();
    assert!(engine(4).load(&component).is_ok());
    assert!(engine(3).load(&component).is_err());
}

#[test]
fn a_component_that_loops_when_it_starts_is_refused() {
    let parts = "(func $spin (loop $again (br $again))) (start $spin)".to_owned();
    let limits = Limits { call_ms: 30, ..Limits::default() };
    let refusal = refused_within(limits, &Guest { parts, ..good() }.component());
    assert!(refusal.reasons[0].starts_with("it can't start: it computed for more than 30 ms"), "{refusal}");
}

#[test]
fn a_component_that_traps_when_asked_is_refused() {
    let reasons = refused(&Guest { describe: "unreachable".into(), ..good() }.component());
    assert!(reasons[0].starts_with("it can't say what it is: it trapped: unreachable"), "{reasons:?}");
}

#[test]
fn a_manifest_that_breaks_the_rules_is_refused_and_still_shown() {
    let refusal = refused_within(Limits::default(), &of_platform("Not A Name").component());
    assert!(refusal.reasons[0].starts_with("its manifest breaks the contract: platform is \"Not A Name\""), "{refusal}");
    assert_eq!(refusal.manifest.unwrap().label, "Example");
}

#[test]
fn the_anatomy_of_a_component_is_known_without_running_it() {
    let anatomy = Anatomy::of(&importing().component(), &Limits::default());
    assert_eq!(anatomy.kind, Kind::Component);
    assert_eq!(anatomy.imports, ["clock"]);
    assert_eq!(anatomy.exports, ["scout:adapter/adapter@1.0.0"]);
    assert_eq!(anatomy.memories[0].initial_bytes, 2 * 65_536);
    assert_eq!(anatomy.damage, None);
}
