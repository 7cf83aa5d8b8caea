//! The JSON API as a client sees it, through the routes.

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode, header};
use luhuan_certification::{api, verify};
use luhuan_kernel::{Actor, Clock, Problem};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{World, anonymous, best_answers, command, each, readings};

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
    text: String,
    problem: Option<Problem>,
}

impl Answer {
    /// The status and slug of a refusal.
    fn refusal(&self) -> (u16, &'static str) {
        (self.status.as_u16(), self.problem.as_ref().unwrap().slug())
    }
}

async fn send(
    world: &World<'_>,
    who: &Actor,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Body,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path).extension(who.clone());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (router, _) = api::routes().split_for_parts();
    let router = router.with_state(world.certification.clone());
    let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
        problem: parts.extensions.get().cloned(),
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

async fn post(world: &World<'_>, who: &Actor, path: &str, body: &Value) -> Answer {
    send(world, who, Method::POST, path, &[JSON], body.to_string().into()).await
}

async fn get(world: &World<'_>, who: &Actor, path: &str) -> Answer {
    send(world, who, Method::GET, path, &[], Body::empty()).await
}

const BASE: &str = "/api/v1/certification";

#[tokio::test]
async fn a_mall_begins_edits_and_hands_in_over_http() {
    each(async |world| {
        let begin = json!({ "mall": world.mall, "rubric": "2026-100" });
        let keyed = async |body: &Value| {
            let headers = [JSON, ("idempotency-key", "k1")];
            let path = format!("{BASE}/applications");
            send(world, &world.owner, Method::POST, &path, &headers, body.to_string().into()).await
        };
        let (first, again) = (keyed(&begin).await, keyed(&begin).await);
        assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
        assert_eq!((&first.body, &first.headers[header::ETAG]), (&again.body, &again.headers[header::ETAG]));
        assert_eq!(first.body["events"], json!(["submit", "withdraw"]));
        let path = format!("{BASE}/applications/{}", first.body["id"].as_str().unwrap());

        let patch = json!({ "answers": { "X102": { "answer": { "passed": true }, "version": 0 } } });
        let saved = send(world, &world.owner, Method::PATCH, &path, &[JSON], patch.to_string().into()).await;
        assert_eq!((saved.status, &saved.body["items"]["X102"]), (StatusCode::OK, &json!(1)));
        let stale = send(world, &world.owner, Method::PATCH, &path, &[JSON], patch.to_string().into()).await;
        assert_eq!(stale.refusal(), (412, "certification-stale-items"));
        let unknown = json!({ "answers": { "X999": { "answer": {} } } });
        let refused =
            send(world, &world.owner, Method::PATCH, &path, &[JSON], unknown.to_string().into()).await;
        assert_eq!(refused.refusal(), (422, "invalid"));
        let facts = json!({ "facts": { "name": "绿环广场" } });
        let wrong_tag = [JSON, ("if-match", "\"7-x\"")];
        let refused =
            send(world, &world.owner, Method::PATCH, &path, &wrong_tag, facts.to_string().into()).await;
        assert_eq!(refused.refusal(), (412, "stale"));

        let refused = post(world, &world.owner, &format!("{path}/submit"), &json!({})).await;
        assert_eq!(refused.refusal(), (409, "certification-incomplete"));
        assert!(refused.problem.unwrap().extension("items").unwrap().as_array().unwrap().len() > 40);

        assert_eq!(get(world, &anonymous(), &path).await.refusal(), (404, "not-found"));
        let read = get(world, &world.owner, &path).await;
        let tag = read.headers[header::ETAG].to_str().unwrap().to_owned();
        let known =
            send(world, &world.owner, Method::GET, &path, &[("if-none-match", &tag)], Body::empty()).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        let listed = get(world, &world.owner, &format!("{BASE}/applications")).await;
        assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
        assert!(
            get(world, &world.person(), &format!("{BASE}/applications")).await.body["items"]
                .as_array()
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn the_panel_the_committee_and_the_public_work_over_http() {
    each(async |world| {
        for _ in 0..3 {
            world.assessor().await;
        }
        let id = world.submitted().await;
        let path = format!("{BASE}/applications/{id}");
        let office = &world.office[0];
        let step = async |who: &Actor, way: &str, body: Value| {
            let answer = post(world, who, &format!("{path}/{way}"), &body).await;
            assert!(answer.status.is_success(), "{way} {body}: {:?}", answer.problem);
            answer.body
        };
        step(office, "decision", json!({ "decision": "accept" })).await;
        let assigned = step(office, "assign", json!({})).await;
        let panel: Vec<Actor> = assigned["panel"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                Actor::person(
                    one["person"].as_str().unwrap().parse().unwrap(),
                    [luhuan_kernel::Role::Assessor],
                )
            })
            .collect();
        for member in &panel {
            step(member, "declaration", json!({})).await;
        }
        step(&panel[0], "audit", json!({ "step": "begin" })).await;
        let rubric = world.rubric().await;
        let checks: Vec<Value> = rubric
            .items()
            .filter(|item| item.site)
            .map(
                |item| json!({ "item": item.code, "outcome": "conforms", "seen_at": "2026-03-02T01:00:00Z" }),
            )
            .collect();
        let brought = json!({ "checks": checks, "findings": [{ "id": "0199b2c4-7a00-7000-8000-000000000009",
            "item": "X602", "severity": "minor", "words": "补标识" }] });
        step(&panel[1], "findings", brought.clone()).await;
        // The phone was not sure, and sends it all again.
        let found = step(&panel[1], "findings", brought).await;
        assert_eq!(found["findings"].as_array().unwrap().len(), 1);
        step(&panel[0], "audit", json!({ "step": "finish" })).await;
        let one = "findings/0199b2c4-7a00-7000-8000-000000000009";
        step(&world.owner, one, json!({ "answer": "已补" })).await;
        step(&panel[1], one, json!({ "put_right": true, "reason": "照片已核对" })).await;
        step(&panel[0], "audit", json!({ "step": "verify" })).await;
        let answers = serde_json::to_value(best_answers(&rubric)).unwrap();
        for member in &panel {
            let sheet = step(member, "scores", json!({ "answers": answers, "seal": true })).await;
            assert_eq!(sheet["card"]["earned"], 10_000);
        }
        assert_eq!(
            get(world, office, &format!("{path}/consensus")).await.body["items"].as_array().unwrap().len(),
            rubric.items().count()
        );
        step(&panel[0], "audit", json!({ "step": "agree" })).await;
        for member in &world.office {
            step(member, "votes", json!({ "vote": "for" })).await;
        }
        step(office, "decision", json!({ "decision": "announce" })).await;
        let notices = get(world, &anonymous(), &format!("{BASE}/notices")).await;
        assert_eq!(notices.body["items"][0]["name"], "绿环广场");
        let words = json!({ "name": "张三", "contact": "13812345678", "words": "回收量与现场不符" });
        assert_eq!(
            post(world, &anonymous(), &format!("{path}/objections"), &words).await.status,
            StatusCode::UNAUTHORIZED
        );
        let filed = step(&world.person(), "objections", words).await;
        let objection = format!("{BASE}/objections/{}", filed["id"].as_str().unwrap());
        let answered =
            post(world, office, &objection, &json!({ "outcome": "dismissed", "reason": "已核对" })).await;
        assert_eq!(answered.body["state"], "dismissed");
        let early = post(world, office, &format!("{path}/decision"), &json!({ "decision": "grant" })).await;
        assert_eq!(early.refusal(), (409, "certification-not-yet"));
        world.days(8);
        let granted = step(office, "decision", json!({ "decision": "grant" })).await;
        assert_eq!(granted["state"], "listed");

        // A stranger keeps the file and checks it; then it is suspended, and the next file says so.
        let file = get(world, &anonymous(), &format!("{BASE}/certificates/BJ-2026-0001")).await;
        let key =
            get(world, &anonymous(), &format!("{BASE}/key")).await.body["key"].as_str().unwrap().to_owned();
        let key = luhuan_certification::credential::PublicKey::parse(&key).unwrap();
        assert!(verify::file(&file.text, key, world.clock.now()).unwrap().is_in_force());
        let change = json!({ "change": "suspend", "reason": "年度报告逾期" });
        let changed =
            post(world, office, &format!("{BASE}/certificates/BJ-2026-0001/changes"), &change).await;
        assert_eq!(changed.body["state"], "suspended");
        let file = get(world, &anonymous(), &format!("{BASE}/certificates/BJ-2026-0001")).await;
        assert!(!verify::file(&file.text, key, world.clock.now()).unwrap().is_in_force());
        let proof = get(world, &anonymous(), &format!("{BASE}/register/proof?from=1")).await;
        assert_eq!((&proof.body["from"]["size"], &proof.body["to"]["size"]), (&json!(1), &json!(2)));
        let proof = get(world, &anonymous(), &format!("{BASE}/register/proof?number=BJ-2026-0001")).await;
        assert_eq!(proof.body["entries"].as_array().unwrap().len(), 2);
        let csv = get(world, &anonymous(), &format!("{BASE}/register?format=csv")).await;
        assert!(
            csv.text.starts_with("\u{feff}number,status")
                && csv.text.contains("BJ-2026-0001,suspended,绿环广场")
        );
        let figures = get(world, &anonymous(), &format!("{BASE}/statistics")).await;
        assert_eq!(figures.body["districts"][0]["struck"], 1);
        assert_eq!(get(world, office, &format!("{path}/trail")).await.status, StatusCode::OK);
        assert_eq!(get(world, &world.owner, &format!("{path}/trail")).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn files_and_csv_come_in_and_go_out() {
    each(async |world| {
        let id = command!(world, create, &world.owner, world.mall, "2026-100", None).unwrap();
        let form = "--b\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\nX103\r\n--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\ndocument\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7 x\r\n--b--\r\n";
        let multipart = [("content-type", "multipart/form-data; boundary=b")];
        let path = format!("{BASE}/applications/{id}/evidence");
        let added = send(world, &world.owner, Method::POST, &path, &multipart, form.into()).await;
        assert_eq!((added.status, &added.body["media_type"]), (StatusCode::CREATED, &json!("application/pdf")));
        let one = format!("{path}/{}", added.body["id"].as_str().unwrap());
        let read = get(world, &world.owner, &one).await;
        assert_eq!((read.text.as_str(), &read.headers[header::CONTENT_DISPOSITION]), ("%PDF-1.7 x", &http::HeaderValue::from_static("attachment")));
        assert_eq!(get(world, &world.person(), &one).await.status, StatusCode::NOT_FOUND);
        let stranger = send(world, &world.person(), Method::POST, &path, &multipart, form.into()).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND);
        let bad = form.replace("%PDF", "MZ..");
        let refused = send(world, &world.owner, Method::POST, &path, &multipart, bad.into()).await;
        assert_eq!(refused.refusal(), (422, "certification-file"));
        let gone = send(world, &world.owner, Method::DELETE, &one, &[], Body::empty()).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert_eq!(get(world, &world.owner, &one).await.status, StatusCode::NOT_FOUND);

        let mall = format!("{BASE}/malls/{}", world.mall);
        let csv = [("content-type", "text/csv")];
        let taken = send(world, &world.owner, Method::POST, &format!("{mall}/readings"), &csv, readings().into()).await;
        assert_eq!(taken.body, json!({ "taken": 24 }));
        let refused = send(world, &world.owner, Method::POST, &format!("{mall}/readings"), &csv, "month\nx\n".into()).await;
        assert_eq!(refused.refusal(), (422, "certification-csv"));
        let energy = get(world, &world.owner, &format!("{BASE}/applications/{id}/energy")).await;
        assert_eq!(energy.body["months"].as_object().unwrap().len(), 24);
        let note = json!({ "reference": "L1", "stream": "food", "month": "2026-02", "grams": 1000 });
        assert_eq!(post(world, &world.owner, &format!("{mall}/waste"), &note).await.status, StatusCode::NO_CONTENT);
        let waste = get(world, &world.owner, &format!("{mall}/waste?area_m2=1000")).await;
        assert_eq!(waste.body["recovered_kg_per_1000_m2"], 1.0);
    })
    .await;
}

#[tokio::test]
async fn rubrics_are_listed_checked_and_compared_over_http() {
    each(async |world| {
        let listed = get(world, &anonymous(), &format!("{BASE}/rubrics")).await;
        let items = listed.body["items"].as_array().unwrap();
        assert_eq!(
            items.iter().map(|one| one["rubric"]["version"].as_str().unwrap()).collect::<Vec<_>>(),
            ["2026-100", "2018-600"]
        );
        let mut rubric = items[0]["rubric"].clone();
        rubric["version"] = "2027-100".into();
        rubric["pass"]["total_percent"] = 101.into();
        let checked = post(world, &anonymous(), &format!("{BASE}/rubrics"), &rubric).await;
        assert_eq!(checked.body["faults"][0]["place"], "pass.total_percent");
        let path = format!("{BASE}/rubrics/2027-100");
        let put = async |who: &Actor, rubric: &Value| {
            send(world, who, Method::PUT, &path, &[JSON], rubric.to_string().into()).await
        };
        assert_eq!(put(&world.office[0], &rubric).await.refusal(), (422, "certification-rubric"));
        rubric["pass"]["total_percent"] = 90.into();
        assert_eq!(put(&world.owner, &rubric).await.status, StatusCode::FORBIDDEN);
        assert_eq!(put(&world.office[0], &rubric).await.status, StatusCode::OK);
        assert_eq!(
            post(world, &world.office[0], &format!("{path}/publish"), &json!({})).await.status,
            StatusCode::OK
        );
        let compared =
            get(world, &anonymous(), &format!("{BASE}/rubrics/compare?before=2026-100&after=2027-100")).await;
        assert_eq!(compared.body["items"][0]["after"], "90");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_key_is_simply_not_there() {
    each(async |world| {
        for way in [
            "certificates/%00",
            "certificates/%01/surveillance",
            "register/proof?number=%00",
            "register/proof?index=99999999999999999999",
        ] {
            let status = get(world, &world.office[0], &format!("{BASE}/{way}")).await.status;
            assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST), "{way} {status}");
        }
        for way in ["register?q=%00", "register?district=%00"] {
            assert_eq!(get(world, &anonymous(), &format!("{BASE}/{way}")).await.status, StatusCode::OK);
        }
        let begin = json!({ "mall": world.mall, "rubric": "\u{0}", "renews": "\u{0}" });
        let refused = post(world, &world.owner, &format!("{BASE}/applications"), &begin).await;
        assert_eq!(refused.refusal(), (422, "invalid"));
        let csv = [("content-type", "text/csv")];
        let path = format!("{BASE}/labels");
        let body = "barcode,scheme,grade\na\u{0}b,energy,1\n";
        let refused = send(world, &world.office[0], Method::POST, &path, &csv, body.into()).await;
        assert_eq!(refused.refusal(), (422, "certification-csv"));
        let head = get(world, &anonymous(), &format!("{BASE}/register/proof")).await;
        assert_eq!(head.status, StatusCode::NOT_FOUND, "an empty log has no head yet");
    })
    .await;
}

/// Every example that the API's description shows is one that its own types read.
#[test]
fn the_description_is_whole_and_names_every_fixed_address() {
    let document = serde_json::to_value(api::routes().split_for_parts().1).unwrap();
    let paths = document["paths"].as_object().unwrap();
    for (way, method) in [
        ("rubrics", "get"),
        ("applications", "post"),
        ("applications/{id}", "get"),
        ("applications/{id}", "patch"),
        ("applications/{id}/submit", "post"),
        ("applications/{id}/assign", "post"),
        ("applications/{id}/findings", "post"),
        ("applications/{id}/scores", "post"),
        ("applications/{id}/decision", "post"),
        ("applications/{id}/objections", "post"),
        ("certificates/{number}", "get"),
        ("register", "get"),
        ("register/proof", "get"),
    ] {
        assert!(paths[&format!("{BASE}/{way}")][method].is_object(), "{method} {way}");
    }
    // Names that other contexts might use as well carry this context's.
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in ["State", "Event", "Item", "Rule", "Answer", "Decision", "Format", "Step", "Vote"] {
        assert!(
            schemas.contains_key(&format!("certification.{name}")) || !schemas.contains_key(name),
            "{name}"
        );
        assert!(!schemas.contains_key(name), "{name}");
    }
    let mut refs = std::collections::BTreeSet::new();
    collect(&document, &mut refs);
    assert!(refs.len() > 50);
    for name in refs {
        let name = name.strip_prefix("#/components/schemas/").unwrap();
        // The gateway brings the kernel's own along.
        assert!(schemas.contains_key(name) || name == "ProblemDocument", "{name} is not described");
    }
    let example = |of: &str| document["components"]["schemas"][of]["example"].clone();
    serde_json::from_value::<api::ApplicationInput>(example("ApplicationInput")).unwrap();
    serde_json::from_value::<api::ApplicationPatch>(example("ApplicationPatch")).unwrap();
    serde_json::from_value::<api::AnswersInput>(example("certification.AnswersInput")).unwrap();
    serde_json::from_value::<luhuan_certification::FileObjection>(example("FileObjection")).unwrap();
    serde_json::from_value::<luhuan_certification::model::Facts>(example("certification.Facts")).unwrap();
}

/// Every reference in a document.
fn collect(value: &Value, refs: &mut std::collections::BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(name)) = members.get("$ref") {
                refs.insert(name.clone());
            }
            members.values().for_each(|value| collect(value, refs));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, refs)),
        _ => {}
    }
}
