//! Adapters written by the tests, in the text format of WebAssembly: one that answers, and ways to spoil it.

use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::image::{Image, Record};

/// Bytes of one creator in memory.
pub(crate) const CREATOR_BYTES: usize = 312;
/// Where guests write results of their own.
pub(crate) const RESULT: u32 = 1024;

/// An adapter under construction.
#[derive(Clone)]
pub(crate) struct Guest {
    /// The body of each exported function.
    pub(crate) describe: String,
    pub(crate) plan_search: String,
    pub(crate) read_search: String,
    pub(crate) plan_profiles: String,
    pub(crate) read_profiles: String,
    /// Further parts of the module: functions, tables, a start.
    pub(crate) parts: String,
    /// The allocator that the host calls to hand values over.
    pub(crate) allocator: String,
    /// Imports of the module, which stand before everything else.
    pub(crate) imports: String,
    /// Memory at the start, in pages of 64 KiB.
    pub(crate) pages: u32,
    /// The contract that it claims to keep to.
    pub(crate) wit: String,
    pub(crate) world: String,
    pub(crate) image: Image,
}

/// The contract as it stands in the repository.
pub(crate) fn contract() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit/adapter.wit")).unwrap()
}

/// An adapter that echoes: a search gives one creator whose handle is the keyword and whose bio is the body;
/// status 402 is `out-of-credit`, 429 is `rate-limited`, anything else traps. There is a second page.
pub(crate) fn good() -> Guest {
    of_platform("example")
}

/// The same under another platform's name.
pub(crate) fn of_platform(platform: &str) -> Guest {
    let mut image = Image::default();
    let manifest = manifest(&mut image, platform);
    let request = request(&mut image);
    let planned_request = result_of(&mut image, &request);
    let creator = creator(&mut image);
    let (page, creator_at) = page(&mut image, &creator);
    let profiles = profiles(&mut image, &creator);
    let covers = image.put(&0_u32.to_le_bytes());
    let planned = image.record(request.list(covers, 1));
    let plan = image.record(Record::default().word(0).list(planned, 1));
    let limited = image.record(Record::default().word(1).word(0).word(1).word(30).until(24));
    let broke = Record::default().word(1).word(2).text(&mut image, "no credit is left");
    let broke = image.record(broke.until(24));
    Guest {
        describe: format!("(i32.const {manifest})"),
        plan_search: format!("(i32.const {planned_request})"),
        read_search: format!(
            "(if (i32.eq (local.get 9) (i32.const 429)) (then (return (i32.const {limited}))))
             (if (i32.eq (local.get 9) (i32.const 402)) (then (return (i32.const {broke}))))
             (if (i32.ne (local.get 9) (i32.const 200)) (then unreachable))
             (i32.store (i32.const {username}) (local.get 0)) (i32.store (i32.const {username_bytes}) (local.get 1))
             (i32.store (i32.const {bio}) (i32.const 1))
             (i32.store (i32.const {bio_at}) (local.get 12)) (i32.store (i32.const {bio_bytes}) (local.get 13))
             ;; The page after a cursor is the last one.
             (if (local.get 6) (then (i32.store8 (i32.const {next}) (i32.const 0))))
             (i32.const {page})",
            username = creator_at + 8,
            username_bytes = creator_at + 12,
            bio = creator_at + 72,
            bio_at = creator_at + 76,
            bio_bytes = creator_at + 80,
            next = page + 12,
        ),
        plan_profiles: format!("(i32.const {plan})"),
        read_profiles: profiles,
        parts: String::new(),
        allocator: allocator(image.end()),
        imports: String::new(),
        pages: 2,
        wit: contract(),
        world: "platform".into(),
        image,
    }
}

/// The memory image of a manifest, and its address.
fn manifest(image: &mut Image, platform: &str) -> u32 {
    let origin = Record::default().text(image, "api").text(image, "https://api.example.test/v1").word(0).until(56);
    let origin = image.record(origin);
    let setting = Record::default().text(image, "endpoint").text(image, "top").text(image, "Which of two endpoints is asked.");
    let setting = image.record(setting);
    let manifest = Record::default().text(image, platform).text(image, "Example").text(image, "1.2.3");
    let enrichment_and_hints = Record::default().word(1).word(25).word(20).word(10).word(3).word(0).word(0);
    let manifest = manifest.list(origin, 1).then(&enrichment_and_hints).byte(1).list(setting, 1).until(80);
    image.record(manifest)
}

fn request(image: &mut Image) -> Record {
    Record::default().text(image, "api").word(0).text(image, "/search").until(48)
}

fn result_of(image: &mut Image, value: &Record) -> u32 {
    image.record(Record::default().word(0).then(value))
}

fn creator(image: &mut Image) -> Record {
    let creator = Record::default().text(image, "id-1").text(image, "ana").some_text(image, "Ana Example");
    creator.some_text(image, "https://example.test/ana").until(CREATOR_BYTES)
}

/// A page with one creator and a cursor, and the creator's address.
fn page(image: &mut Image, creator: &Record) -> (u32, u32) {
    let creator = image.record(creator.clone());
    let page = Record::default().word(0).list(creator, 1).some_text(image, "2");
    (image.record(page), creator)
}

/// A body that gives three outcomes for the first creator that was asked about.
fn profiles(image: &mut Image, creator: &Record) -> String {
    let row = |outcome: Record| Record::default().until(8).then(&outcome).until(328);
    let enriched = row(Record::default().word(0).until(8).then(creator));
    let private = row(Record::default().word(1).until(8).byte(0));
    let limited = row(Record::default().word(2).until(8).word(0).word(1).word(5));
    let rows = image.record(enriched.then(&private).then(&limited));
    let result = image.record(Record::default().word(0).list(rows, 3));
    let echo = |row: u32| {
        let at = rows + 328 * row;
        format!("(i64.store (i32.const {at}) (i64.load (local.get 0)))")
    };
    format!("{}{}{} (i32.const {result})", echo(0), echo(1), echo(2))
}

impl Guest {
    /// A search whose answer is computed by this body.
    pub(crate) fn searching(body: &str) -> Self {
        Self { read_search: body.into(), ..good() }
    }

    /// A search that answers with so many creators, each with a handle of its own and this bio, and with a
    /// cursor of so many bytes. Texts lie in fresh memory, which is zero and thereby valid text.
    pub(crate) fn answering(creators: u32, identity_bytes: u32, bio_bytes: u32, cursor_bytes: u32) -> Self {
        let rows = creators * u32::try_from(CREATOR_BYTES).unwrap();
        let texts = identity_bytes.max(bio_bytes).max(cursor_bytes);
        let pages = (rows + texts).div_ceil(65_536) + 1;
        let next = u32::from(cursor_bytes > 0);
        let mut guest = Self::searching(&format!(
            "(local $row i32) (local $texts i32) (local $left i32)
             (local.set $row (i32.mul (memory.grow (i32.const {pages})) (i32.const 65536)))
             (local.set $texts (i32.add (local.get $row) (i32.const {rows})))
             (i32.store (i32.const {RESULT}) (i32.const 0))
             (i32.store (i32.const {list}) (local.get $row)) (i32.store (i32.const {count}) (i32.const {creators}))
             (i32.store (i32.const {some}) (i32.const {next}))
             (i32.store (i32.const {cursor}) (local.get $texts)) (i32.store (i32.const {length}) (i32.const {cursor_bytes}))
             (local.set $left (i32.const {creators}))
             (block $done (loop $more
               (br_if $done (i32.eqz (local.get $left)))
               (i32.store (local.get $row) (local.get $texts))
               (i32.store offset=4 (local.get $row) (i32.const {identity_bytes}))
               (i32.store offset=8 (local.get $row) (local.get $texts))
               (i32.store offset=12 (local.get $row) (i32.const 1))
               (i32.store offset=72 (local.get $row) (i32.const 1))
               (i32.store offset=76 (local.get $row) (local.get $texts))
               (i32.store offset=80 (local.get $row) (i32.const {bio_bytes}))
               (local.set $row (i32.add (local.get $row) (i32.const {CREATOR_BYTES})))
               (local.set $left (i32.sub (local.get $left) (i32.const 1)))
               (br $more)))
             (i32.const {RESULT})",
            list = RESULT + 4,
            count = RESULT + 8,
            some = RESULT + 12,
            cursor = RESULT + 16,
            length = RESULT + 20,
        ));
        guest.pages = 2;
        guest
    }

    /// The core module, without the contract.
    pub(crate) fn module(&self) -> Vec<u8> {
        let export = |name: &str, parameters: usize, body: &str| {
            let parameters = "i32 ".repeat(parameters);
            format!("(func (export \"scout:adapter/adapter@1.0.0#{name}\") (param {parameters}) (result i32) {body})\n")
        };
        let functions = [
            export("describe", 0, &self.describe),
            export("plan-search", 9, &self.plan_search),
            export("read-search", 14, &self.read_search),
            export("plan-profiles", 2, &self.plan_profiles),
            export("read-profiles", 7, &self.read_profiles),
        ];
        let text = format!(
            "(module {} (memory (export \"memory\") {}) {} {} {} {})",
            self.imports,
            self.pages,
            self.allocator,
            functions.concat(),
            self.parts,
            self.image.segment(),
        );
        wat::parse_str(text).unwrap()
    }

    /// The component.
    pub(crate) fn component(&self) -> Vec<u8> {
        let mut module = self.module();
        let mut resolve = Resolve::default();
        let contract = resolve.push_str("adapter.wit", &self.wit).unwrap();
        let package = match self.world.as_str() {
            "platform" => contract,
            world => resolve.push_str("guest.wit", world).unwrap(),
        };
        let world = resolve.select_world(&[package], None).unwrap();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
        ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
    }
}

/// Hands out memory from its end and takes none back.
fn allocator(from: u32) -> String {
    format!(
        "(global $heap (mut i32) (i32.const {from}))
         (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)
           (local $at i32) (local $missing i32)
           (local.set $at (i32.and (i32.add (global.get $heap) (i32.sub (local.get 2) (i32.const 1))) (i32.sub (i32.const 0) (local.get 2))))
           (global.set $heap (i32.add (local.get $at) (local.get 3)))
           (local.set $missing (i32.sub
             (i32.shr_u (i32.add (global.get $heap) (i32.const 65535)) (i32.const 16)) (memory.size)))
           (if (i32.gt_s (local.get $missing) (i32.const 0)) (then (drop (memory.grow (local.get $missing)))))
           (local.get $at))"
    )
}
